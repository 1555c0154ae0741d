#!/bin/bash
# FRR in AS 64512 beside the server s1, whose BGP server it connects to, and which announces to it. Its sockets are in
# $LAB/r1/run. Goes with `down.sh single`.
. "$(dirname "$0")/common.sh"
start_bridge
start_netns r1
mkdir -p "$LAB/r1/run" "$LAB/r1/etc"
cat >"$LAB/r1/etc/bgpd.conf" <<X
router bgp 64512
 bgp router-id 10.199.0.20
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor 10.199.0.10 remote-as 64513
 neighbor 10.199.0.10 port 18179
 neighbor 10.199.0.10 timers connect 1
 address-family ipv4 unicast
  neighbor 10.199.0.10 prefix-list from-lxd in
ip prefix-list from-lxd seq 10 permit any
X
: >"$LAB/r1/etc/zebra.conf"
chown -R frr:frr "$LAB/r1"
for daemon in zebra bgpd; do
  ip netns exec "$(netns r1)" /usr/lib/frr/$daemon -d -f "$LAB/r1/etc/$daemon.conf" -i "$LAB/r1/run/$daemon.pid" \
    -z "$LAB/r1/run/zserv.api" --vty_socket "$LAB/r1/run" -A 127.0.0.1 -P 0
done
