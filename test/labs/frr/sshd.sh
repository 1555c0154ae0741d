#!/bin/bash
# sshd.sh 10 PORT: an sshd on loopback that sees r1's files, and a user of the least rights: in the group frrvty, by key
# only, no shell, no terminal, forwarding only (OpenSSH ties unix sockets to AllowTcpForwarding and PermitOpen). Runs in the foreground.
. "$(dirname "$0")/common.sh"
port=$2
keys=$LAB/ssh
mkdir -p "$keys" "$root/run/sshd"
for name in host client other; do [ -s "$keys/$name" ] || ssh-keygen -qt ed25519 -N '' -C '' -f "$keys/$name"; done
chroot "$root" id rackwatch >/dev/null 2>&1 || chroot "$root" useradd -M -d / -s /usr/sbin/nologin -G frrvty -p '*' rackwatch
cp "$keys/host" "$root/etc/ssh/lab_host"
chmod 600 "$root/etc/ssh/lab_host"
echo "restrict,port-forwarding $(cat "$keys/client.pub")" >"$root/etc/ssh/lab_keys"
cat >"$root/etc/ssh/lab_config" <<X
Port $port
ListenAddress 127.0.0.1
HostKey /etc/ssh/lab_host
AuthorizedKeysFile /etc/ssh/lab_keys
PidFile none
UsePAM no
PasswordAuthentication no
Match User rackwatch
  AllowTcpForwarding local
  AllowStreamLocalForwarding local
  PermitTTY no
  ForceCommand /bin/false
X
exec unshare -m bash -c "mount --bind $LAB/run/r1 $root/run/frr; mount --bind /dev $root/dev; exec chroot $root /usr/sbin/sshd -D -e -f /etc/ssh/lab_config"
