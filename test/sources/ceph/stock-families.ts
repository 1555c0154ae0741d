/** What the dashboards and the alert rules of Ceph 16.2.15 read, as far as a cluster in good health without RGW has it. */
export const stockFamilies = [
  ...['ceph_health_status', 'ceph_healthcheck_slow_ops', 'ceph_daemon_health_metrics', 'ceph_mgr_status'],
  ...['ceph_mon_metadata', 'ceph_mon_quorum_status', 'ceph_mds_inodes', 'ceph_mds_server_handle_client_request'],
  ...['ceph_objecter_op_r', 'ceph_objecter_op_w', 'ceph_bluefs_wal_total_bytes', 'ceph_bluestore_onode_hits'],
  ...['ceph_bluestore_onode_misses', 'ceph_osd_apply_latency_ms', 'ceph_osd_commit_latency_ms', 'ceph_osd_in'],
  ...['ceph_osd_metadata', 'ceph_osd_numpg', 'ceph_osd_op_r', 'ceph_osd_op_r_latency_count', 'ceph_osd_op_w'],
  ...['ceph_osd_op_r_latency_sum', 'ceph_osd_op_r_out_bytes', 'ceph_osd_op_w_in_bytes', 'ceph_osd_recovery_ops'],
  ...['ceph_osd_op_w_latency_count', 'ceph_osd_op_w_latency_sum', 'ceph_osd_stat_bytes', 'ceph_osd_stat_bytes_used'],
  ...['ceph_osd_up', 'ceph_pg_active', 'ceph_pg_clean', 'ceph_pg_degraded', 'ceph_pg_down', 'ceph_pg_inconsistent'],
  ...['ceph_pg_total', 'ceph_pg_undersized', 'ceph_pool_bytes_used', 'ceph_pool_compress_bytes_used'],
  ...['ceph_pool_compress_under_bytes', 'ceph_pool_max_avail', 'ceph_pool_metadata', 'ceph_pool_objects'],
  ...['ceph_pool_percent_used', 'ceph_pool_rd', 'ceph_pool_rd_bytes', 'ceph_pool_stored', 'ceph_pool_stored_raw'],
  ...['ceph_pool_wr', 'ceph_pool_wr_bytes', 'ceph_rbd_read_bytes', 'ceph_rbd_read_ops', 'ceph_rbd_write_bytes'],
  ...['ceph_rbd_read_latency_count', 'ceph_rbd_read_latency_sum', 'ceph_rbd_write_latency_count'],
  ...['ceph_rbd_write_latency_sum', 'ceph_rbd_write_ops'],
];
