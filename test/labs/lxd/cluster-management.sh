#!/bin/bash
# Gives each member of the cluster a bridge `br-mgmt` on the network that the members' API is on, for instances that must
# reach it, and the cluster an image `systemd`. Once, after cluster.sh.
. "$(dirname "$0")/common.sh"
for member in m1 m2 m3; do
  ns=$(netns $member)
  ip link add "$ns-mgmt" type veth peer name mgmt netns "$ns"
  ip link set "$ns-mgmt" master $bridge up
  ip -n "$ns" link add br-mgmt type bridge
  ip -n "$ns" link set mgmt master br-mgmt up
  ip -n "$ns" link set br-mgmt up
done
"$here/systemd-image.sh" "$LAB/bb.tar.gz" "$LAB/systemd.tar"
on m1 lxc -q image import "$LAB/systemd.tar" --alias systemd
