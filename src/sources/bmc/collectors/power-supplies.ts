import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { BmcConfig } from '../config.ts';
import type { BmcFacts } from '../facts.ts';
import type { BmcTarget } from '../target.ts';

const labels = ['member', 'psu'] as const;

const present = gauge('bmc_psu_present', { help: 'Whether the power supply is plugged in.', labels });
const failed = gauge('bmc_psu_failed', { help: 'Whether the power supply reports a failure.', labels });
const predicted = gauge('bmc_psu_failure_predicted', {
  help: 'Whether the power supply expects to fail, or works with a warning.',
  labels,
});
const inputLost = gauge('bmc_psu_input_lost', { help: 'Whether the power supply gets no input voltage.', labels });
const inputOutOfRange = gauge('bmc_psu_input_out_of_range', {
  help: 'Whether the input voltage is there, but too low or too high.',
  labels,
});
const misconfigured = gauge('bmc_psu_configuration_error', {
  help: 'Whether the power supply does not go with the other, or with the board.',
  labels,
});
const inputWatts = gauge('bmc_psu_input_power_watts', { help: 'Power that the supply draws from the mains.', labels });
const outputWatts = gauge('bmc_psu_output_power_watts', { help: 'Power that the supply gives to the server.', labels });

const states = [
  ['isPresent', present],
  ['hasFailed', failed],
  ['isFailurePredicted', predicted],
  ['isInputLost', inputLost],
  ['isInputOutOfRange', inputOutOfRange],
  ['hasConfigurationError', misconfigured],
] as const;
const values = [
  ['inputWatts', inputWatts],
  ['outputWatts', outputWatts],
] as const;

export const powerSupplies: Collector<BmcTarget, BmcFacts, BmcConfig> = {
  name: 'power-supplies',
  help: 'State of each power supply, and its power where the BMC tells it.',
  metrics: [...states.map(([, metric]) => metric), ...values.map(([, metric]) => metric)],
  async collect({ client: { bmc, member }, emit, signal }) {
    const supplies = await bmc.powerSupplies(signal);
    for (const supply of supplies) {
      const id = { member, psu: supply.name };
      for (const [key, metric] of states) if (supply[key] !== undefined) emit(metric, id, supply[key] ? 1 : 0);
      for (const [key, metric] of values) if (supply[key] !== undefined) emit(metric, id, supply[key]);
    }
    return { powerSupplies: supplies };
  },
};
