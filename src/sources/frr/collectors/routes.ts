import { type Emit, gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { RouterClient } from '../client/client.ts';
import { type Afi, afis, showAllRouteSummaries, showRouteSummary, showVrfs } from '../client/commands.ts';
import { objectOf } from '../client/json.ts';
import { parseRouteSummary, parseVrfs, type RouteSummary } from '../client/route-summary.ts';
import type { FrrConfig } from '../config.ts';
import type { FrrFacts } from '../facts.ts';
import { emitKnown, inheritedGauge } from './labels.ts';

const tableLabels = ['router', 'afi', 'vrf'] as const;
const protocolLabels = ['router', 'afi', 'route_type', 'vrf'] as const;

const total = inheritedGauge('frr_route_total', tableLabels, 'Routes in the routing table.');
const totalFib = gauge('frr_route_total_fib', { labels: tableLabels, help: 'Routes that were given to the kernel.' });
const rib = inheritedGauge('frr_route_rib_count', protocolLabels, 'Routes in the routing table, by protocol.');
const fib = inheritedGauge('frr_route_fib_count', protocolLabels, 'Routes that were given to the kernel, by protocol.');
const offloaded = inheritedGauge(
  'frr_route_fib_offloaded_count',
  protocolLabels,
  'Routes that the kernel offloaded to hardware, by protocol.',
);
const trapped = inheritedGauge(
  'frr_route_fib_trapped_count',
  protocolLabels,
  'Routes that hardware traps to the kernel, by protocol.',
);

export const routes: Collector<RouterClient, FrrFacts, FrrConfig> = {
  name: 'routes',
  help: 'Routes in the table and in the kernel, by protocol, address family and VRF.',
  metrics: [total, totalFib, rib, fib, offloaded, trapped],
  async collect({ client, signal, emit }) {
    if (!(await client.router.runs('zebra', signal))) return undefined;
    for (const afi of afis) {
      const tables = await readTables(client, afi, signal);
      for (const [vrf, table] of tables) emitTable(emit, { router: client.name, afi, vrf }, table);
    }
    return undefined;
  },
};

/** FRR before 10.1 prints the tables of all VRFs without their names, so each is asked for by its own. */
async function readTables({ router }: RouterClient, afi: Afi, signal: AbortSignal): Promise<[string, RouteSummary][]> {
  if (await router.has(showAllRouteSummaries(afi), signal)) {
    const tables = objectOf(await router.json(showAllRouteSummaries(afi), signal));
    return Object.entries(tables).map(([vrf, table]) => [vrf, parseRouteSummary(table)]);
  }
  const names = ['default', ...parseVrfs(await router.text(showVrfs, signal))];
  const read = async (vrf: string) => parseRouteSummary(await router.json(showRouteSummary(afi, vrf), signal));
  return Promise.all(names.map(async (vrf): Promise<[string, RouteSummary]> => [vrf, await read(vrf)]));
}

function emitTable(
  emit: Emit,
  of: Readonly<Record<(typeof tableLabels)[number], string>>,
  { total: count, totalFib: countFib, protocols }: RouteSummary,
): void {
  emitKnown(emit, total, of, count);
  emitKnown(emit, totalFib, of, countFib);
  for (const row of protocols) {
    const labels = { ...of, route_type: row.protocol };
    emitKnown(emit, rib, labels, row.rib);
    emitKnown(emit, fib, labels, row.fib);
    emitKnown(emit, offloaded, labels, row.offloaded);
    emitKnown(emit, trapped, labels, row.trapped);
  }
}
