#!/bin/bash
# in-netns.sh NETNS COMMAND…: runs it there, with that namespace's /sys and the host's cgroups.
# `ip netns exec` would hide /sys/fs/cgroup, and plain `nsenter --net` would show the host's /sys/class/net.
ns=$1
shift
exec nsenter --net="/run/netns/$ns" -- unshare -m --propagation private bash -c '
  set -e
  keep=${TMPDIR:-/tmp}/rackwatch-lab/lxd/run/cgroup
  mkdir -p "$keep"
  mount --rbind /sys/fs/cgroup "$keep"
  umount -l /sys
  mount -t sysfs sysfs /sys
  mount --rbind "$keep" /sys/fs/cgroup
  umount -l "$keep"
  exec "$@"' in-netns "$@"
