#!/bin/bash
# up.sh [COUNT=1]: simulated BMCs (Debian's ipmi_sim) on 127.0.62.1.., UDP 9623, console TCP 9630.
# With POWERED=1 their servers are on. Idempotent: restarts the ones it started. Every line of output: name, address, pid.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
count=${1:-1}
run=${TMPDIR:-/tmp}/rackwatch-lab/bmc
if ! command -v ipmi_sim >/dev/null || ! command -v socat >/dev/null; then
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openipmi socat >/dev/null
fi
"$here/down.sh" >/dev/null
mkdir -p "$run"

start() { # NAME ADDRESS
  # SIGPIPE ignored: without it ipmi_sim dies when a console client hangs up before the prompt is written.
  ( trap '' PIPE; exec setsid ipmi_sim -c "$run/$1/lan.conf" -f "$run/$1/cmds.emu" -s "$run/$1/state" -p -n \
      >"$run/$1/log" 2>&1 </dev/null ) &
  echo $! >"$run/$1/pid"
}

is_ready() { # ADDRESS: both sockets are bound. The console is never probed by connecting to it.
  [ "$(ss -Hlnut "src $1" | grep -cE ':(9623|9630) ')" = 2 ]
}

for i in $(seq 1 "$count"); do
  rm -rf "$run/bmc$i"; mkdir -p "$run/bmc$i/state"
  node "$here/generate.mjs" "$run/bmc$i" "bmc$i" "127.0.62.$i" 9623 9630
  start "bmc$i" "127.0.62.$i"
done
for i in $(seq 1 "$count"); do
  for _ in $(seq 1 300); do
    is_ready "127.0.62.$i" && break
    kill -0 "$(cat "$run/bmc$i/pid")" 2>/dev/null || break
    sleep 0.1
  done
  is_ready "127.0.62.$i" || { echo "bmc$i did not start:"; cat "$run/bmc$i/log"; exit 1; }
  echo "bmc$i 127.0.62.$i $(cat "$run/bmc$i/pid")"
done
