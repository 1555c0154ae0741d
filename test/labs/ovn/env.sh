# Sourced by the other scripts: where the lab lives and how its parts are called.
# RW_OVN_LAB overrides the directory; RW_OVN_NET the first three numbers of the loopback addresses.
LAB=${RW_OVN_LAB:-${TMPDIR:-/tmp}/rackwatch-lab/ovn}
NET=${RW_OVN_NET:-127.0.40}
RUN=$LAB/run PKI=$LAB/pki
NB=tcp:$NET.1:6641,tcp:$NET.2:6641,tcp:$NET.3:6641
SB=tcp:$NET.1:6642,tcp:$NET.2:6642,tcp:$NET.3:6642
SYSTEM_ID=(x 8f1c2a34-0001-4000-8000-000000000001 8f1c2a34-0002-4000-8000-000000000002 8f1c2a34-0003-4000-8000-000000000003)
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
# -vconsole:off must come before --log-file, or the daemons print all the same.
QUIET="-vconsole:off -vsyslog:off"

# A daemon that was killed may stay a zombie for a while, and kill -0 calls it alive: look at its state.
alive() { # pidfile
  [ -s "$1" ] || return 1
  case "$(sed 's/.*) //' "/proc/$(cat "$1")/stat" 2>/dev/null | cut -c1)" in '' | Z | X) return 1 ;; *) return 0 ;; esac
}
nbctl() { ovn-nbctl --db="$NB" -t 30 "$@"; }
