# Sourced by the scripts beside it: where the cluster lives and how its daemons start.
set -euo pipefail
LAB=${TMPDIR:-/tmp}/rackwatch-lab/ceph
CONF=$LAB/ceph.conf
# A manager embeds Python and finds its modules by PATH: a pyenv shim that comes first breaks them.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin CEPH_CONF=$CONF
unset PYTHONPATH PYTHONHOME PYENV_VERSION || true

MON_IDS=(a b c)
MGR_IDS=(x y)
OSD_IDS=(0 1 2 3)
declare -A HOST=(
  [mon.a]=abydos [mon.b]=langara [mon.c]=orilla [mgr.x]=abydos [mgr.y]=langara [mds.m]=orilla [mds.n]=langara
  [osd.0]=abydos [osd.1]=langara [osd.2]=abydos [osd.3]=langara
)
declare -A MGR_ADDRESS=([x]=127.0.0.11 [y]=127.0.0.12)

# Every daemon has a UTS namespace of its own, so that the cluster reports three hosts though it runs on one.
start_daemon() { # kind id
  local host=${HOST[$1.$2]}
  setsid unshare --uts sh -c 'hostname "$1"; shift; exec "$@"' sh "$host" \
    "ceph-$1" -c "$CONF" -i "$2" -f --setuser root --setgroup root >>"$LAB/log/stdout.log" 2>&1 </dev/null &
}

# Polls a condition: seconds, then a command.
wait_for() {
  local seconds=$1 end
  shift
  end=$((SECONDS + seconds))
  until "$@"; do
    if ((SECONDS >= end)); then
      echo "waited $seconds s in vain: $*" >&2
      return 1
    fi
    sleep 0.2
  done
}
