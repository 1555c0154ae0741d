import { counter, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { BmcConfig } from '../config.ts';
import type { BmcFacts } from '../facts.ts';
import type { BmcTarget } from '../target.ts';

const entries = gauge('bmc_sel_entries', { help: 'Entries in the system event log.', labels: ['member'] });
const freeBytes = gauge('bmc_sel_free_bytes', {
  help: 'Space left in the system event log; most boards stop recording when it is full.',
  labels: ['member'],
});
const events = counter('bmc_sel_events_total', {
  help: 'Entries of the system event log by kind of sensor, deassertions left out. Goes on when the log is cleared; appears when the whole log has been read once.',
  labels: ['member', 'kind'],
});

export const eventLogs: Collector<BmcTarget, BmcFacts, BmcConfig> = {
  name: 'event-logs',
  help: 'How full the system event log is, and how many events of each kind it got. Nothing is cleared.',
  metrics: [entries, freeBytes, events],
  async collect({ client: { bmc, member }, emit, signal }) {
    const log = await bmc.eventLog(signal);
    if (!log) return undefined;
    emit(entries, { member }, log.entries);
    if (log.freeBytes !== undefined) emit(freeBytes, { member }, log.freeBytes);
    for (const [kind, count] of log.counts ?? []) emit(events, { member, kind }, count);
    return undefined;
  },
};
