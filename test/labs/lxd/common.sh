# Sourced by the scripts beside it. Every LXD of the lab runs in a network namespace of its own, on one bridge:
#   s1          10.199.0.10  a server on its own
#   m1 m2 m3    10.199.0.11 … 13  a cluster
#   r1          10.199.0.20  FRR instead, for s1 to announce to
# API on port 8443, metrics listener on 8444; state in $LAB/<name>, which is its LXD_DIR.
set -eu
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export LAB=${TMPDIR:-/tmp}/rackwatch-lab/lxd
export PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
bridge=rwlxd0
mkdir -p "$LAB/run" "$LAB/certs"
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"

address() { case $1 in s1) echo 10.199.0.10 ;; m*) echo "10.199.0.1${1#m}" ;; r1) echo 10.199.0.20 ;; esac; }
netns() { echo "rwlxd-$1"; }

# retry SECONDS WHAT COMMAND…: until it succeeds
retry() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $end ] || { echo "gave up waiting: $what" >&2; return 1; }
    sleep 0.1
  done
}

# The pid of a daemon of ours, if it runs: its command line must name our folder, since ids are used again.
pid_of() {
  local pid
  pid=$(cat "$LAB/run/$1.pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && grep -qsa "$LAB" "/proc/$pid/cmdline" && echo "$pid"
}

start_bridge() {
  ip link show $bridge >/dev/null 2>&1 && return
  ip link add $bridge type bridge
  ip addr add 10.199.0.1/24 dev $bridge
  ip link set $bridge up
}

start_netns() {
  local ns
  ns=$(netns "$1")
  [ -e "/run/netns/$ns" ] || ip netns add "$ns"
  ip link show "$ns" >/dev/null 2>&1 && return
  ip link add "$ns" type veth peer name eth0 netns "$ns"
  ip link set "$ns" master $bridge up
  ip -n "$ns" link set lo up
  ip -n "$ns" addr add "$(address "$1")/24" dev eth0
  ip -n "$ns" link set eth0 up
  ip -n "$ns" route add default via 10.199.0.1
}

has_lxcfs() { grep -q ' /var/lib/lxcfs fuse.lxcfs' /proc/mounts; }

# Without it containers see the host's /proc; everything else works, so its absence is no failure.
start_lxcfs() {
  has_lxcfs && return
  mkdir -p /var/lib/lxcfs
  setsid nohup lxcfs -f -p "$LAB/run/lxcfs.lock" /var/lib/lxcfs >"$LAB/run/lxcfs.out" 2>&1 </dev/null &
  echo $! >"$LAB/run/lxcfs.pid"
  retry 5 'lxcfs mounts' has_lxcfs || true
}

# Starts the daemon in its namespace; one without a quorum is ready only when others are, so waiting is separate.
start_lxd() {
  pid_of "$1" >/dev/null && return
  mkdir -p "$LAB/$1"
  chmod 711 "$LAB/$1"
  LXD_DIR=$LAB/$1 setsid nohup "$here/in-netns.sh" "$(netns "$1")" \
    lxd --group root --logfile "$LAB/run/$1.log" >"$LAB/run/$1.out" 2>&1 </dev/null &
  echo $! >"$LAB/run/$1.pid"
}

wait_lxd() { LXD_DIR=$LAB/$1 lxd waitready --timeout 90; }

# on NAME COMMAND…: with that server's LXD_DIR
on() {
  local name=$1
  shift
  LXD_DIR=$LAB/$name "$@"
}

is_clustered() {
  curl -s --unix-socket "$LAB/$1/unix.socket" http://lxd/1.0/cluster | jq -e '.metadata.enabled' >/dev/null
}

# The busybox image, imported once per server; prints nothing.
import_image() {
  on "$1" lxc image info bb >/dev/null 2>&1 && return
  [ -s "$LAB/bb.tar.gz" ] || "$here/image.sh" "$LAB/bb.tar.gz"
  on "$1" lxc -q image import "$LAB/bb.tar.gz" --alias bb
}

create_projects() {
  local project
  for project in web db; do
    on "$1" lxc project show $project >/dev/null 2>&1 ||
      on "$1" lxc -q project create $project -c features.images=false -c features.profiles=false -c features.networks=false
  done
}

make_certificate() {
  [ -s "$1.crt" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -sha384 -nodes \
    -keyout "$1.key" -out "$1.crt" -days 3650 -subj "/CN=lab-$1" 2>/dev/null
}

# A certificate that is valid for a few seconds more: LXD trusts none that has expired already.
# `openssl req` counts in days.
make_expiring_certificate() {
  mkdir -p ca && : >ca/index.txt
  printf '%s\n' '[ca]' 'default_ca=d' '[d]' 'database=ca/index.txt' 'new_certs_dir=ca' 'rand_serial=yes' \
    'default_md=sha384' 'policy=p' '[p]' 'commonName=supplied' >ca/conf
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:secp384r1 -nodes -keyout expired.key -out ca/csr \
    -subj /CN=lab-expired 2>/dev/null
  openssl ca -batch -config ca/conf -selfsign -keyfile expired.key -in ca/csr -notext -out expired.crt \
    -startdate 20200101000000Z -enddate "$(date -u -d '20 seconds' +%Y%m%d%H%M%SZ)" 2>/dev/null
}

# One client certificate of every kind that LXD tells apart, in $LAB/certs; `unknown` is trusted nowhere, and the time
# of `expired` is over some 20 s after this.
trust_certificates() {
  local name=$1 kind
  cd "$LAB/certs"
  for kind in client metrics restricted metrics-restricted unknown; do make_certificate $kind; done
  trust "$name" client
  trust "$name" metrics --type metrics
  trust "$name" restricted --restricted --projects web
  trust "$name" metrics-restricted --type metrics --restricted --projects web
  is_trusted "$name" expired || { make_expiring_certificate && trust "$name" expired; }
  cd - >/dev/null
}

is_trusted() {
  [ -s "$2.crt" ] && on "$1" lxc config trust list -f csv |
    grep -q "$(openssl x509 -in "$2.crt" -outform der | sha256sum | cut -c1-12)"
}

trust() { # NAME KIND ARGUMENTS…
  is_trusted "$1" "$2" || on "$1" lxc -q config trust add "$2.crt" --name "lab-$2" "${@:3}"
}
