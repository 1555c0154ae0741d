#!/bin/bash
# Puts the members of the cluster on the bridge `uplink` of the FRR lab, version 8, as 198.51.100.24 … 26, and has LXD
# announce what is on lxdbr8 from there to r1 r2 r3, as AS 64513. Once, after cluster.sh and frr/up.sh.
. "$(dirname "$0")/common.sh"
for member in m1 m2 m3; do
  ns=$(netns $member)
  uplink=198.51.100.2$((3 + ${member#m}))
  ip -n frr8-sw link add "uplink-$member" type veth peer name uplink netns "$ns"
  ip -n frr8-sw link set "uplink-$member" master uplink up
  ip -n "$ns" addr add "$uplink/24" dev uplink
  ip -n "$ns" link set uplink up
  on $member lxc config set core.bgp_address="$uplink" core.bgp_routerid="$uplink"
done
peers=()
for i in 1 2 3; do peers+=("bgp.peers.r$i.address=198.51.100.1$i" "bgp.peers.r$i.asn=64512"); done
on m1 lxc network set lxdbr8 ipv4.routes=10.20.9.0/24 "${peers[@]}"
# An LXD 5.0.2 that sets this fails to tell the other members, which break off: it goes straight to the database.
on m1 lxd sql global "INSERT INTO config (key, value) VALUES ('core.bgp_asn', '64513')"
# Nor does it take connections on an address that it was given while it ran. One after the other keeps the quorum.
for member in m3 m2 m1; do
  kill "$(pid_of $member)"
  has_ended() { ! pid_of $member >/dev/null; }
  retry 30 "$member ends" has_ended
  start_lxd $member
  wait_lxd $member
done
