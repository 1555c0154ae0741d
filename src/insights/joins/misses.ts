import type { FactsView } from '../../core/insight.ts';
import { keepEqual } from '../../core/keep-equal.ts';
import { keptList } from '../../core/kept-list.ts';
import { derived } from '../../core/reading.ts';
import { bmcFacts } from '../../sources/bmc/facts.ts';
import { type CephImageFacts, cephFacts } from '../../sources/ceph/facts.ts';
import { type InstanceFacts, lxdFacts } from '../../sources/lxd/facts.ts';
import { ovnFacts, type PortFacts } from '../../sources/ovn/facts.ts';
import { areInstancesKnown, instancesOf } from '../index-of-instances.ts';
import { instancesOfPorts, type PortKey, placesOfPorts, portKeys, portsOf } from '../index-of-networks.ts';
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

/** An image without its IO, which is another in every cycle. */
type ImageKey = Pick<CephImageFacts, 'image' | 'pool' | 'volume'>;

/** Custom volumes, and images that LXD did not make, belong to no instance. */
const imagesOfInstances = derived(
  (facts): readonly ImageKey[] | undefined =>
    knownList(facts, cephFacts, 'images')?.flatMap(({ image, pool, volume }) =>
      volume === undefined || volume.kind === 'custom' ? [] : [{ image, pool, volume }],
    ),
  keepEqual,
);

const joinImages = derived((facts): readonly Join[] => {
  const names = instanceNames(facts);
  const images = imagesOfInstances(facts);
  if (!names || !images) return [];
  return measure(
    'image_instance',
    images,
    ({ volume }) => names.has(`${volume?.project}/${volume?.name}`),
    ({ image, pool }) => `image ${pool}/${image}`,
  );
});

const keepNames = keptList((_: unknown, { name, project }: InstanceFacts): string => `${project}/${name}`);

const listOfNames = derived((facts): readonly string[] => keepNames(instancesOf(facts) ?? []));

const instanceNames = derived((facts): ReadonlySet<string> | undefined =>
  areInstancesKnown(facts) ? new Set(listOfNames(facts)) : undefined,
);

const joinInstances = derived((facts): readonly Join[] => {
  const instances = instancesOf(facts);
  const members = memberNames(facts);
  if (!instances || !members) return [];
  return measure(
    'instance_member',
    instances,
    ({ member }) => members.has(member),
    ({ member, name, project }) => `instance ${project}/${name} on ${member}`,
  );
});

const joinPorts = (facts: FactsView): readonly Join[] => [...joinInstancesOfPorts(facts), ...joinBindings(facts)];

const joinInstancesOfPorts = derived((facts): readonly Join[] => {
  const places = placesOfPorts(facts);
  if (!areInstancesKnown(facts)) return [];
  return measure(
    'instance_port',
    portKeys(facts),
    (_, i) => places[i] !== undefined,
    ({ device, instanceUuid, network }) => `port ${device} of instance ${instanceUuid} on ${network}`,
  );
});

const keepBound = keptList(
  (_: unknown, { chassis, state }: PortFacts): boolean => chassis !== undefined || state === 'disabled',
);
const keepRunning = keptList(
  (_: unknown, instance: InstanceFacts | undefined): boolean => instance?.state === 'running',
);

/** Of each port, whether it is where it can serve. */
const boundPorts = derived((facts): readonly boolean[] => keepBound(portsOf(facts)));

/** Of each port, whether its instance runs; undefined while LXD is silent. */
const runningPorts = derived((facts): readonly boolean[] | undefined =>
  areInstancesKnown(facts) ? keepRunning(instancesOfPorts(facts)) : undefined,
);

const joinBindings = derived((facts): readonly Join[] => {
  const bound = boundPorts(facts);
  const running = runningPorts(facts);
  const keys = portKeys(facts);
  const places: number[] = [];
  for (let place = 0; place < keys.length; place++) if (running?.[place] ?? true) places.push(place);
  return measure(
    'port_chassis',
    places,
    (place) => bound[place] === true,
    (place) => {
      const { device, instanceUuid, network } = keys[place] as PortKey;
      const { name = instanceUuid, project } = instancesOfPorts(facts)[place] ?? {};
      return `port ${device} of instance ${project === undefined ? name : `${project}/${name}`} on ${network}`;
    },
  );
});

/** Without how full and how busy they are. */
const osdPlaces = derived(
  (facts) => knownList(facts, cephFacts, 'osds')?.map(({ host, id, member }) => ({ host, id, member })),
  keepEqual,
);

const joinHosts = derived((facts): readonly Join[] => {
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
    ...measure('osd_member', osdPlaces(facts), isMember, ({ host, id }) => `osd.${id}${onHost(host)}`),
    ...measure('bmc_member', bmcs, isMember, ({ member }) => `BMC of ${member}`),
  ];
});

const onHost = (host: string | undefined): string => (host ? ` on host ${host}` : ' on an unknown host');

const memberNames = derived((facts): ReadonlySet<string> | undefined => {
  const members = knownList(facts, lxdFacts, 'members');
  return members && new Set(members.map(({ name }) => name));
});

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
