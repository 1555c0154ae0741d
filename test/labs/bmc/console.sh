#!/bin/bash
# console.sh ADDRESS COMMAND...: commands for a running simulator, such as 'sensor_set_value 0x20 0 1 0x2f 0'.
address=$1; shift
# The simulator reads one line at a time and dies when we hang up early, so wait for the prompt after the last one.
{ printf '%s\n' "$@"; sleep "${WAIT:-0.3}"; } | socat -t2 - "TCP:$address:9630" | tr -d '\377\373\375\001\003\000'
