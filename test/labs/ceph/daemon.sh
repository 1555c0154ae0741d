#!/bin/bash
# Starts one daemon of a running cluster again: daemon.sh osd 0, daemon.sh mgr x, daemon.sh mon a.
source "$(dirname "$0")/common.sh"
start_daemon "$1" "$2"
