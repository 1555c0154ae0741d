import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hostLinks } from '../../src/demo/links.ts';
import type { Span } from '../../src/demo/outages.ts';
import { instances, members, networks } from '../../src/demo/rack.ts';
import { findScenario, scenarios } from '../../src/demo/scenarios/index.ts';
import { Stage } from '../../src/demo/stage.ts';
import { RackState } from '../../src/demo/state.ts';

const SPEED = 10;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const createState = () => new RackState({ now: () => Date.now() }, SPEED);

const lasts = (outages: readonly Span[]): boolean => outages.some(({ to }) => to === undefined);

/** All that a scenario may change, as it is now. */
const summarize = (state: RackState) => ({
  faults: Object.values(state.faults).map((fault) => [...fault]),
  members: members.map(({ name }) => [state.isReachable(name), state.isEvacuated(name), state.isPowered(name)]),
  instances: instances.map((one) => [state.placementOf(one).location, state.isRunning(one)]),
  gateways: networks.map((network) => state.gatewayOf(network)),
  links: members.flatMap(({ name: member }) =>
    hostLinks.map(({ name }) => [state.linkOutagesOf(member, name), state.surges.of(`${member}/${name}`)].map(lasts)),
  ),
  sessions: lasts(state.sessionOutages.of('192.0.2.2')),
  warnings: state.warnings.size,
});

test.each(scenarios.map(({ name }) => name))('%s changes the rack and leaves it as it was', async (name) => {
  const state = createState();
  const before = summarize(state);
  const stage = new Stage(state);
  const play = stage.play(name);
  const seen = new Set<string>();
  const last = play.scenario.steps.reduce((sum, { afterSeconds }) => sum + afterSeconds, 0);
  for (let second = 0; second <= last + 120; second += 5) {
    await vi.advanceTimersByTimeAsync((5 * 1000) / SPEED);
    seen.add(JSON.stringify(summarize(state)));
  }
  await play.ended;
  expect(play.told.map(({ say }) => say)).toEqual(play.scenario.steps.map(({ say }) => say));
  expect(seen.size).toBeGreaterThan(1);
  expect(summarize(state)).toEqual(before);
});

test.each(scenarios.map(({ name }) => name))('%s can be ended in its midst', async (name) => {
  const state = createState();
  const before = summarize(state);
  const stage = new Stage(state);
  const play = stage.play(name);
  await vi.advanceTimersByTimeAsync(((play.scenario.steps[0]?.afterSeconds ?? 0) + 1) * (1000 / SPEED));
  expect(play.told).toHaveLength(1);
  stage.mend();
  await play.ended;
  expect(stage.playing).toBeUndefined();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(summarize(state)).toEqual(before);
  expect(play.told).toHaveLength(1);
});

test('a name that is not there is refused with those that are', () => {
  expect(() => findScenario('rolling-rebot')).toThrow(
    /^there is no scenario rolling-rebot; there are rolling-reboot, /,
  );
});
