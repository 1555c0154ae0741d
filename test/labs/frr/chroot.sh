#!/bin/bash
# Debian 13 with FRR 10.3, sshd and prometheus-frr-exporter 1.4, in a chroot; made once and kept, for about 600 MB and two minutes.
# In two steps: debootstrap --include=frr fails, because systemd comes in before what it depends on is configured.
. "$(dirname "$0")/common.sh" 10
log=$BASE/logs/frr-chroot.log
mkdir -p "$BASE/logs"
is_complete() { for file in lib/frr/bgpd sbin/sshd bin/prometheus-frr-exporter; do [ -x "$1/usr/$file" ] || return 1; done; }
install_all() {
  chroot "$1" apt-get -q update
  chroot "$1" apt-get -qy install --no-install-recommends frr iproute2 procps openssh-server prometheus-frr-exporter
}
export DEBIAN_FRONTEND=noninteractive
is_complete "$root" && exit 0
# One that an earlier version of this script has made.
[ -x "$root/usr/lib/frr/bgpd" ] && install_all "$root" >"$log" 2>&1 && exit 0
mirror=$(grep -hoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null | head -1 || true)
rm -rf --one-file-system "$root" "$root.new"
debootstrap --variant=minbase trixie "$root.new" "${mirror:-http://deb.debian.org/debian}" >"$log" 2>&1
printf '#!/bin/sh\nexit 101\n' >"$root.new/usr/sbin/policy-rc.d"
chmod 755 "$root.new/usr/sbin/policy-rc.d"
cp /etc/resolv.conf /etc/hosts "$root.new/etc/"
for file in /etc/apt/apt.conf.d/*; do ! grep -qis proxy "$file" || cp "$file" "$root.new/etc/apt/apt.conf.d/"; done
install_all "$root.new" >>"$log" 2>&1
mv "$root.new" "$root"
