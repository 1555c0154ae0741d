import { derived } from '../core/reading.ts';
import { type InstanceFacts, lxdFacts } from '../sources/lxd/facts.ts';
import { ovnFacts, type PortFacts } from '../sources/ovn/facts.ts';
import { instancesByUuid } from './index-of-instances.ts';

export interface NetworkNames {
  readonly lxdNetwork: string;
  readonly project: string;
}

/** Ports of instances, from all of OVN. */
export const portsOf = derived((facts): readonly PortFacts[] => {
  const lists = facts.of(ovnFacts).flatMap((target) => (target.facts.ports ? [target.facts.ports] : []));
  return lists.length === 1 ? (lists[0] as readonly PortFacts[]) : lists.flat();
});

/** The instance of each of these ports, in the same order; undefined where LXD lists none. */
export const instancesOfPorts = derived((facts): readonly (InstanceFacts | undefined)[] => {
  const instances = instancesByUuid(facts);
  return portsOf(facts).map(({ instanceUuid }) => instances.get(instanceUuid));
});

/** The project whose networks a project's instances are on: its own, or the default one. */
export const networkProjects = derived((facts): ((project: string) => string) => {
  const projects = facts.of(lxdFacts).flatMap((target) => target.facts.projects ?? []);
  const sharing = new Set(projects.filter(({ ownNetworks }) => !ownNetworks).map(({ name }) => name));
  return (project) => (sharing.has(project) ? 'default' : project);
});

/**
 * What LXD calls OVN's networks, by OVN's name. The first instance that has a port on a network names it; all that are
 * on it agree.
 */
export const networkNames = derived((facts): ReadonlyMap<string, NetworkNames> => {
  const instances = instancesOfPorts(facts);
  const projectOf = networkProjects(facts);
  const names = new Map<string, NetworkNames>();
  for (const [i, { device, network }] of portsOf(facts).entries()) {
    const instance = names.has(network) ? undefined : instances[i];
    const lxdNetwork = instance?.nics.find((nic) => nic.device === device)?.network;
    if (!instance || lxdNetwork === undefined) continue;
    names.set(network, { lxdNetwork, project: projectOf(instance.project) });
  }
  return names;
});
