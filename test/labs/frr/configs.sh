# The configurations of the lab's routers, with every oddity that the tests look for: a description with JSON in it, one
# that is shut down with a message, one never reachable, passive peers, dynamic peers, a password, a prefix limit that is
# exceeded, a wrong AS, no common address family, unnumbered sessions, IPv4 routes with IPv6 next hops (RFC 8950).
# To be sourced. Each function prints an frr.conf.

# common NAME: what every router starts with
common() {
  cat <<X
hostname $1
log file /var/log/frr/frr.log informational
service integrated-vtysh-config
password labpw
enable password labpw
!
X
}
# families IPV4-LINES IPV6-LINES
families() {
  printf ' address-family ipv4 unicast\n%s\n exit-address-family\n address-family ipv6 unicast\n%s\n exit-address-family\nexit\n!\n' "$1" "$2"
}

# router_conf r1|r2|r3
router_conf() {
  local i=${1#r}
  common $1
  cat <<X
ip route 198.18.0.0/24 blackhole
ipv6 route 2001:db8:1800::/48 blackhole
!
interface uplink
 vrrp 10 version 3
 vrrp 10 priority $((210 - i * 10))
 vrrp 10 advertisement-interval 1000
 vrrp 10 ip 198.51.100.1
 vrrp 10 ipv6 2001:db8:100::1
exit
!
interface to-r$((3 - i))
exit
!
bfd
 profile lab
  detect-multiplier 3
  transmit-interval 300
  receive-interval 300
 exit
 peer 192.0.2.250
 exit
exit
!
ip prefix-list OWN seq 5 permit 10.20.0.0/16 le 32
ip prefix-list OWN seq 10 permit 198.18.0.0/15 le 24
ipv6 prefix-list OWN6 seq 5 permit 2001:db8:20::/48 le 128
ipv6 prefix-list OWN6 seq 10 permit 2001:db8:1800::/48
route-map TO-CORE permit 10
 match ip address prefix-list OWN
exit
route-map TO-CORE permit 20
 match ipv6 address prefix-list OWN6
exit
!
router bgp 64512
 bgp router-id 10.255.0.$i
 no bgp ebgp-requires-policy
 no bgp default ipv4-unicast
 bgp bestpath as-path multipath-relax
 timers bgp 3 9
 neighbor CORE peer-group
 neighbor CORE remote-as 64500
 neighbor CORE timers connect 5
 neighbor HOSTS peer-group
 neighbor HOSTS remote-as 64513
 neighbor HOSTS timers connect 5
 neighbor 192.0.2.1 peer-group CORE
 neighbor 192.0.2.1 description core1 IPv4
 neighbor 192.0.2.1 bfd profile lab
 neighbor 192.0.2.2 peer-group CORE
 neighbor 192.0.2.2 description {"desc":"core2 \\ quoted","type":"transit"}
 neighbor 192.0.2.2 bfd profile lab
 neighbor 2001:db8:ff::1 peer-group CORE
 neighbor 2001:db8:ff::1 description core1 IPv6
 neighbor 2001:db8:ff::1 bfd profile lab
 neighbor 2001:db8:100::23 remote-as 64514
 neighbor 2001:db8:100::23 description h3 v6-only next hop (RFC 8950)
 neighbor 2001:db8:100::23 capability extended-nexthop
 neighbor 2001:db8:100::23 timers connect 5
X
  case $1 in
  r1) cat <<X
 neighbor 2001:db8:ff::2 peer-group CORE
 neighbor 198.51.100.21 peer-group HOSTS
 neighbor 198.51.100.21 description lxd host1 (gobgp)
 neighbor to-r2 interface remote-as internal
 neighbor to-r2 description r2 unnumbered
 neighbor to-h2 interface remote-as external
 neighbor 198.51.100.13 remote-as internal
 neighbor 198.51.100.13 password s3cret
 neighbor 198.51.100.13 description r3 iBGP md5
 neighbor 192.0.2.250 remote-as 64999
 neighbor 192.0.2.250 description never reachable
 neighbor 192.0.2.251 remote-as 64999
 neighbor 192.0.2.251 description shut down by admin
 neighbor 192.0.2.251 shutdown message planned maintenance
 neighbor 192.0.2.252 remote-as 64999
 neighbor 192.0.2.252 description passive, nobody calls
 neighbor 192.0.2.252 passive
X
  families "  network 10.255.0.1/32
  redistribute static
  neighbor CORE activate
  neighbor CORE soft-reconfiguration inbound
  neighbor CORE route-map TO-CORE out
  neighbor CORE maximum-prefix 1000 90 warning-only
  neighbor HOSTS activate
  neighbor 2001:db8:100::23 activate
  neighbor to-r2 activate
  neighbor to-r2 next-hop-self
  neighbor to-h2 activate
  neighbor to-h2 default-originate
  neighbor 198.51.100.13 activate
  neighbor 198.51.100.13 next-hop-self
  neighbor 192.0.2.250 activate
  neighbor 192.0.2.251 activate
  neighbor 192.0.2.252 activate" "  network 2001:db8:255::1/128
  redistribute static
  neighbor CORE activate
  neighbor CORE route-map TO-CORE out
  neighbor HOSTS activate
  neighbor 2001:db8:100::23 activate
  neighbor to-r2 activate
  neighbor to-r2 next-hop-self
  neighbor to-h2 activate
  neighbor 198.51.100.13 activate
  neighbor 192.0.2.250 activate" ;;
  r2) cat <<X
 neighbor 2001:db8:ff::2 peer-group CORE
 neighbor to-r1 interface remote-as internal
 neighbor 198.51.100.13 remote-as internal
 bgp listen limit 10
 bgp listen range 198.51.100.16/28 peer-group HOSTS
