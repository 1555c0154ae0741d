# Sourced by the scripts beside it. The lab exists twice, once per version of FRR; $1 is 8 (Debian 12: 8.4.4, the host's
# own) or 10 (Debian 13: 10.3, in a chroot). State in $LAB, namespaces frr8-* or frr10-*.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=${1:-8}
case $version in 8 | 10) ;; *) echo "usage: $0 8|10" >&2; exit 2 ;; esac
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C
BASE=${TMPDIR:-/tmp}/rackwatch-lab
LAB=$BASE/frr/$version
ns=frr$version
routers="p1 p2 r1 r2 r3 h2 h3"
root=/
[ "$version" = 8 ] || root=$BASE/frr-trixie

# retry SECONDS WHAT COMMAND…: until it succeeds
retry() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $end ] || { echo "gave up waiting: $what" >&2; return 1; }
    sleep 0.2
  done
}

# kill_netns NAME: every process in the namespace; watchfrr first, or it restarts what is ended
kill_netns() {
  local signal pid pids
  for signal in TERM KILL; do
    pids=$(ip netns pids "$1" 2>/dev/null) || return 0
    [ -n "$pids" ] || return 0
    for pid in $pids; do
      [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != watchfrr ] || kill -KILL "$pid" 2>/dev/null || true
    done
    for pid in $pids; do kill -$signal "$pid" 2>/dev/null || true; done
    for _ in $(seq 50); do
      [ -n "$(ip netns pids "$1" 2>/dev/null)" ] || return 0
      sleep 0.1
    done
  done
}

# enter_script NAME FOLDER: prints a script that runs a command as if in the router's container: its own network and
# mount namespace, with FRR's default paths. `ip netns exec` already makes the mount namespace a private one.
enter_script() {
  cat <<X
#!/bin/bash
# usage: in-$1 COMMAND…
exec ip netns exec $ns-$1 bash -c '
R=$root
[ "\$R" = / ] && R=
mkdir -p \$R/run/frr \$R/etc/frr \$R/var/lib/frr \$R/var/log/frr \$R/var/tmp/frr
mount --bind $2/run/$1 \$R/run/frr
mount --bind $2/etc/$1 \$R/etc/frr
mount --bind $2/lib/$1 \$R/var/lib/frr
mount --bind $2/log/$1 \$R/var/log/frr
mount --bind $2/lib/$1 \$R/var/tmp/frr
if [ -n "\$R" ]; then
  mount -t proc proc \$R/proc
  mount -t sysfs sys \$R/sys 2>/dev/null
  mount --bind /dev \$R/dev
  exec chroot \$R "\$@"
fi
exec "\$@"' in-$1 "\$@"
X
}

# own NAME: gives a router's folders to its frr user
own() {
  local user group
  user=$(chroot "$root" id -u frr) group=$(chroot "$root" id -g frr)
  chown -R "$user:$group" "$LAB"/{run,etc,lib,log}/"$1"
  chmod 755 "$LAB" "$LAB/run" "$LAB/run/$1"
}
