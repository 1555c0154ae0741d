# Sourced by up.sh: the cluster's configuration. The short times make the drills short; they change no behaviour.
# Below the ports that Linux gives to any connection, and to whom test/free-port.ts does.
mon_address() { # index
  echo "[v2:127.0.0.1:$((10100 + $1)),v1:127.0.0.1:$((10200 + $1))]"
}

write_conf() { # fsid
  local hosts
  hosts="$(mon_address 0),$(mon_address 1),$(mon_address 2)"
  cat <<C
[global]
fsid = $1
mon_initial_members = a,b,c
mon_host = $hosts
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = false
run_dir = $LAB/run
admin_socket = $LAB/run/\$cluster-\$name.asok
pid_file = $LAB/run/\$name.pid
log_file = $LAB/log/\$name.log
keyring = $LAB/keys/\$cluster.\$name.keyring
osd_crush_chooseleaf_type = 1
mon_osd_min_down_reporters = 1
osd_pool_default_size = 2
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pg_autoscale_mode = off
mon_max_pg_per_osd = 1000
mon_allow_pool_delete = true
mon_data_avail_warn = 2
mon_data_avail_crit = 1
osd_objectstore = bluestore
[client]
admin_socket =
log_file =
[mon]
mon_data = $LAB/data/mon.\$id
# The global keyring would replace the monitors' own, and there would be no quorum.
keyring = $LAB/data/mon.\$id/keyring
mon_clock_drift_allowed = 1
mon_osd_down_out_interval = 600
mon_mgr_beacon_grace = 12
mon_lease = 2
# Each command that changes something waits up to a second for others to go with it, but for these two.
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
mgr_initial_modules = prometheus
[mgr]
mgr_data = $LAB/data/mgr.\$id
# Modules that no test looks at: 100 MB and several seconds of loading for each manager.
mgr_disabled_modules = dashboard restful influx telegraf zabbix insights test_orchestrator selftest mirroring snap_schedule alerts localpool stats osd_support osd_perf_query iostat diskprediction_local k8sevents nfs rook cephadm
[mds]
mds_data = $LAB/data/mds.\$id
[osd]
osd_data = $LAB/data/osd.\$id
osd_max_object_name_len = 256
osd_max_object_namespace_len = 64
bluestore_block_size = 1073741824
bluestore_cache_autotune = false
bluestore_cache_size = 33554432
osd_class_update_on_start = false
osd_memory_target = 939524096
osd_op_complaint_time = 2
osd_heartbeat_grace = 20
osd_heartbeat_interval = 2
# Recovery sleeps 0.1 s after each object on an hdd: minutes, for a test.
osd_recovery_sleep = 0
osd_recovery_sleep_hdd = 0
osd_recovery_max_active = 20
C
  # All daemons share one machine: what says that the OSDs stand in two hosts is this.
  for id in "${OSD_IDS[@]}"; do
    printf '[osd.%s]\ncrush_location = root=default host=%s\n' "$id" "${HOST[osd.$id]}"
  done
}
