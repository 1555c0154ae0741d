import { type Clock, systemClock } from '../core/clock.ts';
import { startBmcs } from './bmc/index.ts';
import { startCeph } from './ceph/index.ts';
import { startFrr } from './frr/index.ts';
import { startLxd } from './lxd/index.ts';
import { startOvn } from './ovn/index.ts';
import type { DemoPart } from './part.ts';
import { RackState } from './state.ts';

/** Every part by the name of the source that reads it. */
const parts: Readonly<Record<string, (state: RackState) => Promise<DemoPart>>> = {
  bmc: (state) => startBmcs({ isPowered: (member) => state.isPowered(member), faults: state.faults }),
  ceph: startCeph,
  frr: startFrr,
  lxd: (state) => startLxd(state),
  ovn: startOvn,
};

export interface DemoRack {
  /** What stands under `sources:` in the configuration that watches the rack. */
  readonly sources: Readonly<Record<string, DemoPart['config']>>;
  /** What stands under `insights:` there. */
  readonly insights: Readonly<Record<string, object>>;
  /** What can be done to the rack: evacuate a member, take its power, cut a link. */
  readonly state: RackState;
  /** Stops every server and removes every file. */
  close(): Promise<void>;
}

/**
 * Starts the simulated reference cluster on loopback; what takes its time in life takes `speed` times less. Where one part cannot start, those that
 * have are stopped again.
 */
export async function startDemoRack(clock: Clock = systemClock, speed = 1): Promise<DemoRack> {
  const state = new RackState(clock, speed);
  const started = await Promise.allSettled(
    Object.entries(parts).map(async ([name, start]) => [name, await start(state)] as const),
  );
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async () => void (await Promise.all(running.map(([, part]) => part.close())));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const sources = Object.fromEntries(running.map(([name, { config }]) => [name, config]));
  const insights = Object.assign({}, ...running.map(([, part]) => part.insights ?? {})) as DemoRack['insights'];
  return { sources, insights, state, close };
}
