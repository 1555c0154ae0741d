/**
 * Ceph's own families that are passed on with `families: core`: what the stock dashboards and alert rules of Ceph
 * (ceph-mixin, checked with those of 16.2.15) read, and what belongs to it. A manager has some four hundred more.
 */
export const coreFamilies: readonly string[] = [
  'ceph_health_status',
  'ceph_health_detail',
  'ceph_healthcheck_slow_ops',
  'ceph_daemon_health_metrics',
  'ceph_mon_metadata',
  'ceph_mon_quorum_status',
  'ceph_mgr_metadata',
  'ceph_mgr_status',
  'ceph_mgr_module_status',
  'ceph_mgr_module_can_run',
  'ceph_fs_metadata',
  'ceph_mds_metadata',
  'ceph_mds_inodes',
  'ceph_mds_server_handle_client_request',
  'ceph_mds_reply_latency_sum',
  'ceph_mds_reply_latency_count',
  'ceph_mds_sessions_sessions_open',
  'ceph_objecter_op_r',
  'ceph_objecter_op_w',
  'ceph_cluster_total_bytes',
  'ceph_cluster_total_used_bytes',
  'ceph_cluster_total_used_raw_bytes',
  'ceph_cluster_osd_blocklist_count',
  'ceph_num_objects_degraded',
  'ceph_num_objects_misplaced',
  'ceph_num_objects_unfound',
  'ceph_osd_metadata',
  'ceph_osd_up',
  'ceph_osd_in',
  'ceph_osd_weight',
  'ceph_osd_numpg',
  'ceph_osd_stat_bytes',
  'ceph_osd_stat_bytes_used',
  'ceph_osd_apply_latency_ms',
  'ceph_osd_commit_latency_ms',
  'ceph_osd_op_r',
  'ceph_osd_op_r_out_bytes',
  'ceph_osd_op_r_latency_sum',
  'ceph_osd_op_r_latency_count',
  'ceph_osd_op_w',
  'ceph_osd_op_w_in_bytes',
  'ceph_osd_op_w_latency_sum',
  'ceph_osd_op_w_latency_count',
  'ceph_osd_op_rw',
  'ceph_osd_op_wip',
  'ceph_osd_recovery_ops',
  'ceph_osd_recovery_bytes',
  'ceph_bluestore_commit_lat_sum',
  'ceph_bluestore_commit_lat_count',
  'ceph_bluestore_txc_commit_lat_sum',
  'ceph_bluestore_txc_commit_lat_count',
  'ceph_bluestore_onode_hits',
  'ceph_bluestore_onode_misses',
  'ceph_bluefs_db_total_bytes',
  'ceph_bluefs_db_used_bytes',
  'ceph_bluefs_wal_total_bytes',
  'ceph_disk_occupation',
  'ceph_disk_occupation_human',
  'ceph_daemon_socket_up',
  'ceph_prometheus_collect_duration_seconds_count',
];

/** Of a family that grows with the cluster's states, pools or gateways, all members. */
export const corePrefixes: readonly string[] = [
  'ceph_cluster_by_class_',
  'ceph_data_sync_from_',
  'ceph_osd_flag_',
  'ceph_pg_',
  'ceph_pool_',
  'ceph_rbd_',
  'ceph_rgw_',
];

const core = new Set(coreFamilies);

export const isCore = (family: string): boolean =>
  core.has(family) || corePrefixes.some((prefix) => family.startsWith(prefix));

/** What a manager says of health without knowing better, once it has lost its monitors. */
export const healthFamilies: ReadonlySet<string> = new Set([
  'ceph_health_status',
  'ceph_health_detail',
  'ceph_healthcheck_slow_ops',
  'ceph_daemon_health_metrics',
  'ceph_mon_quorum_status',
]);
