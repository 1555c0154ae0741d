#!/bin/bash
# systemd-image.sh PLAIN.tar.gz OUT.tar: the container image of image.sh with this machine's systemd as its init, and with the
# libraries that a Node needs. Its network is what /etc/address says: `ADDRESS/BITS`.
set -eu
. "$(dirname "$0")/unpacked.sh"
unpack "$1"
programs=(/lib/systemd/{systemd,systemd-journald} /bin/{systemctl,journalctl})
put "${programs[@]}"
put_libraries "${programs[@]}" "$(command -v node)"
units=/lib/systemd/system
put $units/{basic,sysinit,multi-user,sockets,timers,paths,slices,local-fs,shutdown,umount,network,network-online}.target
put $units/systemd-journald{.service,.socket,-dev-log.socket}
mkdir -p "$root$units"/{sockets,sysinit,network-online}.target.wants "$root"/{etc/systemd/system,usr/bin,var/lib}
ln -s ../systemd-journald{,-dev-log}.socket "$root$units/sockets.target.wants/"
ln -s ../systemd-journald.service "$root$units/sysinit.target.wants/"
ln -s multi-user.target "$root$units/default.target"
ln -s ../address.service "$root$units/network-online.target.wants/"
cat >"$root$units/address.service" <<'UNIT'
[Unit]
Before=network-online.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'ip link set eth0 up && ip addr replace "$(cat /etc/address)" dev eth0'
UNIT
ln -sf ../lib/systemd/systemd "$root/sbin/init"
: >"$root/etc/machine-id"
pack >"$2"
