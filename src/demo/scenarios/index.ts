import type { Chapter, Scenario } from '../scenario.ts';
import { cephScenarios } from './ceph.ts';
import { hardwareScenarios } from './hardware.ts';
import { lxdScenarios } from './lxd.ts';
import { memberScenarios } from './members.ts';
import { ovnScenarios } from './ovn.ts';
import { routingScenarios } from './routing.ts';

/** The stories that the rack can tell. */
export const chapters: readonly Chapter[] = [
  { title: 'Servers', scenarios: memberScenarios },
  { title: 'Hardware', scenarios: hardwareScenarios },
  { title: 'Ceph', scenarios: cephScenarios },
  { title: 'OVN', scenarios: ovnScenarios },
  { title: 'Routing', scenarios: routingScenarios },
  { title: 'LXD', scenarios: lxdScenarios },
];

export const scenarios: readonly Scenario[] = chapters.flatMap((chapter) => chapter.scenarios);

/** The scenario of that name; throws for one that is not there, and names those that are. */
export function findScenario(name: string): Scenario {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario) return scenario;
  throw new Error(`there is no scenario ${name}; there are ${scenarios.map((one) => one.name).join(', ')}`);
}
