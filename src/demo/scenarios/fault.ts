import type { Scenario, Step } from '../scenario.ts';
import type { RackState } from '../state.ts';

/** Long enough for every alert of a fault that lasts. */
export const REPAIR_SECONDS = 30 * 60;

type Act = Step['act'];

/** What happens, or is over, in the present tense, and how. */
type Turn = readonly [say: string, act: Act];

/** A fault, and its repair half an hour later. */
export function fault(name: string, help: string, breaks: Turn, mends: Turn): Scenario {
  return {
    name,
    help,
    steps: [
      { afterSeconds: 10, say: breaks[0], act: breaks[1] },
      { afterSeconds: REPAIR_SECONDS, say: mends[0], act: mends[1] },
    ],
  };
}

/** Adds items to a set of faults, and takes them away. */
export const toggle = <T>(pick: (state: RackState) => Set<T>, ...items: readonly T[]): readonly [Act, Act] => [
  (state) => {
    for (const item of items) pick(state).add(item);
  },
  (state) => {
    for (const item of items) pick(state).delete(item);
  },
];

/** Gives something another value, and takes it away. */
export const assign = <K, V>(pick: (state: RackState) => Map<K, V>, key: K, value: V): readonly [Act, Act] => [
  (state) => void pick(state).set(key, value),
  (state) => void pick(state).delete(key),
];

/** Takes the carrier from ports of a member, and gives it back. */
export const cut = (member: string, ...ports: readonly string[]): readonly [Act, Act] => [
  (state) => {
    for (const port of ports) state.cutLink(member, port);
  },
  (state) => {
    for (const port of ports) state.mendLink(member, port);
  },
];

/** A fault that is made of two acts and the words for them. */
export const broken = (
  name: string,
  help: string,
  [begin, end]: readonly [Act, Act],
  breaks: string,
  mends: string,
): Scenario => fault(name, help, [breaks, begin], [mends, end]);
