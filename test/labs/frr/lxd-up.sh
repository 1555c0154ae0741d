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

"$here/../lxd/image.sh" "$LXD/plain.tar.gz"
"$here/lxd-image.sh" "$LXD/plain.tar.gz" "$LXD/frr.tar.gz"
lxc -q image import "$LXD/plain.tar.gz" --alias plain
lxc -q image import "$LXD/frr.tar.gz" --alias frr
lxc -q --project infra launch frr frrlab-r1
lxc -q launch plain frrlab-plain
answers() { lxc --project infra exec frrlab-r1 -- vtysh -c 'show bgp vrfs json' >/dev/null 2>&1; }
retry 60 'FRR answers in its container' answers
