#!/bin/bash
# lxd-cluster.sh: puts FRR into the cluster of ../lxd/cluster.sh, which runs: the container `router` on the member m1, in the
# project `infra`.
. "$(dirname "$0")/../lxd/common.sh"
[ -s "$LAB/frr.tar.gz" ] || "$here/../frr/lxd-image.sh" "$LAB/bb.tar.gz" "$LAB/frr.tar.gz"
export LXD_DIR=$LAB/m1
lxc -q image import "$LAB/frr.tar.gz" --alias frr
lxc -q project create infra -c features.images=false -c features.profiles=false -c features.networks=false
lxc -q --project infra launch frr router --target m1
answers() { lxc --project infra exec router -- vtysh -c 'show bgp vrfs json' >/dev/null 2>&1; }
retry 60 'FRR answers in its container' answers
