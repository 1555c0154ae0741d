import type { FactsView } from '../../core/insight.ts';
import { derived } from '../../core/reading.ts';
import { bmcFacts } from '../../sources/bmc/facts.ts';
import { type CephImageFacts, cephFacts } from '../../sources/ceph/facts.ts';
import { type InstanceFacts, lxdFacts } from '../../sources/lxd/facts.ts';
import { ovnFacts } from '../../sources/ovn/facts.ts';
import { instancesByUuid, instancesOf } from '../index-of-instances.ts';
import { instancesOfPorts, portsOf } from '../index-of-networks.ts';
import { knownList } from './known.ts';

/** What is joined with what. The words are values of the label `join`. */
export const joinMeanings = {
  instance_port: "instances' ports in OVN whose instance LXD lists",
  port_chassis: 'ports of running instances that are bound to a chassis',
  chassis_member: 'chassis that are on a member of LXD',
  osd_member: 'OSDs that are on a member of LXD',
  bmc_member: 'BMCs that belong to a member of LXD',
  image_instance: "instances' RBD images whose instance LXD lists",
  instance_member: 'instances that are on a member of LXD',
} as const;

export type JoinName = keyof typeof joinMeanings;

/** How one join fared. */
export interface Join {
  readonly join: JoinName;
  /** How many things there were to join; never 0. */
  readonly total: number;
  readonly missed: number;
  /** The first of those that found nothing, for a person to read. */
  readonly names: readonly string[];
}

/** More would not help anyone to see the pattern. */
const MAX_NAMES = 20;

/** Every join of which both sides are known and which has something to join. */
export function measureJoins(facts: FactsView): readonly Join[] {
  return [...joinImages(facts), ...joinInstances(facts), ...joinPorts(facts), ...joinHosts(facts)];
}

/** Apart from the others, because images are others with every cycle: their IO is part of them. */
function joinImages(facts: FactsView): readonly Join[] {
  const names = instanceNames(facts);
  const images = knownList(facts, cephFacts, 'images');
  if (!names || !images) return [];
  return measure(
    'image_instance',
    images.filter(isInstances),
    ({ volume }) => names.has(`${volume?.project}/${volume?.name}`),
    ({ image, pool }) => `image ${pool}/${image}`,
  );
}

const instanceNames = derived((facts): ReadonlySet<string> | undefined => {
  const instances = knownList(facts, lxdFacts, 'instances');
  return instances && new Set(instances.map(({ name, project }) => `${project}/${name}`));
});

/** Custom volumes, and images that LXD did not make, belong to no instance. */
const isInstances = ({ volume }: CephImageFacts): boolean => volume !== undefined && volume.kind !== 'custom';

const joinInstances = derived((facts): readonly Join[] => {
  const instances = knownList(facts, lxdFacts, 'instances');
  const members = memberNames(facts);
  if (!instances || !members) return [];
  return measure(
    'instance_member',
    instances,
    ({ member }) => members.has(member),
    ({ member, name, project }) => `instance ${project}/${name} on ${member}`,
  );
});

const joinPorts = derived((facts): readonly Join[] => {
  const ports = portsOf(facts);
  const owners = instancesOf(facts) && instancesOfPorts(facts);
  const running = owners ? ports.filter((_, i) => isRunning(owners[i])) : ports;
  return [
    ...(owners
      ? measure(
          'instance_port',
          ports,
          (_, i) => owners[i] !== undefined,
          ({ device, instanceUuid, network }) => `port ${device} of instance ${instanceUuid} on ${network}`,
        )
      : []),
    ...measure(
      'port_chassis',
      running,
      ({ chassis, state }) => chassis !== undefined || state === 'disabled',
      ({ device, instanceUuid, network }) => {
        const { name = instanceUuid, project } = instancesByUuid(facts).get(instanceUuid) ?? {};
        return `port ${device} of instance ${project === undefined ? name : `${project}/${name}`} on ${network}`;
      },
    ),
  ];
});

const isRunning = (instance: InstanceFacts | undefined): boolean => instance?.state === 'running';

function joinHosts(facts: FactsView): readonly Join[] {
  const members = memberNames(facts);
  if (!members) return [];
  const isMember = ({ member }: { readonly member: string }) => members.has(member);
  const bmcs = facts.of(bmcFacts).flatMap(({ facts: { member } }) => (member === undefined ? [] : [{ member }]));
  return [
    ...measure(
      'chassis_member',
      knownList(facts, ovnFacts, 'chassis'),
      isMember,
      ({ chassis, hostname }) => `chassis ${chassis}${onHost(hostname)}`,
    ),
    ...measure(
      'osd_member',
      knownList(facts, cephFacts, 'osds'),
      isMember,
      ({ host, id }) => `osd.${id}${onHost(host)}`,
    ),
    ...measure('bmc_member', bmcs, isMember, ({ member }) => `BMC of ${member}`),
  ];
}

const onHost = (host: string | undefined): string => (host ? ` on host ${host}` : ' on an unknown host');

function memberNames(facts: FactsView): ReadonlySet<string> | undefined {
  const members = knownList(facts, lxdFacts, 'members');
  return members && new Set(members.map(({ name }) => name));
}

/** Nothing where there is nothing to join. */
function measure<T>(
  join: JoinName,
  things: readonly T[] | undefined,
  isJoined: (thing: T, index: number) => boolean,
  nameOf: (thing: T) => string,
): readonly Join[] {
  if (!things || things.length === 0) return [];
  const missing = things.filter((thing, i) => !isJoined(thing, i));
  return [{ join, total: things.length, missed: missing.length, names: missing.slice(0, MAX_NAMES).map(nameOf) }];
}
