#!/bin/bash
# up.sh 8|10: three routers (r1 r2 r3, AS 64512), two providers (p1 p2, AS 64500), three hosts: h1 (gobgpd, as LXD has
# it), h2 (unnumbered), h3 (IPv6 only). Tears an older one down first. Waits until r1 has its nine sessions.
. "$(dirname "$0")/common.sh"
. "$here/configs.sh"
[ "$version" = 8 ] || "$here/chroot.sh"
"$here/down.sh" "$version"
mkdir -p "$LAB"/{run,etc,lib,log}

# ---- namespaces and links
for name in sw $routers h1; do
  ip netns add "$ns-$name"
  ip -n "$ns-$name" link set lo up
  ip netns exec "$ns-$name" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
    net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
    net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
done
for bridge in tr uplink; do
  ip -n "$ns-sw" link add $bridge type bridge mcast_snooping 0
  ip -n "$ns-sw" link set $bridge up
done

# port BRIDGE ROUTER ADDRESS…: an interface of the router, named as the bridge
port() {
  local bridge=$1 name=$2 address
  shift 2
  ip -n "$ns-sw" link add "$bridge-$name" type veth peer name "$bridge" netns "$ns-$name"
  ip -n "$ns-sw" link set "$bridge-$name" master "$bridge" up
  ip -n "$ns-$name" link set "$bridge" up
  for address; do
    case $address in
      *:*) ip -n "$ns-$name" addr add "$address" dev "$bridge" nodad ;;
      *) ip -n "$ns-$name" addr add "$address" dev "$bridge" ;;
    esac
  done
}
# wire ROUTER INTERFACE ROUTER INTERFACE: link-local addresses only
wire() {
  ip -n "$ns-$1" link add "$2" type veth peer name "$4" netns "$ns-$3"
  ip -n "$ns-$1" link set "$2" up
  ip -n "$ns-$3" link set "$4" up
}
for i in 1 2; do port tr p$i 192.0.2.$i/24 2001:db8:ff::$i/64; done
for i in 1 2 3; do
  port tr r$i 192.0.2.1$i/24 2001:db8:ff::1$i/64
  port uplink r$i 198.51.100.1$i/24 2001:db8:100::1$i/64
  ip -n "$ns-r$i" addr add 10.255.0.$i/32 dev lo
  ip -n "$ns-r$i" addr add 2001:db8:255::$i/128 dev lo
  # vrrpd finds its macvlans by their MAC, 00:00:5e:00:01:VRID and 00:00:5e:00:02:VRID, and needs the addresses on them.
  for family in 4 6; do
    ip -n "$ns-r$i" link add vrrp$family-10 link uplink type macvlan mode bridge
    ip -n "$ns-r$i" link set vrrp$family-10 address 00:00:5e:00:0$((family / 2 - 1)):0a addrgenmode random
  done
  ip -n "$ns-r$i" addr add 198.51.100.1/24 dev vrrp4-10
  ip -n "$ns-r$i" addr add 2001:db8:100::1/64 dev vrrp6-10 nodad
  ip -n "$ns-r$i" link set vrrp4-10 up
  ip -n "$ns-r$i" link set vrrp6-10 up
done
port uplink h1 198.51.100.21/24 2001:db8:100::21/64
port uplink h3 2001:db8:100::23/64
wire r1 to-r2 r2 to-r1
wire r1 to-h2 h2 to-r1

# ---- daemons, started as systemd does in a container: frrinit.sh, watchfrr, the daemons, vtysh -b
for name in $routers; do
  mkdir -p "$LAB"/{run,etc,lib,log}/"$name"
  case $name in r*) router_conf "$name" ;; p*) provider_conf "$name" ;; h*) host_conf "$name" ;; esac >"$LAB/etc/$name/frr.conf"
  : >"$LAB/etc/$name/vtysh.conf"
  vrrpd=no
  case $name in r*) vrrpd=yes ;; esac
  cat >"$LAB/etc/$name/daemons" <<X
bgpd=yes
bfdd=yes
vrrpd=$vrrpd
vtysh_enable=yes
zebra_options="-A 127.0.0.1 -s 90000000"
mgmtd_options="-A 127.0.0.1"
bgpd_options="-A 127.0.0.1"
staticd_options="-A 127.0.0.1"
bfdd_options="-A 127.0.0.1"
vrrpd_options="-A 127.0.0.1"
X
  own "$name"
  enter_script "$name" "$LAB" >"$LAB/in-$name"
  chmod +x "$LAB/in-$name"
  "$LAB/in-$name" /usr/lib/frr/frrinit.sh start >"$LAB/log/$name/init.log" 2>&1 </dev/null &
done
wait
"$here/gobgp.sh" "$version"

# ---- ready
count_established() {
  vtysh --vty_socket "$LAB/run/r1" -c 'show bgp vrf all neighbors json' 2>/dev/null | grep -c '"bgpState": *"Established"' || true
}
has_all() { [ "$(count_established)" -ge 9 ]; }
retry 90 'r1 has nine sessions' has_all
