#!/bin/bash
# down.sh [single|cluster]: stops what that script, or both, have started and removes its state. Touches nothing else.
. "$(dirname "$0")/common.sh"
set +e
case ${1:-} in single) names='s1 r1' ;; cluster) names='m1 m2 m3' ;; *) names='s1 r1 m1 m2 m3' ;; esac

# LXD leaves its containers running when it ends: the child of every monitor is a container's init.
# A frozen container ignores SIGKILL until it is thawed.
kill_containers() {
  local monitor init freezer found=1
  for monitor in $(grep -lsaE "^\[lxc monitor\] $LAB/(${names// /|})/" /proc/[0-9]*/cmdline | cut -d/ -f3); do
    found=0
    for init in $(cat /proc/"$monitor"/task/*/children 2>/dev/null); do
      freezer=$(awk -F: '$2 == "freezer" { print $3 }' "/proc/$init/cgroup" 2>/dev/null)
      case $freezer in */lxc.payload.*) echo THAWED >"/sys/fs/cgroup/freezer$freezer/freezer.state" 2>/dev/null ;; esac
      kill -KILL "$init" 2>/dev/null
    done
  done
  return $found
}

no_containers() { ! kill_containers; }
all_ended() { local name; for name in $names; do pid_of "$name" >/dev/null && return 1; done; return 0; }
signal_all() { local name pid; for name in $names; do pid=$(pid_of "$name") && kill "-$1" "$pid"; done; }

retry 10 'containers end' no_containers
signal_all CONT
signal_all TERM
# The last members of a cluster wait for a quorum that will not come.
retry 2 'daemons end' all_ended 2>/dev/null || { signal_all KILL; retry 10 'killed daemons end' all_ended; }

for name in $names; do
  for pid in $(ip netns pids "$(netns "$name")" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null; done
  ip link del "$(netns "$name")" 2>/dev/null
  ip link del "$(netns "$name")-mgmt" 2>/dev/null
  ip netns del "$(netns "$name")" 2>/dev/null
  grep -o " $LAB/$name/[^ ]*" /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
  rm -rf "${LAB:?}/$name"
done

# What both share goes with the last of them.
names='s1 m1 m2 m3'
all_ended || exit 0
ip link del $bridge 2>/dev/null
if pid=$(cat "$LAB/run/lxcfs.pid" 2>/dev/null) && grep -qsa lxcfs "/proc/$pid/cmdline"; then
  kill "$pid"
  no_lxcfs() { ! has_lxcfs; }
  retry 3 'lxcfs unmounts' no_lxcfs || umount -l /var/lib/lxcfs
fi
rm -rf "${LAB:?}"
find /sys/fs/cgroup -depth -type d \( -name 'lxc.payload.*' -o -name 'lxc.monitor.*' \) -exec rmdir {} + 2>/dev/null
exit 0
