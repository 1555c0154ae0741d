#!/bin/bash
# One LXD server with five running containers in three projects, one of them frozen, and a stopped one. Idempotent.
. "$(dirname "$0")/common.sh"
start_bridge
start_netns s1
start_lxcfs
start_lxd s1
wait_lxd s1
on s1 lxc storage show default >/dev/null 2>&1 || on s1 lxd init --preseed <<PRESEED
config:
  core.https_address: 10.199.0.10:8443
  core.metrics_address: 10.199.0.10:8444
  # From the start: LXD 5.0.2 takes no connections on an address that is set later.
  core.bgp_address: 10.199.0.10:18179
  core.bgp_asn: "64513"
  core.bgp_routerid: 10.199.0.10
  images.auto_update_interval: "0"
networks:
- {name: lxdbr9, type: bridge, config: {ipv4.address: 10.99.0.1/24, ipv4.nat: "false", ipv6.address: none}}
storage_pools:
- {name: default, driver: dir}
profiles:
- name: default
  devices:
    root: {type: disk, path: /, pool: default}
    eth0: {type: nic, network: lxdbr9, name: eth0}
PRESEED
import_image s1
create_projects s1
trust_certificates s1

make() { # PROJECT NAME ARGUMENTS…
  on s1 lxc --project "$1" info "$2" >/dev/null 2>&1 || on s1 lxc -q --project "$1" launch bb "$2" "${@:3}"
}
# LXD 5.0.2 shows lxd_disk_* on cgroup v1 only for a disk with a throttle.
make default c1 -c boot.autostart=true -d root,limits.read=500MB -d root,limits.write=500MB
make default c2
make web w1 -c limits.memory=64MiB -c limits.cpu=1
make web w2 -c limits.memory=10% -c limits.cpu=0-1
make db d1
on s1 lxc --project web info w3 >/dev/null 2>&1 || on s1 lxc -q --project web init bb w3
on s1 lxc project set web limits.containers=10
on s1 lxc exec c1 -- dd if=/dev/zero of=/data/file bs=1M count=4 oflag=direct 2>/dev/null
on s1 lxc info c1 | grep -q snap0 || on s1 lxc -q snapshot c1 snap0
[ "$(on s1 lxc list '^c2$' -f csv -c s)" = FROZEN ] || on s1 lxc -q pause c2
