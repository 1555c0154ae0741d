#!/bin/bash
# Starts a real Ceph cluster from nothing: three monitors, two managers, four OSDs in two CRUSH hosts (each with an hdd
# and an ssd), a file system with a standby MDS. Loopback only, no init system, about fifteen seconds.
# Wipes what an earlier start has left.
source "$(dirname "$0")/common.sh"
source "$(dirname "$0")/conf.sh"
"$(dirname "$0")/down.sh" --wipe
mkdir -p "$LAB"/{run,log,data,keys}

FSID=$(cat /proc/sys/kernel/random/uuid)
write_conf "$FSID" >"$CONF"

key() { # name caps...
  local name=$1
  shift
  ceph-authtool -C "$LAB/keys/ceph.$name.keyring" --gen-key -n "$name" "$@" >/dev/null
  [ "$name" = mon. ] || ceph-authtool "$LAB/keys/ceph.mon..keyring" --import-keyring "$LAB/keys/ceph.$name.keyring" >/dev/null
}
key mon. --cap mon 'allow *'
key client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mds 'allow *' --cap mgr 'allow *'
for id in "${MGR_IDS[@]}"; do key "mgr.$id" --cap mon 'allow profile mgr' --cap osd 'allow *' --cap mds 'allow *'; done
for id in m n; do key "mds.$id" --cap mon 'allow profile mds' --cap osd 'allow rwx' --cap mds 'allow *' --cap mgr 'allow profile mds'; done
for id in "${OSD_IDS[@]}"; do key "osd.$id" --cap mon 'allow profile osd' --cap mgr 'allow profile osd' --cap osd 'allow *'; done

addresses=()
for i in "${!MON_IDS[@]}"; do addresses+=(--addv "${MON_IDS[i]}" "$(mon_address "$i")"); done
monmaptool --create --fsid "$FSID" --enable-all-features "${addresses[@]}" "$LAB/monmap" >/dev/null
for id in "${MON_IDS[@]}"; do
  ceph-mon -c "$CONF" --mkfs -i "$id" --monmap "$LAB/monmap" --keyring "$LAB/keys/ceph.mon..keyring" >>"$LAB/log/mkfs.log" 2>&1
done
for id in "${MON_IDS[@]}"; do start_daemon mon "$id"; done

# The admin sockets are asked first: a client that comes before the quorum sits out a back-off of up to ten seconds.
in_quorum() { ceph --admin-daemon "$LAB/run/ceph-mon.a.asok" mon_status 2>/dev/null | grep -qE '"state": "(leader|peon)"'; }
wait_for 60 in_quorum

uuids=()
for id in "${OSD_IDS[@]}"; do uuids[id]=$(cat /proc/sys/kernel/random/uuid); done
# One client process runs many commands: a process each would cost 0.4 s of start-up.
{
  for id in "${MGR_IDS[@]}"; do echo "config set mgr mgr/prometheus/$id/server_addr ${MGR_ADDRESS[$id]} --force"; done
  echo 'config set mgr mgr/prometheus/scrape_interval 4 --force'
  echo 'config set mgr mgr/prometheus/rbd_stats_pools rbd_hdd,rbd_ssd --force'
  for id in "${OSD_IDS[@]}"; do echo "osd new ${uuids[id]} $id"; done
} | ceph >>"$LAB/log/commands.log" 2>&1
mkdir -p "$LAB"/data/mgr.{x,y}
start_daemon mgr x
for id in "${OSD_IDS[@]}"; do
  mkdir -p "$LAB/data/osd.$id"
  ceph-osd -c "$CONF" -i "$id" --mkfs --osd-uuid "${uuids[id]}" >>"$LAB/log/mkfs.log" 2>&1
  start_daemon osd "$id"
done
for id in m n; do
  mkdir -p "$LAB/data/mds.$id"
  start_daemon mds "$id"
done
osds_up() { ceph osd stat | grep -q " ${#OSD_IDS[@]} up "; }
wait_for 90 osds_up
# The second manager comes when the first one is active: it is the standby, every time.
x_is_active() { ceph mgr stat | grep -q '"active_name": "x"'; }
wait_for 90 x_is_active
start_daemon mgr y
{
  for id in "${OSD_IDS[@]}"; do
    echo "osd crush rm-device-class osd.$id"
    echo "osd crush set-device-class $([ "$id" -lt 2 ] && echo hdd || echo ssd) osd.$id"
  done
  for class in hdd ssd; do
    echo "osd crush rule create-replicated r_$class default host $class"
    echo "osd pool create rbd_$class 8 8 replicated r_$class"
    echo "osd pool application enable rbd_$class rbd"
  done
  echo 'osd pool create cephfs_meta 8 8 replicated r_ssd'
  echo 'osd pool create cephfs_data 8 8 replicated r_hdd'
  echo 'fs new labfs cephfs_meta cephfs_data'
} | ceph >>"$LAB/log/commands.log" 2>&1

healthy() { [ "$(ceph health 2>/dev/null)" = HEALTH_OK ]; }
wait_for 120 healthy
