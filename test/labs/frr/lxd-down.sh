#!/bin/bash
# lxd-down.sh: ends what lxd-up.sh started and removes its state.
. "$(dirname "$0")/common.sh" 8
set +e
LXD=$BASE/frr-lxd
export LXD_DIR=$LXD/lxd
pid=$(cat "$LXD/lxd.pid" 2>/dev/null)
runs() { [ -n "$pid" ] && grep -qsa "$LXD" "/proc/$pid/cmdline"; }
runs && kill -CONT "$pid"
# LXD leaves its containers running when it ends; a frozen one ignores SIGKILL until it is thawed.
for monitor in $(grep -lsa "^\[lxc monitor\] $LXD_DIR/" /proc/[0-9]*/cmdline | cut -d/ -f3); do
  for init in $(cat /proc/"$monitor"/task/*/children 2>/dev/null); do
    freezer=$(awk -F: '$2 == "freezer" { print $3 }' "/proc/$init/cgroup" 2>/dev/null)
    case $freezer in */lxc.payload.*) echo THAWED >"/sys/fs/cgroup/freezer$freezer/freezer.state" 2>/dev/null ;; esac
    kill -KILL "$init" 2>/dev/null
  done
done
sleep 0.5
if runs; then
  kill -TERM "$pid"
  for _ in $(seq 40); do runs || break; sleep 0.2; done
  ! runs || kill -KILL "$pid"
fi
grep -o " $LXD/[^ ]*" /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
rm -rf --one-file-system "${LXD:?}"
exit 0
