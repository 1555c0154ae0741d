import { defineInsight, type FactsView } from '../core/insight.ts';
import { keepEqual } from '../core/keep-equal.ts';
import { keptList } from '../core/kept-list.ts';
import { gauge, info } from '../core/metric.ts';
import { derived } from '../core/reading.ts';
import type { InstanceFacts } from '../sources/lxd/facts.ts';
import { ovnFacts, type PortFacts } from '../sources/ovn/facts.ts';
import {
  instancesOfPorts,
  type NetworkNames,
  networkNames,
  networksOfPorts,
  portsByNetwork,
  portsOf,
} from './index-of-networks.ts';

const networkInfo = info('ovn_network_info', {
  help: "What LXD calls a network of OVN's databases, and its project; the database's own name where LXD does not tell.",
  labels: ['network', 'lxd_network', 'project'],
});

const port = ['project', 'name', 'device', 'network', 'member'] as const;

const portUp = gauge('ovn_port_up', {
  help: "Whether the port of an instance's network device is up; absent while OVN has not decided. `member` is where it is bound.",
  labels: port,
});
const portMismatch = gauge('ovn_port_location_mismatch', {
  help: 'Whether the port is bound on another member than the one that LXD says the instance is on; absent when either is unknown.',
  labels: port,
});

/** Names the networks of OVN as LXD does: through an instance that has a port on both sides. */
export const networks = defineInsight({
  name: 'networks',
  help: "LXD's names of OVN's networks.",
  metrics: [networkInfo],
  derive({ facts, emit }) {
    const known = networkNames(facts);
    for (const network of networksOf(facts)) {
      if (!/^lxd-net\d+$/.test(network)) continue;
      const { lxdNetwork = network, project = '' } = known.get(network) ?? {};
      emit(networkInfo, { network, lxd_network: lxdNetwork, project }, 1);
    }
  },
});

/** Without a northbound database there is no list of networks: then ports and gateways tell which there are. */
function networksOf(facts: FactsView): ReadonlySet<string> {
  const ovn = facts.of(ovnFacts).map((target) => target.facts);
  return new Set([
    ...ovn.flatMap(({ networks = [] }) => networks.map(({ network }) => network)),
    ...portsByNetwork(facts).keys(),
    ...ovn.flatMap(({ gateways = [] }) => gateways.map(({ network }) => network)),
  ]);
}

/** One series for every network device of an instance: turn it off where that is too many. */
export const ports = defineInsight({
  name: 'ports',
  help: "Instances' OVN ports by LXD's names: up or not, and bound where LXD says or not.",
  metrics: [portUp, portMismatch],
  derive({ facts, emit }) {
    for (const { isMismatched, isUp, labels } of rowsOf(facts)) {
      if (isUp !== undefined) emit(portUp, labels, isUp ? 1 : 0);
      if (isMismatched !== undefined) emit(portMismatch, labels, isMismatched ? 1 : 0);
    }
  },
});

interface PortRow {
  /** The same object as before where they are equal, and frozen: there are many. */
  readonly labels: ReturnType<typeof nameParts>;
  readonly isUp: boolean | undefined;
  readonly isMismatched: boolean | undefined;
}

const keepRows = keptList(
  (before: PortRow | undefined, one: PortFacts, instance?: InstanceFacts, names?: NetworkNames): PortRow => ({
    labels: Object.freeze(keepEqual(before?.labels, nameParts(one, instance, names))),
    isUp: one.state === undefined ? undefined : one.state === 'up',
    isMismatched: instance && one.member !== undefined ? one.member !== instance.member : undefined,
  }),
);

const rowsOf = derived((facts) => keepRows(portsOf(facts), instancesOfPorts(facts), networksOfPorts(facts)));

/** Without LXD, the database's own keys are all there is. */
function nameParts(one: PortFacts, instance: InstanceFacts | undefined, names: NetworkNames | undefined) {
  return {
    project: instance?.project ?? '',
    name: instance?.name ?? one.instanceUuid,
    device: one.device,
    network: names?.lxdNetwork ?? one.network,
    member: one.member ?? '',
  };
}
