#!/bin/bash
# image.sh OUT.tar.gz: a container image of 1 MB: busybox, DHCP, nothing else.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/rootfs
mkdir -p "$root"/{bin,sbin,etc,dev,proc,sys,tmp,run,root,var/log,data}
cp /bin/busybox "$root/bin/busybox"
for applet in $(/bin/busybox --list); do
  [ "$applet" = busybox ] || ln -sf busybox "$root/bin/$applet"
done
ln -sf ../bin/busybox "$root/sbin/init"
printf '%s\n' '::sysinit:/etc/rc' '::respawn:/bin/sleep 1000000' >"$root/etc/inittab"
cat >"$root/etc/rc" <<'RC'
#!/bin/sh
ip link set lo up
[ -e /sys/class/net/eth0 ] || exit 0
ip link set eth0 up
udhcpc -b -q -i eth0 -s /etc/udhcpc >/dev/null 2>&1 </dev/null &
RC
cat >"$root/etc/udhcpc" <<'DHCP'
#!/bin/sh
[ "$1" = bound ] && ip addr add "$ip/${mask:-24}" dev "$interface"
exit 0
DHCP
chmod +x "$root/etc/rc" "$root/etc/udhcpc"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
cat >"$work/metadata.yaml" <<'META'
architecture: x86_64
creation_date: 1700000000
properties: {description: lab busybox, os: busybox, release: "1", architecture: x86_64}
META
tar --numeric-owner --owner=0 --group=0 -C "$work" -cf - metadata.yaml rootfs | gzip -1 >"$1"
