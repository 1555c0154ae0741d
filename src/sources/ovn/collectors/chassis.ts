import { gauge, info } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { OvnClient } from '../client/client.ts';
import type { Southbound } from '../client/southbound.ts';
import type { OvnSettings } from '../config.ts';
import type { ChassisFacts, OvnFacts } from '../facts.ts';
import { memberOf } from '../lxd-names.ts';

const chassisInfo = info('ovn_chassis_info', {
  help: 'Chassis that are registered, with their tunnel endpoints. A chassis whose daemons died without a word stays.',
  labels: ['chassis', 'member', 'encap', 'ip'],
});
const configLag = gauge('ovn_chassis_nb_cfg_lag', {
  help: 'Changes of the configuration that northd has passed on and the ovn-controller of the chassis has not confirmed. A dead one shows with the next change, not before.',
  labels: ['chassis', 'member'],
});
const confirmed = gauge('ovn_chassis_nb_cfg_timestamp_seconds', {
  help: 'When the ovn-controller of the chassis last confirmed a configuration, by its clock.',
  labels: ['chassis', 'member'],
});

export const chassis: Collector<OvnClient, OvnFacts, OvnSettings> = {
  name: 'chassis',
  help: 'Hypervisors as OVN knows them, and how far each is behind the configuration.',
  metrics: [chassisInfo, configLag, confirmed],
  isNeeded: ({ southbound }) => southbound.length > 0,
  async collect({ client, config: { members }, emit, signal }) {
    const southbound = await client.readSouthbound(signal);
    if (!southbound) return undefined;
    const encaps = southbound.table('Encap').rows;
    for (const row of southbound.table('Chassis').rows.values()) {
      const labels = { chassis: row.name, member: memberOf(members, row) };
      for (const uuid of row.encaps) {
        const encap = encaps.get(uuid);
        if (encap) emit(chassisInfo, { ...labels, encap: encap.type, ip: encap.ip }, 1);
      }
    }
    const facts = readChassis(southbound, members);
    for (const { chassis: name, configLag: lag, confirmedAtSeconds, member } of facts) {
      if (lag !== undefined) emit(configLag, { chassis: name, member }, lag);
      if (confirmedAtSeconds !== undefined) emit(confirmed, { chassis: name, member }, confirmedAtSeconds);
    }
    return { chassis: facts };
  },
};

function readChassis(southbound: Southbound, members: ReadonlyMap<string, string>): readonly ChassisFacts[] {
  const [global] = southbound.table('SB_Global').rows.values();
  const encaps = southbound.table('Encap').rows;
  const confirmations = new Map([...southbound.table('Chassis_Private').rows.values()].map((row) => [row.name, row]));
  return [...southbound.table('Chassis').rows.values()].map(({ encaps: uuids, hostname, name }) => {
    const confirmation = confirmations.get(name);
    return {
      chassis: name,
      member: memberOf(members, { hostname, name }),
      hostname,
      encapAddresses: [...uuids].flatMap((uuid) => encaps.get(uuid)?.ip ?? []),
      // After the northbound database was made anew, its counter starts at 0 and a chassis may be ahead for a moment.
      ...(global && confirmation ? { configLag: Math.max(0, global.nb_cfg - confirmation.nb_cfg) } : {}),
      ...(confirmation?.nb_cfg_timestamp ? { confirmedAtSeconds: confirmation.nb_cfg_timestamp / 1000 } : {}),
    };
  });
}
