#!/bin/bash
# scale.sh 8|10 [NEIGHBOURS=200] [IPV4=50000] [IPV6=10000]: one router, namespace frrN-s, with so many neighbours, all of
# them one bgpd in frrN-t, which announces so many routes over the first two sessions. down.sh ends it.
. "$(dirname "$0")/common.sh"
neighbours=${2:-200} ipv4=${3:-50000} ipv6=${4:-10000}
[ "$version" = 8 ] || "$here/chroot.sh"
for name in s t; do
  kill_netns "$ns-$name"
  ip netns del "$ns-$name" 2>/dev/null || true
  rm -rf --one-file-system "$LAB"/{run,etc,lib,log}/$name
  mkdir -p "$LAB"/{run,etc,lib,log}/$name
  ip netns add "$ns-$name"
  ip -n "$ns-$name" link set lo up
done
ip -n "$ns-s" link add st type veth peer name st netns "$ns-t"
ip -n "$ns-s" link set st up
ip -n "$ns-t" link set st up

ours=() theirs=()
for ((i = 0; i < neighbours; i++)); do
  ours[i]=10.8.$((i / 250)).$((i % 250 + 1))
  theirs[i]=10.9.$((i / 250)).$((i % 250 + 1))
done
printf 'addr add %s/12 dev st\n' "${ours[@]}" >"$LAB/etc/s/addresses"
printf 'addr add %s/12 dev st\n' "${theirs[@]}" >"$LAB/etc/t/addresses"
echo 'addr add fd00:8::1/64 dev st nodad' >>"$LAB/etc/s/addresses"
echo 'addr add fd00:8::2/64 dev st nodad' >>"$LAB/etc/t/addresses"
for name in s t; do ip -n "$ns-$name" -batch "$LAB/etc/$name/addresses"; done

# head AS ROUTER-ID PEER-AS
head_of() {
  printf 'log file /var/log/frr/frr.log informational\nroute-map NONE deny 10\nexit\nroute-map NH6 permit 10\n set ipv6 next-hop global fd00:8::2\nexit\n'
  printf 'router bgp %s\n bgp router-id %s\n no bgp ebgp-requires-policy\n no bgp default ipv4-unicast\n no bgp network import-check\n' "$1" "$2"
  printf ' timers bgp 10 30\n neighbor H peer-group\n neighbor H remote-as %s\n neighbor H timers connect 5\n' "$3"
}
{
  head_of 64512 10.8.0.1 64513
  for ((i = 0; i < neighbours; i++)); do
    peer=${theirs[i]}
    printf ' neighbor %s peer-group H\n neighbor %s update-source %s\n neighbor %s description host-%s\n' \
      "$peer" "$peer" "${ours[i]}" "$peer" "$i"
  done
  for family in ipv4 ipv6; do
    printf ' address-family %s unicast\n  neighbor H activate\n  neighbor H route-map NONE out\n exit-address-family\n' $family
  done
} >"$LAB/etc/s/bgpd.conf"
{
  head_of 64513 10.9.0.1 64512
  for ((i = 0; i < neighbours; i++)); do
    printf ' neighbor %s peer-group H\n neighbor %s update-source %s\n' "${ours[i]}" "${ours[i]}" "${theirs[i]}"
  done
  echo ' address-family ipv4 unicast'
  awk -v n="$ipv4" 'BEGIN { for (k = 0; k < n; k++) printf "  network 100.%d.%d.%d/30\n", 64 + int(k / 16384), int(k / 64) % 256, (k % 64) * 4 }'
  echo '  neighbor H activate'
  printf '  neighbor %s route-map NONE out\n' "${ours[@]:2}"
  printf ' exit-address-family\n address-family ipv6 unicast\n'
  awk -v n="$ipv6" 'BEGIN { for (k = 0; k < n; k++) printf "  network 2001:db8:%x:%x::/64\n", int(k / 256), k % 256 }'
  echo '  neighbor H activate'
  printf '  neighbor %s route-map NH6 out\n' "${ours[@]:0:2}"
  printf '  neighbor %s route-map NONE out\n' "${ours[@]:2}"
  echo ' exit-address-family'
} >"$LAB/etc/t/bgpd.conf"

for name in s t; do
  : >"$LAB/etc/$name/zebra.conf"
  : >"$LAB/etc/$name/vtysh.conf"
  own $name
  enter_script $name "$LAB" >"$LAB/in-$name"
  chmod +x "$LAB/in-$name"
  "$LAB/in-$name" /usr/lib/frr/zebra -d -A 127.0.0.1 -s 90000000 </dev/null >/dev/null 2>&1
  "$LAB/in-$name" /usr/lib/frr/bgpd -d -A 127.0.0.1 </dev/null >/dev/null 2>&1
done
ask() { vtysh --vty_socket "$LAB/run/s" -d "$1" -c "$2" 2>/dev/null || true; }
is_full() {
  [ "$(ask bgpd 'show bgp vrfs json' | sed -nE 's/.*"numEstablishedPeers": *([0-9]+).*/\1/p' | head -1)" = "$neighbours" ] &&
    [ "$(ask zebra 'show ip route summary' | awk '/^Totals/ { print $2 }')" -ge "$ipv4" ] &&
    [ "$(ask zebra 'show ipv6 route summary' | awk '/^Totals/ { print $2 }')" -ge "$ipv6" ]
}
retry 240 'all sessions and routes are there' is_full
