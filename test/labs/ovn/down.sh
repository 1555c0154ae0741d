#!/bin/bash
# Stops what the other scripts started, by its pid files, and removes its state. KEEP=1 keeps the state.
. "$(dirname "$0")/env.sh"
pids=()
for file in "$RUN"/hv*/{controller,vswitchd,ovsdb}.pid "$RUN"/h*/{northd,nb,sb,relay}.pid; do
  [ -s "$file" ] || continue
  pid=$(cat "$file")
  # The pid may have been used again for something else.
  case "$(cat "/proc/$pid/comm" 2>/dev/null)" in ovs* | ovn*) ;; *) continue ;; esac
  kill -CONT "$pid" 2>/dev/null
  kill "$pid" 2>/dev/null && pids+=("$pid")
done
running() { case "$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -c1)" in '' | Z | X) return 1 ;; esac; }
for _ in $(seq 50); do
  left=0
  for pid in "${pids[@]}"; do running "$pid" && left=1; done
  [ $left = 0 ] && break
  sleep 0.1
done
for pid in "${pids[@]}"; do running "$pid" && kill -9 "$pid" 2>/dev/null; done
for ns in rwovn-hv1 rwovn-hv2 rwovn-hv3 rwovn-fabric; do
  ip netns list 2>/dev/null | grep -qw "$ns" && ip netns del "$ns"
done
[ "${KEEP:-0}" = 1 ] || rm -rf "$RUN" "$LAB"
exit 0
