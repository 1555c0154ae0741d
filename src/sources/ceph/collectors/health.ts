import { emitState, gauge } from '../../../core/metric.ts';
import type { Cluster } from '../client/manager/cluster.ts';
import { memberOf } from '../config.ts';
import { type CephCollector, emitKnown, isHealthKnown, requirePages } from './collector.ts';

const status = gauge('rackwatch_ceph_health_state', {
  help: "The cluster's health as one of three states: ok, warn, error. Absent when the managers cannot know it.",
  labels: ['state'],
});
const check = gauge('rackwatch_ceph_health_check_active', {
  help: 'A health check that is raised (1), with its level: warn or error. Others are absent.',
  labels: ['check', 'level'],
});
const recentCrash = gauge('rackwatch_ceph_recent_crash', {
  help: 'Whether a daemon has crashed lately and nobody has acknowledged it (check RECENT_CRASH).',
});
const flag = gauge('rackwatch_ceph_flag_set', {
  help: 'Whether a flag such as noout is set for all OSDs.',
  labels: ['flag'],
});
const slowOps = gauge('rackwatch_ceph_daemon_slow_ops', {
  help: 'Operations of a daemon that take longer than osd_op_complaint_time.',
  labels: ['daemon', 'member'],
});
const degraded = gauge('rackwatch_ceph_objects_degraded', { help: 'Copies of objects that are missing.' });
const misplaced = gauge('rackwatch_ceph_objects_misplaced', {
  help: 'Copies of objects that are not where they should be.',
});
const unfound = gauge('rackwatch_ceph_objects_unfound', { help: 'Objects of which no valid copy can be found.' });

export const health: CephCollector = {
  name: 'health',
  help: 'Status, raised checks, flags, slow operations; degraded, misplaced and unfound objects.',
  metrics: [status, check, recentCrash, flag, slowOps, degraded, misplaced, unfound],
  async collect({ client, config, emit, signal }) {
    const reading = await client.read(signal);
    const { cluster } = requirePages(reading);
    const { health: now } = cluster;
    const isKnown = isHealthKnown(reading);
    if (isKnown) {
      emitState(emit, status, {}, 'state', ['ok', 'warn', 'error'], now.status);
      for (const { name, level } of now.checks) emit(check, { check: name, level }, 1);
      emit(recentCrash, {}, now.checks.some(({ name }) => name === 'RECENT_CRASH') ? 1 : 0);
      const hosts = hostsByDaemon(cluster);
      for (const [daemon, count] of now.slowOps) {
        emit(slowOps, { daemon, member: memberOf(config, hosts.get(daemon)) }, count);
      }
    }
    for (const [name, isSet] of now.flags) emit(flag, { flag: name }, isSet ? 1 : 0);
    emitKnown(emit, degraded, {}, now.degradedObjects);
    emitKnown(emit, misplaced, {}, now.misplacedObjects);
    emitKnown(emit, unfound, {}, now.unfoundObjects);
    const flags = [...now.flags].flatMap(([name, isSet]) => (isSet ? [name] : []));
    return { health: { status: isKnown ? now.status : undefined, checks: isKnown ? now.checks : [], flags } };
  },
};

const hostsByDaemon = ({ osds, daemons }: Cluster): ReadonlyMap<string, string | undefined> =>
  new Map([
    ...osds.map(({ id, host }) => [`osd.${id}`, host] as const),
    ...daemons.mons.map(({ id, host }) => [`mon.${id}`, host] as const),
  ]);
