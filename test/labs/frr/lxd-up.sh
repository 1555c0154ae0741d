#!/bin/bash
# lxd-up.sh PORT: an LXD on loopback with two containers: frrlab-r1, in the project `infra`, runs FRR (zebra, bgpd, bfdd,
# vtysh); frrlab-plain has nothing. Certificates of three kinds in $LXD/certs. Prints nothing.
. "$(dirname "$0")/common.sh" 8
LXD=$BASE/frr-lxd
export LXD_DIR=$LXD/lxd
mkdir -p "$LXD/certs" "$LXD_DIR"
chmod 711 "$LXD_DIR"
setsid nohup lxd --group root --logfile "$LXD/lxd.log" >"$LXD/lxd.out" 2>&1 </dev/null &
echo $! >"$LXD/lxd.pid"
lxd waitready --timeout 90
lxd init --preseed <<PRESEED
config: {core.https_address: "127.0.0.1:$1", images.auto_update_interval: "0"}
storage_pools: [{name: default, driver: dir}]
profiles: [{name: default, devices: {root: {type: disk, path: /, pool: default}}}]
projects: [{name: infra, config: {features.images: "false", features.profiles: "false", features.networks: "false"}}]
PRESEED

# ---- certificates: of an administrator, and of two that may use one project only
cd "$LXD/certs"
for name in client infra other; do
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -sha384 -nodes -keyout $name.key -out $name.crt \
    -days 3650 -subj "/CN=$name" 2>/dev/null
done
lxc -q config trust add client.crt --name client
lxc -q config trust add infra.crt --name infra --restricted --projects infra
lxc -q config trust add other.crt --name other --restricted --projects default

# ---- the image: busybox, and FRR's programs with the libraries they need
"$here/../lxd/image.sh" "$LXD/plain.tar.gz"
mkdir -p "$LXD/image"
tar -C "$LXD/image" -xzf "$LXD/plain.tar.gz"
rootfs=$LXD/image/rootfs
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
tar --numeric-owner --owner=0 --group=0 -C "$LXD/image" -cf - metadata.yaml rootfs | gzip -1 >"$LXD/frr.tar.gz"
lxc -q image import "$LXD/plain.tar.gz" --alias plain
lxc -q image import "$LXD/frr.tar.gz" --alias frr
lxc -q --project infra launch frr frrlab-r1
lxc -q launch plain frrlab-plain
answers() { lxc --project infra exec frrlab-r1 -- vtysh -c 'show bgp vrfs json' >/dev/null 2>&1; }
retry 60 'FRR answers in its container' answers
