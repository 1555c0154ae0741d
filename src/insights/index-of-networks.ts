import { keepEqual } from '../core/keep-equal.ts';
import { keptList } from '../core/kept-list.ts';
import { listAt } from '../core/list-at.ts';
import { derived } from '../core/reading.ts';
import { type InstanceFacts, lxdFacts } from '../sources/lxd/facts.ts';
import { ovnFacts, type PortFacts } from '../sources/ovn/facts.ts';
import { instancesOf, placesByUuid } from './index-of-instances.ts';

export interface NetworkNames {
  readonly lxdNetwork: string;
  readonly project: string;
}

/** Ports of instances, from all of OVN. */
export const portsOf = derived((facts): readonly PortFacts[] => {
  const lists = facts.of(ovnFacts).flatMap((target) => (target.facts.ports ? [target.facts.ports] : []));
  return lists.length === 1 ? (lists[0] as readonly PortFacts[]) : lists.flat();
});

/** What a port keeps as long as it is there. */
export type PortKey = Pick<PortFacts, 'device' | 'instanceUuid' | 'network'>;

const keepKeys = keptList((before: PortKey | undefined, port: PortFacts): PortKey => {
  const isSame =
    before?.instanceUuid === port.instanceUuid && before.device === port.device && before.network === port.network;
  return isSame ? before : port;
});

/** Of each port, in the same order. Another list only when ports come or go, not when one goes up or down, or moves. */
export const portKeys = derived((facts): readonly PortKey[] => keepKeys(portsOf(facts)));

/** Where the instance of each port is in LXD's list, in the same order; undefined where LXD lists none. */
export const placesOfPorts = derived((facts): readonly (number | undefined)[] => {
  const places = placesByUuid(facts);
  return portKeys(facts).map(({ instanceUuid }) => places.get(instanceUuid));
});

/** The instance of each port, in the same order; undefined where LXD lists none. */
export const instancesOfPorts = derived((facts): readonly (InstanceFacts | undefined)[] => {
  const instances = instancesOf(facts) ?? [];
  return placesOfPorts(facts).map((place) => (place === undefined ? undefined : instances[place]));
});

/** Where the ports of each network are in the list of all, by OVN's name of the network. */
export const portsByNetwork = derived((facts): ReadonlyMap<string, readonly number[]> => {
  const byNetwork = new Map<string, number[]>();
  for (const [place, { network }] of portKeys(facts).entries()) listAt(byNetwork, network).push(place);
  return byNetwork;
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
  const keys = portKeys(facts);
  const projectOf = networkProjects(facts);
  const names = new Map<string, NetworkNames>();
  for (const [network, places] of portsByNetwork(facts)) {
    for (const place of places) {
      const instance = instances[place];
      const lxdNetwork = instance?.nics.find(({ device }) => device === keys[place]?.device)?.network;
      if (!instance || lxdNetwork === undefined) continue;
      names.set(network, { lxdNetwork, project: projectOf(instance.project) });
      break;
    }
  }
  return names;
}, keepEqual);

/** LXD's names of the network of each port, in the same order; undefined where LXD does not tell. */
export const networksOfPorts = derived((facts): readonly (NetworkNames | undefined)[] => {
  const names = networkNames(facts);
  return portKeys(facts).map(({ network }) => names.get(network));
});
