import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { BmcConfig } from '../config.ts';
import type { BmcFacts } from '../facts.ts';
import type { BmcTarget } from '../target.ts';

const consumption = gauge('bmc_power_consumption_watts', {
  help: 'Power that the server draws, by DCMI or Redfish. Absent where the BMC does not measure it.',
  labels: ['member'],
});

export const power: Collector<BmcTarget, BmcFacts, BmcConfig> = {
  name: 'power',
  help: 'Power that the whole server draws.',
  metrics: [consumption],
  async collect({ client: { bmc, member }, emit, signal }) {
    const watts = await bmc.power(signal);
    if (watts !== undefined) emit(consumption, { member }, watts);
    return undefined;
  },
};
