#!/bin/bash
# Stops only the simulators that up.sh started: by pid, checked against their command line.
run=${TMPDIR:-/tmp}/rackwatch-lab/bmc
for file in "$run"/*/pid; do
  [ -f "$file" ] || continue
  pid=$(cat "$file")
  if [ -r "/proc/$pid/cmdline" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "^ipmi_sim -c $run/"; then
    kill "$pid"
    for _ in $(seq 1 20); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null
  fi
  rm -f "$file"
done
exit 0
