import type { FactsView } from '../core/insight.ts';
import { lxdFacts } from '../sources/lxd/facts.ts';
import { ovnFacts, type PortFacts } from '../sources/ovn/facts.ts';
import { instancesByUuid, instancesOf } from './index-of-instances.ts';
import { oncePerScrape, whileSame } from './once-per-scrape.ts';

export interface NetworkNames {
  readonly lxdNetwork: string;
  readonly project: string;
}

/** Ports of instances, from all of OVN. */
export const portsOf = oncePerScrape((facts): readonly PortFacts[] => {
  const lists = facts.of(ovnFacts).flatMap((target) => (target.facts.ports ? [target.facts.ports] : []));
  return lists.length === 1 ? (lists[0] as readonly PortFacts[]) : lists.flat();
});

/** The project whose networks a project's instances are on: its own, or the default one. */
export const networkProjects = oncePerScrape((facts: FactsView): ((project: string) => string) => {
  const projects = facts.of(lxdFacts).flatMap((target) => target.facts.projects ?? []);
  const sharing = new Set(projects.filter(({ ownNetworks }) => !ownNetworks).map(({ name }) => name));
  return (project) => (sharing.has(project) ? 'default' : project);
});

/**
 * One text of all that LXD says of the names of instances, their place and their networks: where it is the same as
 * before, so are they. LXD's lists are new in every cycle, whether anything in them has changed or not.
 */
export const namingOf = oncePerScrape((facts: FactsView): string => {
  const projectOf = networkProjects(facts);
  let text = '';
  for (const { member, name, nics, project, uuid } of instancesOf(facts) ?? []) {
    text += `${uuid}\t${project}\t${projectOf(project)}\t${name}\t${member}`;
    for (const { device, network } of nics) text += `\t${device}\t${network}`;
    text += '\n';
  }
  return text;
});

/**
 * What LXD calls OVN's networks, by OVN's name. The first instance that has a port on a network names it; all that are
 * on it agree.
 */
export const networkNames = oncePerScrape(whileSame((facts) => [portsOf(facts), namingOf(facts)], nameNetworks));

function nameNetworks(facts: FactsView): ReadonlyMap<string, NetworkNames> {
  const instances = instancesByUuid(facts);
  const projectOf = networkProjects(facts);
  const names = new Map<string, NetworkNames>();
  for (const { device, instanceUuid, network } of portsOf(facts)) {
    const instance = names.has(network) ? undefined : instances.get(instanceUuid);
    const lxdNetwork = instance?.nics.find((nic) => nic.device === device)?.network;
    if (!instance || lxdNetwork === undefined) continue;
    names.set(network, { lxdNetwork, project: projectOf(instance.project) });
  }
  return names;
}
