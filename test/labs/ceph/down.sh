#!/bin/bash
# Stops the cluster's daemons by their process ids; with --wipe the data go as well.
source "$(dirname "$0")/common.sh"
pids=()
for file in "$LAB"/run/*.pid; do
  [ -s "$file" ] || continue
  pid=$(<"$file")
  # The pid may be another program's by now: the command line tells.
  if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "-c $CONF"; then
    pids+=("$pid")
    kill -CONT "$pid"
    kill -KILL "$pid"
  fi
done
for pid in "${pids[@]}"; do
  gone() { [ ! -d "/proc/$pid" ]; }
  wait_for 20 gone
done
if [ "${1:-}" = --wipe ]; then rm -rf "${LAB:?}"/{run,log,data,keys,monmap,ceph.conf}; fi
