import { expect, test } from 'vitest';
import { ledgerOf } from './ledger.ts';

const link = (device: string, role: string, up: boolean, legs?: readonly [up: number, all: number]) => ({
  ...{ member: 'abydos', device, role, up },
  ...(legs ? { bondLegsUp: legs[0], bondLegs: legs[1] } : {}),
});
const links = (up: boolean, ...list: object[]) => ({ lxd: [{ target: 'abydos', up, facts: { links: list } }] });

test('legs of bonds and links of the mesh', () => {
  const heards = links(
    true,
    link('bond-sw01', 'switch', true, [1, 2]),
    link('bond-sw01.50', 'wan', true),
    link('bond-mesh01', 'mesh', true, [2, 2]),
    link('bond-mesh02', 'mesh', false, [0, 2]),
    link('bond-empty', 'other', false, [0, 0]),
  );
  expect(ledgerOf(heards)).toEqual({
    'bond_leg abydos bond-sw01': [1, 2, 1, 0],
    'bond_leg abydos bond-mesh01': [2, 2, 1, 1],
    'bond_leg abydos bond-mesh02': [0, 2, 1, -1],
    'mesh_link abydos': [1, 2, 1, 0],
  });
});

test('of a member that does not answer nothing is known', () => {
  expect(ledgerOf(links(false, link('bond-mesh01', 'mesh', true, [2, 2])))).toEqual({});
});

interface Member {
  readonly status?: string;
  readonly up?: boolean;
  readonly votes?: boolean;
}

function cluster(members: Readonly<Record<string, Member>>, up = true) {
  const list = Object.entries(members).map(([name, { status = 'online', votes = true }]) => {
    return { name, url: `https://${name}:8443`, status, roles: votes ? ['database'] : ['database-standby'] };
  });
  return {
    lxd: [
      { target: 'cluster', up, facts: { clustered: true, members: list } },
      ...Object.entries(members).map(([target, member]) => ({ target, up: member.up ?? true, facts: {} })),
    ],
  };
}

test.each([
  ['three', { a: {}, b: {}, c: {} }, [3, 3, 2, 1]],
  ['one offline', { a: {}, b: { status: 'offline', up: false }, c: {} }, [2, 3, 2, 0]],
  ['one that LXD has not missed yet', { a: {}, b: { up: false }, c: {} }, [2, 3, 2, 0]],
  ['one in maintenance', { a: {}, b: { status: 'evacuated' }, c: {} }, [3, 3, 2, 1]],
  ['one that rebooted in maintenance', { a: {}, b: { status: 'evacuated', up: false }, c: {} }, [2, 3, 2, 0]],
  ['two away', { a: {}, b: { up: false }, c: { up: false } }, [1, 3, 2, -1]],
  ['a standby has no vote', { a: {}, b: {}, c: {}, d: { votes: false } }, [3, 3, 2, 1]],
  ['a third member without a vote', { a: {}, b: {}, c: { votes: false } }, [2, 3, 2, 0]],
  ['two members, one vote', { a: {}, b: { votes: false } }, [1, 1, 1, 0]],
])('voters: %s', (_name, members, line) => {
  expect(ledgerOf(cluster(members))).toEqual({ lxd_voter: line });
});

test.each([
  ['a cluster of which nobody answers', cluster({ a: { up: false }, b: { up: false }, c: { up: false } }, false)],
  ['a server that is not clustered', { lxd: [{ target: 'cluster', facts: { clustered: false, members: [] } }] }],
  ['a cluster without voters among its members', cluster({ a: { votes: false } })],
])('voters: nothing is said of %s', (_name, heards) => {
  expect(ledgerOf(heards)).toEqual({});
});