X
  families "  network 10.255.0.2/32
  redistribute static
  neighbor CORE activate
  neighbor CORE route-map TO-CORE out
  neighbor HOSTS activate
  neighbor 2001:db8:100::23 activate
  neighbor to-r1 activate
  neighbor to-r1 next-hop-self
  neighbor 198.51.100.13 activate
  neighbor 198.51.100.13 next-hop-self" "  network 2001:db8:255::2/128
  redistribute static
  neighbor 192.0.2.1 activate
  neighbor 192.0.2.2 activate
  neighbor 2001:db8:ff::1 activate
  neighbor HOSTS activate
  neighbor 2001:db8:100::23 activate
  neighbor to-r1 activate
  neighbor 198.51.100.13 activate"
    # Without a kernel VRF the instance is there all the same, and nothing of it ever comes up.
    printf 'router bgp 64512 vrf BLUE\n neighbor 203.0.113.200 remote-as 64998\n address-family ipv4 unicast\n exit-address-family\nexit\n!\n' ;;
  r3) cat <<X
 neighbor 2001:db8:ff::2 remote-as 64999
 neighbor 2001:db8:ff::2 description wrong AS on purpose
 neighbor 198.51.100.11 remote-as internal
 neighbor 198.51.100.11 password s3cret
 neighbor 198.51.100.12 remote-as internal
 neighbor 198.51.100.21 peer-group HOSTS
 neighbor 198.51.100.21 passive
X
  families "  network 10.255.0.3/32
  redistribute static
  neighbor CORE activate
  neighbor CORE route-map TO-CORE out
  neighbor 192.0.2.2 maximum-prefix 5 restart 1
  neighbor HOSTS activate
  neighbor 2001:db8:100::23 activate
  neighbor 198.51.100.11 activate
  neighbor 198.51.100.11 next-hop-self
  neighbor 198.51.100.12 activate" "  network 2001:db8:255::3/128
  redistribute static
  neighbor CORE activate
  neighbor 2001:db8:ff::2 activate
  neighbor HOSTS activate
  neighbor 2001:db8:100::23 activate
  neighbor 198.51.100.11 activate
  neighbor 198.51.100.12 activate" ;;
  esac
}

# provider_conf p1|p2
provider_conf() {
  local i=${1#p} k
  common $1
  for k in $(seq 1 10); do echo "ip route 203.0.$((112+i)).$((k*16))/28 blackhole"; echo "ipv6 route 2001:db8:ab$i:$k::/64 blackhole"; done
  printf '!\nbfd\n profile lab\n  transmit-interval 300\n  receive-interval 300\n exit\nexit\n!\nrouter bgp 64500\n bgp router-id 192.0.2.%s\n no bgp ebgp-requires-policy\n no bgp default ipv4-unicast\n timers bgp 3 9\n neighbor C4 peer-group\n neighbor C4 remote-as 64512\n neighbor C4 timers connect 5\n neighbor C6 peer-group\n neighbor C6 remote-as 64512\n neighbor C6 timers connect 5\n' $i
  for k in 11 12 13; do echo " neighbor 192.0.2.$k peer-group C4"; echo " neighbor 192.0.2.$k bfd profile lab"; echo " neighbor 2001:db8:ff::$k peer-group C6"; [ $i = 1 ] && echo " neighbor 2001:db8:ff::$k bfd profile lab"; done
  families "  redistribute static
  neighbor C4 activate
  neighbor C4 default-originate" "  redistribute static
  neighbor C6 activate
  neighbor C6 default-originate"
}

# host_conf h2|h3
host_conf() {
  common $1
  case $1 in
  h2) cat <<X
ip route 10.20.0.2/32 blackhole
ipv6 route 2001:db8:20::2/128 blackhole
!
interface to-r1
exit
!
router bgp 64515
 bgp router-id 10.20.0.2
 no bgp ebgp-requires-policy
 timers bgp 3 9
 neighbor to-r1 interface remote-as external
X
  families "  redistribute static" "  redistribute static
  neighbor to-r1 activate" ;;
  h3) cat <<X
ip route 10.20.0.3/32 blackhole
ip route 10.20.0.53/32 blackhole
ipv6 route 2001:db8:20::3/128 blackhole
!
router bgp 64514
 bgp router-id 10.20.0.3
 no bgp ebgp-requires-policy
 timers bgp 3 9
$(for k in 11 12 13; do echo " neighbor 2001:db8:100::$k remote-as 64512"; echo " neighbor 2001:db8:100::$k capability extended-nexthop"; echo " neighbor 2001:db8:100::$k timers connect 5"; done)
X
  families "  redistribute static" "  redistribute static
$(for k in 11 12 13; do echo "  neighbor 2001:db8:100::$k activate"; done)" ;;
  esac
}
