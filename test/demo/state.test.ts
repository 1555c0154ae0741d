import { expect, test } from 'vitest';
import { type DemoInstance, instances, networks } from '../../src/demo/rack.ts';
import { RackState } from '../../src/demo/state.ts';
import { createClock } from './manual-clock.ts';

const MINUTE_MS = 60_000;

function createRack() {
  const clock = createClock();
  const state = new RackState(clock);
  const on = (member: string) => instances.filter((one) => state.placementOf(one).location === member);
  return { clock, state, on };
}

const find = (name: string): DemoInstance => instances.find((one) => one.name === name) as DemoInstance;

test('while all is well every instance is at home, and all but the stopped ones run', () => {
  const { state } = createRack();
  for (const instance of instances) {
    expect(state.placementOf(instance).location).toBe(instance.home);
    expect(state.isRunning(instance)).toBe(!instance.stopped);
  }
});

test('an evacuation moves one instance after the other and stops the pinned ones', () => {
  const { clock, on, state } = createRack();
  const before = on('langara');
  const pinned = before.filter((one) => one.pinned);
  state.evacuate('langara');
  expect(state.isEvacuated('langara')).toBe(true);
  expect(on('langara')).toHaveLength(before.length);
  expect(state.maintenance).toMatchObject([{ kind: 'evacuate', member: 'langara' }]);
  clock.advance(25_000);
  expect(on('langara').length).toBeLessThan(before.length);
  expect(on('langara').length).toBeGreaterThan(pinned.length);
  clock.advance(5 * MINUTE_MS);
  expect(on('langara')).toEqual(pinned);
  expect(pinned.some((one) => state.isRunning(one))).toBe(false);
  expect(state.maintenance).toEqual([]);
  const moved = before.filter((one) => !one.pinned);
  for (const one of moved) expect(state.placementOf(one)).toMatchObject({ origin: 'langara', running: !one.stopped });
  expect(new Set(moved.map((one) => state.placementOf(one).location))).toEqual(new Set(['abydos', 'orilla']));
});

test('a restore brings back everything, and the counters begin anew', () => {
  const { clock, on, state } = createRack();
  const before = on('langara');
  state.evacuate('langara');
  clock.advance(5 * MINUTE_MS);
  const back = clock.now();
  state.restore('langara');
  expect(state.maintenance).toMatchObject([{ kind: 'restore', member: 'langara' }]);
  clock.advance(5 * MINUTE_MS);
  expect(on('langara')).toEqual(before);
  for (const one of before) {
    expect(state.isRunning(one)).toBe(!one.stopped);
    expect(state.placementOf(one).origin).toBeUndefined();
    expect(state.placementOf(one).since).toBeGreaterThan(back);
  }
});

test('a restore in the midst of an evacuation ends it, and nothing is moved later', () => {
  const { clock, state } = createRack();
  state.evacuate('langara');
  clock.advance(15_000);
  state.restore('langara');
  expect(state.maintenance.map(({ kind }) => kind)).toEqual(['restore']);
  clock.advance(5 * MINUTE_MS);
  for (const one of instances) {
    expect(state.placementOf(one).location).toBe(one.home);
    expect(state.isRunning(one)).toBe(!one.stopped);
  }
});

test('a dead member runs nothing, whatever the cluster believes, and runs all anew when it is back', () => {
  const { clock, on, state } = createRack();
  state.kill('orilla');
  clock.advance(MINUTE_MS);
  expect(state.isReachable('orilla')).toBe(false);
  expect(on('orilla').length).toBeGreaterThan(10);
  expect(on('orilla').some((one) => state.isRunning(one))).toBe(false);
  state.revive('orilla');
  expect(state.isReachable('orilla')).toBe(true);
  expect(state.bootedAt('orilla')).toBe(clock.now());
  for (const one of on('orilla')) expect(state.placementOf(one).since).toBe(clock.now());
  expect(state.outagesOf('orilla')).toEqual([{ from: clock.now() - MINUTE_MS, to: clock.now() }]);
});

test('an evacuation needs a member that can take the instances', () => {
  const { state } = createRack();
  state.kill('langara');
  state.kill('orilla');
  expect(() => state.evacuate('abydos')).toThrow('no other member');
  expect(state.isEvacuated('abydos')).toBe(false);
});

test('the router of a network leaves a member that is evacuated or dead', () => {
  const { state } = createRack();
  const network = networks.find((one) => state.gatewayOf(one) === 'abydos');
  if (!network) throw new Error('no network has its router on abydos');
  state.evacuate('abydos');
  const second = state.gatewayOf(network) as string;
  expect(second).not.toBe('abydos');
  state.kill(second);
  const third = state.gatewayOf(network) as string;
  expect(['abydos', second]).not.toContain(third);
  state.kill(third);
  expect(state.gatewayOf(network)).toBeUndefined();
});

test('an instance can be stopped and started', () => {
  const { clock, state } = createRack();
  state.stop(find('vault'));
  expect(state.isRunning(find('vault'))).toBe(false);
  clock.advance(MINUTE_MS);
  state.start(find('vault'));
  expect(state.placementOf(find('vault'))).toMatchObject({ running: true, since: clock.now() });
});

test('a member that is not in the rack is refused', () => {
  const { state } = createRack();
  expect(() => state.kill('atlantis')).toThrow('no member atlantis');
});
