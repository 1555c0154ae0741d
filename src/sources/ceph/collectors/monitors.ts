import { type Emit, gauge } from '../../../core/metric.ts';
import type { Reading } from '../client/ceph-client.ts';
import { formatAddress } from '../client/monitor/address.ts';
import { memberOf } from '../config.ts';
import { type JoinedMonitor, joinMonitors } from '../monitor-join.ts';
import { type CephCollector, emitKnown, isHealthKnown } from './collector.ts';

const reachable = gauge('rackwatch_ceph_mon_reachable', {
  help: 'Whether a monitor greets whoever connects, on one of its addresses at least. Seen by rackwatch itself.',
  labels: ['mon', 'member'],
});
const addressReachable = gauge('rackwatch_ceph_mon_address_reachable', {
  help: 'Whether a monitor greets on this address with the messenger that belongs there.',
  labels: ['mon', 'member', 'address'],
});
const inQuorum = gauge('rackwatch_ceph_mon_in_quorum', {
  help: 'Whether a monitor is in the quorum, as the active manager says; absent where it cannot know.',
  labels: ['mon', 'member'],
});
const known = gauge('rackwatch_ceph_mons', {
  help: "Monitors of the cluster, by the active manager's last word.",
});
const quorumSize = gauge('rackwatch_ceph_mons_in_quorum', {
  help: 'Monitors in the quorum, as the active manager says; absent where it cannot know.',
});
const reachableCount = gauge('rackwatch_ceph_mons_reachable', {
  help: 'Configured monitors that greet whoever connects.',
});
const majority = gauge('rackwatch_ceph_mons_majority', { help: 'Monitors that a quorum takes.' });

export const monitors: CephCollector = {
  name: 'monitors',
  isWitness: true,
  help: 'The monitors, as rackwatch reaches them itself and as the active manager sees them.',
  metrics: [reachable, addressReachable, inQuorum, known, quorumSize, reachableCount, majority],
  async collect({ client, config, emit, signal }) {
    const reading = await client.read(signal);
    const isPresent = reading.pages !== undefined && isHealthKnown(reading);
    const mons = joinMonitors(reading).map((mon) => ({
      ...mon,
      member: memberOf(config, mon.host),
      isReachable: mon.probed?.reachable.includes(true),
      isInQuorum: isPresent ? mon.daemon?.inQuorum : undefined,
    }));
    for (const mon of mons) emitMonitor(emit, mon);
    emitCounts(emit, reading, mons);
    return {
      mons: {
        majority: reading.freshness.majority,
        mons: mons.map(({ name, host, member, isReachable, isInQuorum }) => ({
          name,
          member,
          ...(host === undefined ? {} : { host }),
          reachable: isReachable,
          inQuorum: isInQuorum,
        })),
      },
    };
  },
};

interface Row extends JoinedMonitor {
  readonly member: string;
  readonly isReachable: boolean | undefined;
  readonly isInQuorum: boolean | undefined;
}

function emitMonitor(emit: Emit, { name, member, probed, isReachable, isInQuorum }: Row): void {
  const labels = { mon: name, member };
  emitKnown(emit, reachable, labels, isReachable);
  for (const [i, address] of (probed?.monitor.addresses ?? []).entries()) {
    emitKnown(emit, addressReachable, { ...labels, address: formatAddress(address) }, probed?.reachable[i]);
  }
  emitKnown(emit, inQuorum, labels, isInQuorum);
}

function emitCounts(emit: Emit, { freshness, lastCluster, monitors: probed }: Reading, mons: readonly Row[]): void {
  emitKnown(emit, known, {}, lastCluster?.daemons.mons.length);
  if (mons.some(({ isInQuorum }) => isInQuorum !== undefined)) {
    emit(quorumSize, {}, mons.filter(({ isInQuorum }) => isInQuorum).length);
  }
  if (probed.length > 0) emit(reachableCount, {}, mons.filter(({ isReachable }) => isReachable).length);
  emitKnown(emit, majority, {}, freshness.majority);
}
