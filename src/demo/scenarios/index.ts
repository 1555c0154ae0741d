import type { Scenario } from '../scenario.ts';
import { cephScenarios } from './ceph.ts';
import { hardwareScenarios } from './hardware.ts';
import { lxdScenarios } from './lxd.ts';
import { memberScenarios } from './members.ts';
import { ovnScenarios } from './ovn.ts';
import { routingScenarios } from './routing.ts';

/** The stories that the rack can tell. */
export const scenarios: readonly Scenario[] = [
  ...memberScenarios,
  ...hardwareScenarios,
  ...cephScenarios,
  ...ovnScenarios,
  ...routingScenarios,
  ...lxdScenarios,
];

/** The scenario of that name; throws for one that is not there, and names those that are. */
export function findScenario(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario) return scenario;
  throw new Error(`there is no scenario ${name}; there are ${scenarios.map((one) => one.name).join(', ')}`);
}
