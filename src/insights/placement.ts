import { defineInsight, type FactsView } from '../core/insight.ts';
import { keptList } from '../core/kept-list.ts';
import { info } from '../core/metric.ts';
import { derived } from '../core/reading.ts';
import type { InstanceFacts } from '../sources/lxd/facts.ts';
import { ovnFacts } from '../sources/ovn/facts.ts';
import { instancesOf } from './index-of-instances.ts';
import { networkNames, networkProjects } from './index-of-networks.ts';

const placementInfo = info('rackwatch_instance_placement_info', {
  help: "Where an instance and what it hangs on are: its member, the network of its first device, the member that has that network's gateway now, and the pool of its root disk. What is unknown, or not there, has no label.",
  labels: ['project', 'name', 'member', 'network', 'gateway_member', 'pool'],
});

/** One series for every instance: turn it off where that is too many. */
export const placement = defineInsight({
  name: 'placement',
  help: 'What every instance depends on: member, network, gateway, storage pool.',
  metrics: [placementInfo],
  derive({ facts, emit }) {
    for (const labels of placements(facts)) emit(placementInfo, labels, 1);
  },
});

/** Places instances; as long as the gateways stay where they are, only those that have changed. */
const placer = derived((facts) => {
  const gatewayOf = gatewayMembers(facts);
  return keptList((_: unknown, { member, name, nics, pools, project }: InstanceFacts) => {
    const network = nics[0]?.network ?? '';
    const gateway = gatewayOf(project, network);
    return Object.freeze({ project, name, member, network, gateway_member: gateway, pool: pools[0] ?? '' });
  });
});

const placements = derived((facts) => placer(facts)(instancesOf(facts) ?? []));

/** Finds the member of a network's gateway, by the names that LXD has for an instance's project and its network. */
function gatewayMembers(facts: FactsView): (project: string, network: string) => string {
  const gateways = facts.of(ovnFacts).flatMap((target) => target.facts.gateways ?? []);
  const active = new Map(gateways.map(({ active, network }) => [network, active?.member ?? '']));
  const projectOf = networkProjects(facts);
  const byName = new Map(
    [...networkNames(facts)].map(([network, { lxdNetwork, project }]) => [
      `${project}/${lxdNetwork}`,
      active.get(network),
    ]),
  );
  return (project, network) => byName.get(`${projectOf(project)}/${network}`) ?? '';
}
