import { expect, test } from 'vitest';
import { type HostLink, hostLinks, linkStateOf } from '../../src/demo/links.ts';
import { RackState } from '../../src/demo/state.ts';
import { createClock } from './manual-clock.ts';

const MINUTE_MS = 60_000;

function createRack() {
  const clock = createClock();
  const state = new RackState(clock);
  const link = (name: string, member = 'abydos') =>
    linkStateOf(member, hostLinks.find((one) => one.name === name) as HostLink, state);
  return { clock, state, link };
}

test('every link is up and its counters rise', () => {
  const { clock, link } = createRack();
  for (const { name } of hostLinks) {
    const before = link(name);
    clock.advance(10_000);
    const after = link(name);
    expect(after.up).toBe(true);
    expect(after.receivedBytes).toBeGreaterThan(before.receivedBytes);
    expect(after.sentPackets).toBeGreaterThan(before.sentPackets);
  }
});

test('a bond carries what its legs carry, and the switch bond what its VLANs carry', () => {
  const { link } = createRack();
  const sum = (...names: string[]) => names.reduce((total, name) => total + link(name).receivedBytes, 0);
  expect(link('bond-mesh01').receivedBytes).toBe(sum('enp3s0f0', 'enp5s0f0'));
  const vlans = sum('bond-sw01.50', 'bond-sw01.51', 'bond-sw01.52', 'bond-sw01.53');
  expect(link('bond-sw01').receivedBytes / vlans).toBeCloseTo(1, 6);
});

test('a leg without carrier stands still, its bond stays up, and its counter does not jump when it is back', () => {
  const { clock, link, state } = createRack();
  state.cutLink('abydos', 'eno1');
  const cut = link('eno1');
  clock.advance(MINUTE_MS);
  expect(link('eno1')).toEqual({ ...cut, up: false });
  expect(link('bond-sw01').up).toBe(true);
  expect(link('bond-sw01.50').up).toBe(true);
  state.mendLink('abydos', 'eno1');
  clock.advance(1000);
  expect(link('eno1').up).toBe(true);
  const since = link('eno1').receivedBytes - cut.receivedBytes;
  // The traffic of a second, which is about 6 MB, and not of a minute.
  expect(since).toBeGreaterThan(0);
  expect(since).toBeLessThan(2e7);
});

test('without any leg a bond is down, and what is on it too', () => {
  const { clock, link, state } = createRack();
  state.cutLink('abydos', 'eno1');
  clock.advance(1000);
  state.cutLink('abydos', 'eno2');
  const before = link('br-hosts');
  clock.advance(MINUTE_MS);
  for (const name of ['bond-sw01', 'bond-sw01.51', 'br-hosts']) expect(link(name).up).toBe(false);
  expect(link('br-hosts').receivedBytes).toBe(before.receivedBytes);
  expect(link('bond-sw01', 'langara').up).toBe(true);
});

test('the death of a member takes the carrier from the mesh ports that lead to it, and from nothing else', () => {
  const { clock, link, state } = createRack();
  state.kill('langara');
  expect(link('bond-mesh01', 'abydos').up).toBe(false);
  expect(link('bond-mesh02', 'abydos').up).toBe(true);
  expect(link('bond-mesh01', 'orilla').up).toBe(true);
  expect(link('bond-mesh02', 'orilla').up).toBe(false);
  expect(link('bond-sw01', 'abydos').up).toBe(true);
  clock.advance(MINUTE_MS);
  state.cutLink('abydos', 'enp3s0f0');
  clock.advance(MINUTE_MS);
  state.revive('langara');
  expect(link('bond-mesh01', 'abydos').up).toBe(true);
  expect(link('enp3s0f0', 'abydos').up).toBe(false);
});
