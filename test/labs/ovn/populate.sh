#!/bin/bash
# Three networks as LXD makes them (names, external_ids and priorities as in its lxd/network/driver_ovn.go), a router
# and a few objects that it does not make. Does nothing where they are there. With hypervisors, ports are plugged in.
set -euo pipefail
. "$(dirname "$0")/env.sh"
nb() { case " $* " in *" --id=@"*) nbctl "$@" >/dev/null;; *) nbctl "$@";; esac; }
q() { nb --bare --no-headings --columns=_uuid find "$@"; }
PORTS=${PORTS:-20}   # instance ports per network
uuid_of() { printf '%08x-%04x-4%03x-8000-%012x' $(( 0xa0000000 + $1*65536 + $2 )) $1 $2 $(( $1*1000 + $2 )); }
# network-id project-id uplink-ip
net() {
  local N=$1 PROJ=$2 UP=$3 LR=lxd-net$1-lr INT=lxd-net$1-ls-int EXT=lxd-net$1-ls-ext PG=lxd_net$1 i p
  nb list logical_router $LR >/dev/null 2>&1 && return 0
  # chassis group, priority is a stable random 0..32767
  local a=(--  ha-chassis-group-add lxd-net$N)
  for i in 1 2 3; do a+=(-- ha-chassis-group-add-chassis lxd-net$N ${SYSTEM_ID[$i]} $(( (N*7919 + i*4001) % 32768 ))); done
  nb "${a[@]:1}"
  nb --may-exist lr-add $LR -- set logical_router $LR options:always_learn_from_arp_request=false options:dynamic_neigh_routers=true
  nb lrp-add $LR $LR-lrp-ext 00:16:3e:00:0$N:01 192.0.2.$UP/24 fd42:99::$UP/64 -- set logical_router_port $LR-lrp-ext options:gateway_mtu=1500
  nb set logical_router_port $LR-lrp-ext ha_chassis_group=$(q ha_chassis_group name=lxd-net$N)
  nb --may-exist ls-add $EXT
  nb lsp-add $EXT $EXT-lsp-router -- lsp-set-type $EXT-lsp-router router -- lsp-set-addresses $EXT-lsp-router router -- lsp-set-options $EXT-lsp-router nat-addresses=router router-port=$LR-lrp-ext
  nb lsp-add $EXT $EXT-lsp-provider -- lsp-set-addresses $EXT-lsp-provider unknown -- lsp-set-type $EXT-lsp-provider localnet -- lsp-set-options $EXT-lsp-provider network_name=UPLINK
  nb --may-exist ls-add $INT -- set logical_switch $INT other_config:subnet=10.$N.0.0/24 other_config:ipv6_prefix=fd42:$N::/64 other_config:exclude_ips="10.$N.0.1 10.$N.0.200..10.$N.0.254"
  nb lrp-add $LR $LR-lrp-int 00:16:3e:00:0$N:01 10.$N.0.1/24 fd42:$N::1/64 -- set logical_router_port $LR-lrp-int options:gateway_mtu=1442 ipv6_ra_configs:send_periodic=true ipv6_ra_configs:address_mode=slaac
  nb lsp-add $INT $INT-lsp-router -- lsp-set-type $INT-lsp-router router -- lsp-set-addresses $INT-lsp-router router -- lsp-set-options $INT-lsp-router nat-addresses=router router-port=$LR-lrp-int
  nb lr-nat-add $LR snat 192.0.2.$UP 10.$N.0.0/24
  nb lr-route-add $LR 0.0.0.0/0 192.0.2.1 $LR-lrp-ext -- lr-route-add $LR ::/0 fd42:99::1 $LR-lrp-ext
  nb pg-add $PG -- set port_group $PG external_ids:lxd_project_id=$PROJ external_ids:lxd_switch=$INT
  nb >/dev/null create address_set name=${PG}_routes_ip4 -- create address_set name=${PG}_routes_ip6 -- add address_set ${PG}_routes_ip4 addresses '"10.'$N'.0.0/24"' -- add address_set ${PG}_routes_ip6 addresses "\"fd42:$N::/64\""
  # router policies (LogicalRouterPolicyApply)
  nb lr-policy-add $LR 600 "(inport == \"$LR-lrp-int\" && ip4 && ip4.src == \$${PG}_routes_ip4)" allow -- lr-policy-add $LR 500 "(inport == \"$LR-lrp-int\")" drop
  # DHCP options
  d4=$(nb create dhcp_option external_ids:lxd_switch=$INT cidr=10.$N.0.0/24)
  nb dhcp-options-set-options $d4 server_id=10.$N.0.1 server_mac=00:16:3e:00:0$N:01 lease_time=3600 router=10.$N.0.1 dns_server={192.0.2.1} domain_name='"lxd"' mtu=1442
  d6=$(nb create dhcp_option external_ids:lxd_switch=$INT "cidr=\"fd42:$N::/64\"")
  nb dhcp-options-set-options $d6 server_id=00:16:3e:00:0$N:01 domain_search='"lxd"'
  # baseline switch ACLs
  a=(clear logical_switch $INT acls); i=0
  for m in '(arp || nd)' "inport == \"$INT-lsp-router\" && nd_ra" "outport == \"$INT-lsp-router\" && nd_rs" 'igmp && ip.ttl == 1 && ip4.mcast' \
     "outport == \"$INT-lsp-router\" && ((ip4 && udp.dst == 67) || (ip6 && udp.dst == 547))" 'icmp4 && icmp4.type == {3,11,12} && ip.ttl == 255' 'tcp && tcp.flags == 0x014' ; do
    a+=(-- --id=@id$i create acl action=allow direction=to-lport priority=200 "match=\"${m//\"/\\\"}\"" external_ids:lxd_switch=$INT -- add logical_switch $INT acl @id$i); i=$((i+1))
  done
  nb "${a[@]}"
  # instance ports, one transaction
  a=()
  for p in $(seq 1 $PORTS); do
    port=lxd-net$N-instance-$(uuid_of $N $p)-eth0
    a+=(-- lsp-add $INT $port -- lsp-set-addresses $port "$(printf '00:16:3e:%02x:00:%02x' $N $p) 10.$N.0.$((p+1))" -- lsp-set-dhcpv4-options $port $d4 -- lsp-set-dhcpv6-options $port $d6
        -- set logical_switch_port $port external_ids:lxd_location=lab-h$(( p%3+1 )) external_ids:lxd_switch=$INT
        -- --id=@dns$p create dns external_ids:lxd_switch=$INT external_ids:lxd_switch_port=$port "records={\"c$p.lxd\"=\"10.$N.0.$((p+1))\"}" -- add logical_switch $INT dns_records @dns$p)
  done
  nb "${a[@]:1}"
  a=(); for u in $(q logical_switch_port external_ids:lxd_switch=$INT); do a+=(-- add port_group $PG ports $u); done; nb "${a[@]:1}"
  # an LXD network ACL: port group lxd_aclID and its per-net companion lxd_aclID_netN
  nb pg-add lxd_acl$((N*10)) -- set port_group lxd_acl$((N*10)) external_ids:lxd_project_id=$PROJ
  nb pg-add lxd_acl$((N*10))_net$N -- set port_group lxd_acl$((N*10))_net$N external_ids:lxd_project_id=$PROJ external_ids:lxd_port_group=lxd_acl$((N*10)) external_ids:lxd_switch=$INT
  G=lxd_acl$((N*10))
  nb clear port_group $G acls \
   -- --id=@a0 create acl action=allow-related direction=to-lport priority=300 "match=\"(outport == @$G) && (ip4.src == 10.$N.0.0/24) && (tcp) && (tcp.dst == 22)\"" external_ids:lxd_port_group=$G -- add port_group $G acl @a0 \
   -- --id=@a1 create acl action=drop direction=to-lport priority=500 log=true name=$G-ingress-0 "match=\"(outport == @$G) && (ip4.src == 203.0.113.0/24)\"" external_ids:lxd_port_group=$G -- add port_group $G acl @a1 \
   -- --id=@a2 create acl action=reject direction=to-lport priority=0 "match=\"(inport == @$G || outport == @$G)\"" external_ids:lxd_port_group=$G -- add port_group $G acl @a2
  a=(); for p in 1 2 3; do u=$(q logical_switch_port name=lxd-net$N-instance-$(uuid_of $N $p)-eth0); a+=(-- add port_group $G ports $u); done; nb "${a[@]:1}"
  # per-NIC default rules in lxd_netN
  port=lxd-net$N-instance-$(uuid_of $N 1)-eth0
  nb --id=@b0 create acl action=allow direction=to-lport priority=111 "match=\"inport == \\\"$port\\\"\"" external_ids:lxd_port_group=$PG external_ids:lxd_switch_port=$port -- add port_group $PG acl @b0 \
   -- --id=@b1 create acl action=reject direction=to-lport priority=100 "match=\"outport == \\\"$port\\\"\"" external_ids:lxd_port_group=$PG external_ids:lxd_switch_port=$port -- add port_group $PG acl @b1
  # network forward + LXD load balancer (both are OVN load balancers lxd-netN-lb-ADDR-PROTO)
  LB=lxd-net$N-lb-192.0.2.$((UP+50))
  nb --may-exist lb-add $LB-tcp 192.0.2.$((UP+50)):80 10.$N.0.2:80,10.$N.0.3:80 tcp -- --may-exist lb-add $LB-udp 192.0.2.$((UP+50)):53 10.$N.0.2:53 udp
  nb lr-lb-add $LR $LB-tcp -- lr-lb-add $LR $LB-udp -- ls-lb-add $INT $LB-tcp -- ls-lb-add $INT $LB-udp
  for p in 1 2; do nb add load_balancer $LB-tcp ip_port_mappings "\"10.$N.0.$((p+1))\"=\"lxd-net$N-instance-$(uuid_of $N $p)-eth0:10.$N.0.250\""; done
  nb --id=@id create load_balancer_health_check vip="\"192.0.2.$((UP+50)):80\"" options:interval=5 options:timeout=3 options:success_count=1 options:failure_count=2 -- add load_balancer $LB-tcp health_check @id
  # dnat_and_snat of one instance (ipv4 external address)
  nb --stateless lr-nat-add $LR dnat_and_snat 192.0.2.$((UP+100)) 10.$N.0.2
}
net 2 1 10
net 3 2 11
net 5 3 12
# peering between net2 and net3 (LogicalRouterPeeringApply shape)
nb list logical_router_port lxd-net2-lr-lrp-peer-net3 >/dev/null 2>&1 || \
 nb lrp-add lxd-net2-lr lxd-net2-lr-lrp-peer-net3 00:16:3e:00:02:01 10.2.0.1/24 peer=lxd-net3-lr-lrp-peer-net2 \
 -- lrp-add lxd-net3-lr lxd-net3-lr-lrp-peer-net2 00:16:3e:00:03:01 10.3.0.1/24 peer=lxd-net2-lr-lrp-peer-net3 \
 -- lr-route-add lxd-net2-lr 10.3.0.0/24 10.3.0.1 lxd-net2-lr-lrp-peer-net3 -- lr-route-add lxd-net3-lr 10.2.0.0/24 10.2.0.1 lxd-net3-lr-lrp-peer-net2
