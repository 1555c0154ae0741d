#!/bin/bash
# Three hypervisors: ovsdb-server, ovs-vswitchd in user space and ovn-controller each, in network namespaces of their
# own that are joined by a bridge, so that tunnels, BFD between gateways and health checks are real. Needs root.
# Starts what is not running.
set -euo pipefail
. "$(dirname "$0")/env.sh"

FABRIC=rwovn-fabric
if ! ip netns list | grep -qw $FABRIC; then
  ip netns add $FABRIC
  ip -n $FABRIC link set lo up
  ip -n $FABRIC link add fabric type bridge
  ip -n $FABRIC link set fabric up
fi

start_hypervisor() { # number
  local i=$1 d=$RUN/hv$1 ns=rwovn-hv$1
  export OVS_RUNDIR=$d OVN_RUNDIR=$d OVS_LOGDIR=$d OVS_DBDIR=$d
  mkdir -p "$d"
  if ! ip netns list | grep -qw "$ns"; then
    ip netns add "$ns"
    ip -n "$ns" link set lo up
    ip -n $FABRIC link add "v$i" type veth peer name up0 netns "$ns"
    ip -n $FABRIC link set "v$i" master fabric up
    ip -n "$ns" link set up0 up
  fi
  if ! alive "$d/ovsdb.pid"; then
    rm -f "$d/ovsdb.pid" "$d/db.sock" "$d/ovsdb.ctl"
    [ -s "$d/conf.db" ] || ovsdb-tool create "$d/conf.db" /usr/share/openvswitch/vswitch.ovsschema
    ovsdb-server $QUIET --detach --no-chdir --pidfile="$d/ovsdb.pid" --log-file="$d/ovsdb.log" \
      --unixctl="$d/ovsdb.ctl" --remote=punix:"$d/db.sock" "$d/conf.db"
    vs --no-wait init
  fi
  if ! alive "$d/vswitchd.pid"; then
    rm -f "$d/vswitchd.pid" "$d/vswitchd.ctl"
    ip netns exec "$ns" ovs-vswitchd $QUIET --detach --no-chdir --pidfile="$d/vswitchd.pid" \
      --log-file="$d/vswitchd.log" --unixctl="$d/vswitchd.ctl" --disable-system "unix:$d/db.sock"
  fi
  configure "$i" "$ns"
  if ! alive "$d/controller.pid"; then
    rm -f "$d"/*controller*.pid "$d"/*controller*.ctl
    ovn-controller $QUIET --detach --no-chdir --pidfile="$d/controller.pid" --log-file="$d/controller.log" "unix:$d/db.sock"
    # ovn-controller has no --unixctl before 23.06; the socket's name has its pid.
    ln -sf "ovn-controller.$(cat "$d/controller.pid").ctl" "$d/controller.ctl"
  fi
}

vs() { ovs-vsctl --db="unix:$OVS_RUNDIR/db.sock" -t 30 "$@"; }

configure() { # number namespace
  vs --no-wait set open_vswitch . external_ids:system-id="${SYSTEM_ID[$1]}" external_ids:hostname="lab-h$1" \
    external_ids:ovn-remote="$SB" external_ids:ovn-encap-type=geneve external_ids:ovn-encap-ip="10.99.0.$1" \
    external_ids:ovn-bridge-datapath-type=netdev external_ids:ovn-bridge-mappings=UPLINK:br-ex
  vs --may-exist add-br br-ex -- set bridge br-ex datapath_type=netdev fail-mode=standalone
  vs --may-exist add-br br-int -- set bridge br-int datapath_type=netdev fail-mode=secure
  vs --may-exist add-port br-ex up0
  ip -n "$2" link set br-ex up
  ip -n "$2" addr replace "10.99.0.$1/24" dev br-ex
}

for i in ${HYPERVISORS:-1 2 3}; do start_hypervisor "$i"; done
