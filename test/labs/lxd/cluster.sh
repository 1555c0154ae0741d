#!/bin/bash
# A cluster of three LXD members, two running containers on each, in two projects. Idempotent: starts dead members again.
. "$(dirname "$0")/common.sh"
start_bridge
start_lxcfs
for member in m1 m2 m3; do
  start_netns $member
  start_lxd $member
done
for member in m1 m2 m3; do wait_lxd $member; done
is_clustered m1 || on m1 lxd init --preseed <<PRESEED
config:
  core.https_address: 10.199.0.11:8443
  core.metrics_address: 10.199.0.11:8444
  images.auto_update_interval: "0"
storage_pools:
- {name: default, driver: dir}
networks:
- {name: lxdbr8, type: bridge, config: {ipv4.address: 10.98.0.1/24, ipv4.nat: "false", ipv6.address: none}}
profiles:
- name: default
  devices:
    root: {type: disk, path: /, pool: default}
    eth0: {type: nic, network: lxdbr8, name: eth0}
cluster: {server_name: m1, enabled: true}
PRESEED
for member in m2 m3; do
  is_clustered $member && continue
  token=$(on m1 lxc cluster add $member -q | tail -1)
  on $member lxd init --preseed <<PRESEED
cluster:
  enabled: true
  server_address: $(address $member):8443
  cluster_token: $token
  member_config:
  - {entity: storage-pool, name: default, key: source, value: ""}
PRESEED
  on $member lxc config set core.metrics_address "$(address $member):8444"
done
import_image m1
create_projects m1
trust_certificates m1
# By the list alone: of an instance whose member has just started, LXD may not be able to tell more.
is_there() { # PROJECT NAME
  on m1 lxc query "/1.0/instances?project=$1" | jq -e --arg name "$2" 'any(.[]; split("?")[0] | endswith("/" + $name))' >/dev/null
}
launch() { # PROJECT NAME MEMBER
  is_there "$1" "$2" || on m1 lxc -q --project "$1" launch bb "$2" --target "$3"
}
launching=()
for n in 1 2 3; do
  { launch default a$n m$n && launch web k$n m$n; } &
  launching+=($!)
done
for pid in "${launching[@]}"; do wait "$pid"; done