# things LXD does not make, for coverage: QoS, BFD on a route, disabled port, Gateway_Chassis
if [ -z "$(q qos priority=100)" ]; then
 nb qos-add lxd-net2-ls-int from-lport 100 'ip4' rate=1000 burst=100
 b=$(nb create bfd logical_port=lxd-net2-lr-lrp-ext dst_ip=192.0.2.1 min_rx=1000 min_tx=1000 detect_mult=3)
 nb --bfd=$b lr-route-add lxd-net2-lr 198.51.100.0/24 192.0.2.1 lxd-net2-lr-lrp-ext
 nb lsp-set-enabled lxd-net5-instance-$(uuid_of 5 20)-eth0 disabled
 nb lr-add lr-gwc -- lrp-add lr-gwc lr-gwc-ext 00:16:3e:00:09:01 192.0.2.90/24 -- lrp-set-gateway-chassis lr-gwc-ext ${SYSTEM_ID[1]} 20 -- lrp-set-gateway-chassis lr-gwc-ext ${SYSTEM_ID[2]} 10
 nb --may-exist ls-add ls-gwc -- lsp-add ls-gwc ls-gwc-r -- lsp-set-type ls-gwc-r router -- lsp-set-addresses ls-gwc-r router -- lsp-set-options ls-gwc-r router-port=lr-gwc-ext -- lsp-add ls-gwc ls-gwc-ln -- lsp-set-type ls-gwc-ln localnet -- lsp-set-addresses ls-gwc-ln unknown -- lsp-set-options ls-gwc-ln network_name=UPLINK
fi
# plug ports: instances 1..12 of each network get an OVS interface on their location's hypervisor => up=true
for i in 1 2 3; do
  [ -S $RUN/hv$i/db.sock ] || continue
  a=()
  for N in 2 3 5; do for p in $(seq 1 12); do
    [ $(( p%3+1 )) = $i ] || continue
    ifn=v${N}p$p
    a+=(-- --may-exist add-port br-int $ifn -- set interface $ifn type=internal external_ids:iface-id=lxd-net$N-instance-$(uuid_of $N $p)-eth0)
  done; done
  ovs-vsctl --db=unix:$RUN/hv$i/db.sock -t 30 "${a[@]:1}"
done
