import type { FactsView } from '../../core/insight.ts';
import { keepEqual } from '../../core/keep-equal.ts';
import { derived } from '../../core/reading.ts';
import { bmcFacts } from '../../sources/bmc/facts.ts';
import { cephFacts } from '../../sources/ceph/facts.ts';
import { lxdFacts } from '../../sources/lxd/facts.ts';
import { ovnFacts } from '../../sources/ovn/facts.ts';
import { knownList } from './known.ts';

/** What a member of LXD is called elsewhere; an empty text where nothing was joined. */
interface MemberNames {
  readonly member: string;
  readonly hostname: string;
  readonly chassis: string;
  readonly bmc: string;
  readonly cephHost: string;
}

/** The members that LXD lists; none while it is silent, because then nobody knows what is a member. */
export const describeMembers = derived((facts): readonly MemberNames[] => {
  const chassis = firstByMember(knownList(facts, ovnFacts, 'chassis') ?? []);
  const cephHosts = cephHostsByMember(facts);
  const bmcs = firstByMember(
    facts.of(bmcFacts).flatMap(({ facts: { address, member } }) => (member === undefined ? [] : [{ member, address }])),
  );
  return (knownList(facts, lxdFacts, 'members') ?? []).map(({ name: member }) => ({
    member,
    hostname: chassis.get(member)?.hostname ?? '',
    chassis: chassis.get(member)?.chassis ?? '',
    bmc: bmcs.get(member)?.address ?? '',
    cephHost: cephHosts.get(member)?.host ?? '',
  }));
});

const cephHostsByMember = derived((facts) => firstByMember(daemonsOf(facts)), keepEqual);

/** Ceph's daemons whose host is known; those of one member are on one host. */
function daemonsOf(facts: FactsView): readonly { readonly member: string; readonly host: string }[] {
  return facts
    .of(cephFacts)
    .flatMap(({ facts: { mgrs = [], mons, osds = [] } }) =>
      [...osds, ...(mons?.mons ?? []), ...mgrs].flatMap(({ host, member }) =>
        host === undefined ? [] : [{ member, host }],
      ),
    );
}

function firstByMember<T extends { readonly member: string }>(things: readonly T[]): ReadonlyMap<string, T> {
  return new Map(things.toReversed().map((thing) => [thing.member, thing]));
}
