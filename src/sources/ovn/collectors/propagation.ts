import { gauge, info } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { OvnClient } from '../client/client.ts';
import type { northboundTables } from '../client/northbound.ts';
import type { Southbound } from '../client/southbound.ts';
import type { RowOf } from '../client/tables.ts';
import type { OvnSettings } from '../config.ts';
import type { OvnFacts } from '../facts.ts';
import { memberOf } from '../lxd-names.ts';

const counters = { nb: 'the client that changed it', sb: 'ovn-northd', hv: 'the slowest ovn-controller' } as const;
type Stage = keyof typeof counters;
const stages = Object.keys(counters) as Stage[];

const config = perStage(({ stage, who }) =>
  gauge(`ovn_${stage}_cfg`, { help: `Number of the newest configuration that has reached ${who}.` }),
);
const timestamp = perStage(({ stage, who }) =>
  gauge(`ovn_${stage}_cfg_timestamp_seconds`, {
    help: `When that configuration reached ${who}, by the clock there; absent before the first.`,
  }),
);
const northdDelay = gauge('ovn_northd_delay_seconds', {
  help: 'Time that ovn-northd took for the newest configuration; absent while it is not through with it.',
});
const slowestDelay = gauge('ovn_hv_delay_seconds', {
  help: 'Time that the newest configuration took to be in force on every chassis; absent while it is not.',
});
const chassisDelay = gauge('ovn_chassis_delay_seconds', {
  help: 'Time that the newest configuration took to be in force on the chassis; absent while it is not. Clocks of hosts differ.',
  labels: ['chassis', 'member'],
});
const northdInfo = info('ovn_northd_info', {
  help: 'Version of the active ovn-northd, as it writes it into the database.',
  labels: ['version'],
});

export const propagation: Collector<OvnClient, OvnFacts, OvnSettings> = {
  name: 'propagation',
  help: 'How far the newest configuration has come on its way from the northbound database to the chassis.',
  metrics: [
    ...stages.map((stage) => config[stage]),
    ...stages.map((stage) => timestamp[stage]),
    northdDelay,
    slowestDelay,
    chassisDelay,
    northdInfo,
  ],
  isNeeded: ({ northbound }) => northbound.length > 0,
  async collect({ client, config: { members }, emit, signal }) {
    const [northbound, southbound] = await Promise.all([client.readNorthbound(signal), client.readSouthbound(signal)]);
    const [global] = northbound?.table('NB_Global').rows.values() ?? [];
    if (!global) return undefined;
    for (const stage of stages) {
      emit(config[stage], {}, global[`${stage}_cfg`]);
      const at = global[`${stage}_cfg_timestamp`];
      if (at > 0) emit(timestamp[stage], {}, at / 1000);
    }
    const since = (stage: Stage) => delay(global, global[`${stage}_cfg`], global[`${stage}_cfg_timestamp`]);
    const [bySouthbound, byHypervisors] = [since('sb'), since('hv')];
    if (bySouthbound !== undefined) emit(northdDelay, {}, bySouthbound);
    if (byHypervisors !== undefined) emit(slowestDelay, {}, byHypervisors);
    for (const { chassis, member, seconds } of southbound ? chassisDelays(global, southbound, members) : []) {
      emit(chassisDelay, { chassis, member }, seconds);
    }
    const version = global.options.get('northd_internal_version');
    if (version) emit(northdInfo, { version }, 1);
    return undefined;
  },
};

type NbGlobal = RowOf<typeof northboundTables.NB_Global>;

/**
 * Seconds from the change to its arrival. The two moments are of two clocks, so it may come out negative: then it was
 * too short to be measured. It says something only while the counters are equal, of the same change.
 */
function delay({ nb_cfg, nb_cfg_timestamp }: NbGlobal, cfg: number, at: number): number | undefined {
  if (cfg !== nb_cfg || at === 0 || nb_cfg_timestamp === 0) return undefined;
  return Math.max(0, at - nb_cfg_timestamp) / 1000;
}

function chassisDelays(global: NbGlobal, southbound: Southbound, members: OvnSettings['members']) {
  const registered = new Map([...southbound.table('Chassis').rows.values()].map((row) => [row.name, row]));
  return [...southbound.table('Chassis_Private').rows.values()].flatMap(({ name, nb_cfg, nb_cfg_timestamp }) => {
    const seconds = delay(global, nb_cfg, nb_cfg_timestamp);
    const row = registered.get(name);
    return seconds === undefined || row === undefined
      ? []
      : [{ chassis: name, member: memberOf(members, row), seconds }];
  });
}

function perStage<T>(create: (of: { stage: Stage; who: string }) => T): Record<Stage, T> {
  return Object.fromEntries(stages.map((stage) => [stage, create({ stage, who: counters[stage] })])) as Record<
    Stage,
    T
  >;
}
