#!/bin/bash
# lxd-image.sh PLAIN.tar.gz OUT.tar.gz: the container image of ../lxd/image.sh with FRR's programs in it, the libraries they
# need, and a router with two neighbours.
set -eu
. "$(dirname "$0")/../lxd/unpacked.sh"
unpack "$1"
programs=(/usr/lib/frr/{zebra,bgpd,bfdd,watchfrr} /usr/bin/vtysh)
put "${programs[@]}"
strip "${programs[@]/#/$root}" 2>/dev/null || true
put_libraries "${programs[@]}"
put /lib/x86_64-linux-gnu/security/pam_permit.so
mkdir -p "$root"/etc/{pam.d,frr} "$root"/{var/tmp/frr,var/lib/frr,run/frr}
rm -rf "$root/var/run"
ln -s ../run "$root/var/run"
printf 'auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n' | tee "$root/etc/pam.d/frr" >"$root/etc/pam.d/other"
printf 'root:x:0:0:root:/root:/bin/sh\nfrr:x:101:101::/run/frr:/bin/false\n' >"$root/etc/passwd"
printf 'root:x:0:\nfrr:x:101:\nfrrvty:x:102:frr\n' >"$root/etc/group"
: >"$root/etc/frr/vtysh.conf"
: >"$root/etc/frr/zebra.conf"
: >"$root/etc/frr/bfdd.conf"
cat >"$root/etc/frr/bgpd.conf" <<'X'
router bgp 65002
 bgp router-id 10.99.0.250
 no bgp ebgp-requires-policy
 neighbor 10.99.0.1 remote-as 65001
 neighbor 10.99.0.1 description {"desc":"FRRouting 8.4.4 \ (x)"}
 neighbor 10.99.0.1 password s3cret
 neighbor 10.99.0.2 remote-as 65002
 neighbor 10.99.0.2 shutdown message night
X
cat >"$root/etc/rc" <<'X'
#!/bin/sh
ip link set lo up
mkdir -p /run/frr /var/tmp/frr
chown -R frr:frr /run/frr /var/tmp/frr /etc/frr
for daemon in zebra bgpd bfdd; do /usr/lib/frr/$daemon -d </dev/null >/dev/null 2>&1; done
/usr/lib/frr/watchfrr -d -r '/bin/true %s' -s '/bin/true %s' -k '/bin/true %s' zebra bgpd bfdd </dev/null >/dev/null 2>&1
X
pack | gzip -1 >"$2"
