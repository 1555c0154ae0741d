#!/bin/bash
# Three ovsdb-servers in a RAFT cluster for each of northbound and southbound, and northd. Starts what is not running.
# TLS=1 adds the pssl listeners; NORTHD= how many (default 1, at most 3); ONLY="2 nb" starts just that server.
set -euo pipefail
. "$(dirname "$0")/env.sh"
TLS=${TLS:-0} NORTHD=${NORTHD:-1}
mkdir -p "$RUN"

start_server() { # host nb|sb
  local d=$RUN/h$1 address=$NET.$1 name schema port raft tls=()
  case $2 in
    nb) name=OVN_Northbound schema=ovn-nb port=6641 raft=6643 ;;
    sb) name=OVN_Southbound schema=ovn-sb port=6642 raft=6644 ;;
  esac
  mkdir -p "$d"
  alive "$d/$2.pid" && return 0
  rm -f "$d/$2.pid" "$d/$2.sock" "$d/$2.ctl"
  if [ ! -s "$d/$2.db" ]; then
    if [ "$1" = 1 ]; then
      ovsdb-tool -vconsole:off create-cluster "$d/$2.db" "/usr/share/ovn/$schema.ovsschema" "tcp:$address:$raft"
    else
      ovsdb-tool -vconsole:off join-cluster "$d/$2.db" $name "tcp:$address:$raft" "tcp:$NET.1:$raft"
    fi
  fi
  [ "$TLS" = 1 ] && tls=(--remote=pssl:1$port:$address --private-key="$PKI/h$1-key.pem" \
    --certificate="$PKI/h$1-cert.pem" --ca-cert="$PKI/switchca-cert.pem")
  OVS_RUNDIR=$d ovsdb-server $QUIET --detach --no-chdir --pidfile="$d/$2.pid" --log-file="$d/$2.log" \
    --unixctl="$d/$2.ctl" --remote=punix:"$d/$2.sock" --remote=ptcp:$port:$address "${tls[@]}" "$d/$2.db"
}

start_northd() { # host
  local d=$RUN/h$1
  alive "$d/northd.pid" && return 0
  rm -f "$d/northd.pid" "$d/northd.ctl"
  OVN_RUNDIR=$d OVS_RUNDIR=$d ovn-northd $QUIET --detach --no-chdir --pidfile="$d/northd.pid" \
    --log-file="$d/northd.log" --unixctl="$d/northd.ctl" --ovnnb-db="$NB" --ovnsb-db="$SB"
}

if [ -n "${ONLY:-}" ]; then
  case $ONLY in *northd) start_northd "${ONLY% *}" ;; *) start_server $ONLY ;; esac
  exit 0
fi
[ "$TLS" = 1 ] && bash "$(dirname "$0")/pki.sh"
for i in 1 2 3; do start_server $i nb; start_server $i sb; done
for i in 1 2 3; do
  ovsdb-client -vconsole:off -t 60 wait "unix:$RUN/h$i/nb.sock" OVN_Northbound connected
  ovsdb-client -vconsole:off -t 60 wait "unix:$RUN/h$i/sb.sock" OVN_Southbound connected
done
nbctl init
for i in $(seq 1 "$NORTHD"); do start_northd "$i"; done
[ "$NORTHD" = 0 ] || nbctl --wait=sb sync
