import { derived } from '../../core/reading.ts';
import { type LinkFacts, lxdFacts } from '../../sources/lxd/facts.ts';
import type { Row } from './row.ts';

/** Links of the hosts that the source `lxd` was told to show, of each member that answers. */
export const linkRows = derived((facts): readonly Row[] => {
  const byMember = facts.of(lxdFacts).flatMap(({ facts: { links = [] }, up }) => (up ? [links] : []));
  return byMember.flatMap((links) => [...links.flatMap(countLegs), ...countMesh(links)]);
});

/** A unit is a port of a bond. Expected are all that it is made of; one that is up is enough. */
function countLegs({ bondLegs, bondLegsUp, device, member }: LinkFacts): Row[] {
  if (bondLegs === undefined || bondLegsUp === undefined || bondLegs === 0) return [];
  return [{ component: 'bond_leg', member, name: device, current: bondLegsUp, expected: bondLegs, minimum: 1 }];
}

/**
 * A unit is a link of the role `mesh`, straight to another member. Expected are all that the member has; over one that
 * is up it still reaches the cluster, by way of another member.
 */
function countMesh(links: readonly LinkFacts[]): Row[] {
  const mesh = links.filter(({ role }) => role === 'mesh');
  const [first] = mesh;
  if (!first) return [];
  const current = mesh.filter(({ up }) => up).length;
  return [{ component: 'mesh_link', member: first.member, current, expected: mesh.length, minimum: 1 }];
}
