import { expect, test } from 'vitest';
import { vrrp } from '../../src/insights/vrrp.ts';
import { type Heard, valuesOf } from './targets.ts';

const on = (vrid: number, afi: string, state: string, { carrier = true } = {}) => ({
  ...{ vrid, afi, state, interface: 'uplink' },
  master: state === 'Master' && carrier,
});
const router = (target: string, ...virtual: object[]): Heard => ({ target, facts: { vrrp: virtual } });
const silent = (one: Heard): Heard => ({ ...one, up: false });
const ipv4 = 'frr_vrrp_masters{vrid="10",afi="ipv4"}';
const ipv6 = 'frr_vrrp_masters{vrid="10",afi="ipv6"}';
const master = on(10, 'ipv4', 'Master');
const backup = on(10, 'ipv4', 'Backup');

test.each<[what: string, heard: Heard[], expected: Record<string, number>]>([
  ['one of three', [router('r1', master), router('r2', backup), router('r3', backup)], { [ipv4]: 1 }],
  ['none', [router('r1', on(10, 'ipv4', 'Initialize')), router('r2', backup)], { [ipv4]: 0 }],
  ['two', [router('r1', master), router('r2', master)], { [ipv4]: 2 }],
  [
    'one that lost its carrier, and its successor',
    [router('r1', on(10, 'ipv4', 'Master', { carrier: false })), router('r2', master)],
    { [ipv4]: 1 },
  ],
  [
    'families and virtual routers each for themselves',
    [router('r1', master, on(10, 'ipv6', 'Backup'), on(20, 'ipv4', 'Master')), router('r2', on(10, 'ipv6', 'Master'))],
    { [ipv4]: 1, [ipv6]: 1, 'frr_vrrp_masters{vrid="20",afi="ipv4"}': 1 },
  ],
  ['a router without VRRP is none', [router('r1', backup), router('edge')], { [ipv4]: 0 }],
  ['a silent master may be one still', [silent(router('r1', master)), router('r2', backup)], {}],
  ['a silent master and its successor', [silent(router('r1', master)), router('r2', master)], { [ipv4]: 1 }],
  ['a router never heard may be the master', [{ target: 'r1', up: false, facts: {} }, router('r2', backup)], {}],
  ['so may one whose VRRP alone could not be read', [{ target: 'r1', facts: { peers: [] } }, router('r2', backup)], {}],
  [
    'one that is known to take part elsewhere only is no excuse',
    [silent(router('r1', on(20, 'ipv4', 'Master'))), router('r2', backup)],
    { [ipv4]: 0 },
  ],
  [
    'two masters are two, whoever is silent',
    [router('r1', master), router('r2', master), silent(router('r3'))],
    { [ipv4]: 2 },
  ],
  ['nobody answers', [silent(router('r1', master)), silent(router('r2', backup))], {}],
  ['no routers', [], {}],
])('%s', (_, frr, expected) => {
  expect(Object.fromEntries(valuesOf(vrrp, { frr }))).toEqual(expected);
});
