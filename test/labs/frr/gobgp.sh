#!/bin/bash
# gobgp.sh 8|10: starts h1's gobgpd, AS 64513 with graceful restart, and announces five prefixes of each family.
. "$(dirname "$0")/common.sh"
neighbor() {
  cat <<X
[[neighbors]]
  [neighbors.config]
    neighbor-address = "198.51.100.$1"
    peer-as = 64512
  [neighbors.graceful-restart.config]
    enabled = true
    restart-time = 120
  [neighbors.timers.config]
    connect-retry = 5
    hold-time = 9
    keepalive-interval = 3
X
  for family in ipv4-unicast ipv6-unicast; do
    printf '  [[neighbors.afi-safis]]\n    [neighbors.afi-safis.config]\n      afi-safi-name = "%s"\n' $family
    printf '    [neighbors.afi-safis.mp-graceful-restart.config]\n      enabled = true\n'
  done
}
{
  printf '[global.config]\n  as = 64513\n  router-id = "198.51.100.21"\n'
  for i in 11 12 13; do neighbor $i; done
} >"$LAB/etc/gobgpd.toml"
ip netns exec "$ns-h1" gobgpd -f "$LAB/etc/gobgpd.toml" --api-hosts 127.0.0.1:50051 >"$LAB/log/gobgpd.log" 2>&1 </dev/null &
echo $! >"$LAB/run/gobgpd.pid"
gobgp() { ip netns exec "$ns-h1" gobgp "$@" >/dev/null 2>&1; }
retry 20 'gobgpd answers' gobgp global
for i in 53 101 102 103 104; do
  gobgp global rib add 10.20.0.$i/32 nexthop 198.51.100.21
  gobgp global rib add -a ipv6 2001:db8:20::$i/128 nexthop 2001:db8:100::21
done
