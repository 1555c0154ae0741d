import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { BmcConfig } from '../config.ts';
import type { BmcFacts } from '../facts.ts';
import type { BmcTarget } from '../target.ts';

const powerOn = gauge('bmc_chassis_power_on', { help: 'Whether the server is powered on.', labels: ['member'] });
const fault = gauge('bmc_chassis_fault', {
  help: 'Faults of the chassis: power_overload, power_interlock, power, power_control, drive, cooling. 1 is a fault.',
  labels: ['member', 'fault'],
});
const intrusion = gauge('bmc_intrusion', {
  help: 'Whether the chassis is, or was, open: most boards keep this until it is reset.',
  labels: ['member'],
});

export const chassis: Collector<BmcTarget, BmcFacts, BmcConfig> = {
  name: 'chassis',
  help: 'Power state, faults and intrusion of the chassis.',
  metrics: [powerOn, fault, intrusion],
  async collect({ client: { bmc, member }, emit, signal }) {
    const { faults, isIntruded, isPowerOn } = await bmc.chassis(signal);
    if (isPowerOn !== undefined) emit(powerOn, { member }, isPowerOn ? 1 : 0);
    if (isIntruded !== undefined) emit(intrusion, { member }, isIntruded ? 1 : 0);
    for (const [name, isFaulty] of Object.entries(faults)) emit(fault, { member, fault: name }, isFaulty ? 1 : 0);
    return isPowerOn === undefined ? undefined : { powerOn: isPowerOn };
  },
};
