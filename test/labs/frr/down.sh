#!/bin/bash
# down.sh [8|10]: ends what up.sh and scale.sh started, both versions without an argument.
[ $# -gt 0 ] || { "$0" 8; exec "$0" 10; }
. "$(dirname "$0")/common.sh"
for name in $(ip netns list | awk '{print $1}' | grep "^$ns-" || true); do
  kill_netns "$name"
  ip netns del "$name"
done
rm -rf --one-file-system "$LAB"
