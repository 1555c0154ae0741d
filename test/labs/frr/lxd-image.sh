#!/bin/bash
# lxd-image.sh PLAIN.tar.gz OUT.tar.gz: the container image of ../lxd/image.sh with FRR's programs in it, the libraries they
# need, and a router with two neighbours.
set -eu
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xzf "$1"
rootfs=$work/rootfs
put() {
  mkdir -p "$rootfs$(dirname "$1")"
  cp -L "$1" "$rootfs$1"
}
for file in /usr/lib/frr/{zebra,bgpd,bfdd,watchfrr} /usr/bin/vtysh; do
  put $file
  strip "$rootfs$file" 2>/dev/null || true
  for library in $(ldd $file | grep -o '/[^ )]*' | grep -v ':$' | sort -u); do [ -e "$rootfs$library" ] || put "$library"; done
done
put /lib/x86_64-linux-gnu/security/pam_permit.so
mkdir -p "$rootfs"/etc/{pam.d,frr} "$rootfs"/{var/tmp/frr,var/lib/frr,run/frr}
rm -rf "$rootfs/var/run"
ln -s ../run "$rootfs/var/run"
printf 'auth sufficient pam_permit.so\naccount sufficient pam_permit.so\n' | tee "$rootfs/etc/pam.d/frr" >"$rootfs/etc/pam.d/other"
printf 'root:x:0:0:root:/root:/bin/sh\nfrr:x:101:101::/run/frr:/bin/false\n' >"$rootfs/etc/passwd"
printf 'root:x:0:\nfrr:x:101:\nfrrvty:x:102:frr\n' >"$rootfs/etc/group"
: >"$rootfs/etc/frr/vtysh.conf"
: >"$rootfs/etc/frr/zebra.conf"
: >"$rootfs/etc/frr/bfdd.conf"
cat >"$rootfs/etc/frr/bgpd.conf" <<'X'
router bgp 65002
 bgp router-id 10.99.0.250
 no bgp ebgp-requires-policy
 neighbor 10.99.0.1 remote-as 65001
 neighbor 10.99.0.1 description {"desc":"FRRouting 8.4.4 \ (x)"}
 neighbor 10.99.0.1 password s3cret
 neighbor 10.99.0.2 remote-as 65002
 neighbor 10.99.0.2 shutdown message night
X
cat >"$rootfs/etc/rc" <<'X'
#!/bin/sh
ip link set lo up
mkdir -p /run/frr /var/tmp/frr
chown -R frr:frr /run/frr /var/tmp/frr /etc/frr
for daemon in zebra bgpd bfdd; do /usr/lib/frr/$daemon -d </dev/null >/dev/null 2>&1; done
/usr/lib/frr/watchfrr -d -r '/bin/true %s' -s '/bin/true %s' -k '/bin/true %s' zebra bgpd bfdd </dev/null >/dev/null 2>&1
X
tar --numeric-owner --owner=0 --group=0 -C "$work" -cf - metadata.yaml rootfs | gzip -1 >"$2"
