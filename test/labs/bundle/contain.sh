#!/bin/bash
# contain.sh PID MOUNT… -- COMMAND…
# Runs a command as a container engine would with `network_mode: host`, `read_only` and `tmpfs: [/tmp]`: in the network of process
# PID, under a root of its own that holds this machine's /usr and /etc/ssl and what is mounted. MOUNT is SOURCE:TARGET or
# SOURCE:TARGET:ro. Everything is a mount in a namespace of the command's own, so that nothing is left behind; the command
# keeps this process's id.
set -euo pipefail
pid=$1
if [ -z "${CONTAIN_INSIDE:-}" ]; then
  exec env CONTAIN_INSIDE=1 nsenter --target "$pid" --net unshare --mount --propagation private -- bash "$0" "$@"
fi
shift
root=/mnt
mount -t tmpfs tmpfs "$root"

# attach SOURCE TARGET [ro]
attach() {
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$root${2%/*}" && touch "$root$2"; fi
  mount --bind "$1" "$root$2"
  if [ "${3:-}" = ro ]; then mount -o remount,bind,ro "$root$2"; fi
}

mkdir "$root"/{dev,proc,etc,tmp}
for folder in bin sbin lib lib64; do [ -L "/$folder" ] && cp -P "/$folder" "$root/"; done
for folder in /usr /proc /etc/ssl; do attach "$folder" "$folder" ro; done
for device in null zero random urandom; do attach "/dev/$device" "/dev/$device"; done
echo '127.0.0.1 localhost' >"$root/etc/hosts"
while [ "$1" != -- ]; do
  IFS=: read -r source target mode <<<"$1"
  attach "$source" "$target" "$mode"
  shift
done
shift
mount -t tmpfs tmpfs "$root/tmp"
chmod 1777 "$root/tmp"
mount -o remount,ro "$root"
cd "$root"
exec env -u CONTAIN_INSIDE chroot "$root" "$@"
