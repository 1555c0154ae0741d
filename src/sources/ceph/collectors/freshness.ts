import { emitState, gauge } from '../../../core/metric.ts';
import { type StaleReason, staleReasons } from '../client/freshness.ts';
import { type CephCollector, emitKnown } from './collector.ts';

const fresh = gauge('rackwatch_ceph_data_fresh', {
  help: 'Whether what is shown of the cluster is the present (1). At 0 it is the last that was known, without health, until it is withdrawn.',
});
const stale = gauge('rackwatch_ceph_data_stale_state', {
  help: `Why the data are not fresh, 1 for each reason that holds: ${Object.entries(staleReasons)
    .map(([reason, text]) => `${reason}: ${text}`)
    .join('; ')}.`,
  labels: ['state'],
});
const age = gauge('rackwatch_ceph_data_age_seconds', {
  help: 'Seconds since the data were last fresh; absent if they never were.',
});
const managerState = gauge('rackwatch_ceph_manager_state', {
  help: 'What the endpoint of a manager answers, as one of three states: active, standby, unavailable.',
  labels: ['manager', 'state'],
});
const exporterUp = gauge('rackwatch_ceph_exporter_up', {
  help: 'Whether a ceph-exporter answers; absent while the managers have the performance counters themselves.',
  labels: ['exporter'],
});

const reasons = Object.keys(staleReasons) as StaleReason[];
const managerStates = ['active', 'standby', 'unavailable'];

export const freshness: CephCollector = {
  name: 'freshness',
  isWitness: true,
  help: 'Whether what the managers say is the present, and which of them says it.',
  metrics: [fresh, stale, age, managerState, exporterUp],
  async collect({ client, clock, emit, signal }) {
    const reading = await client.read(signal);
    const { freshAtMs, reasons: holding } = reading.freshness;
    emit(fresh, {}, holding.size === 0 ? 1 : 0);
    for (const reason of reasons) emit(stale, { state: reason }, holding.has(reason) ? 1 : 0);
    emitKnown(emit, age, {}, freshAtMs === undefined ? undefined : (clock.now() - freshAtMs) / 1000);
    for (const { manager, state } of reading.managers) {
      emitState(emit, managerState, { manager: addressOf(manager) }, 'state', managerStates, state);
    }
    for (const [exporter, code] of reading.exporters) {
      emit(exporterUp, { exporter: addressOf(exporter) }, code === undefined ? 1 : 0);
    }
    const managers = reading.managers.map(({ manager, state }) => ({ manager: addressOf(manager), state }));
    return { staleReasons: [...holding], managers };
  },
};

/** An address with its port, and nothing that a URL may have besides. */
const addressOf = (url: string): string => new URL(url).host;
