import type { FactsOf, FactsView, TargetFacts, TargetReach } from './insight.ts';

type AnyTarget = TargetFacts<Record<string, unknown>>;
type Derivation<T> = (facts: FactsView) => T;
type Keep<T> = (before: T | undefined, now: T) => T;

/** What was read of one target, as it was then. */
interface TargetReading {
  readonly target: string;
  readonly parts: Map<string, unknown>;
  up?: boolean;
  ageSeconds?: number;
}

/**
 * All that was read of a view of facts, so that whoever has made something of it can tell whether another view would give
 * the same: nothing that was read is another (`===`) there. It holds nothing else of the view.
 */
export class Reading {
  readonly targets = new Map<string, readonly TargetReading[]>();
  readonly reach = new Map<string, readonly TargetReach[]>();
  readonly derived = new Map<Derivation<unknown>, unknown>();

  holdsIn(view: FactsView): boolean {
    for (const [source, read] of this.targets) if (!isSameOf(read, view.of({ source }))) return false;
    for (const [source, reach] of this.reach) if (!isSameReach(reach, view.reach({ source }))) return false;
    for (const [derivation, value] of this.derived) if (derivation(view) !== value) return false;
    return true;
  }
}

/** By the view that a function is given whose reading is noted: the same for a derivation that it asks. */
const readers = new WeakMap<FactsView, <T>(derivation: Derivation<T>) => T>();

/** Makes something of facts, and notes what is read of them. */
export function note<T>(facts: FactsView, make: Derivation<T>): { readonly value: T; readonly reading: Reading } {
  const reading = new Reading();
  const shown = new Map<string, readonly AnyTarget[]>();
  const view: FactsView = {
    of: <F extends object>(source: FactsOf<F>) => {
      const known = shown.get(source.source) ?? show(facts.of(source) as readonly AnyTarget[], source.source, reading);
      shown.set(source.source, known);
      return known as unknown as readonly TargetFacts<F>[];
    },
    reach: (source) => {
      const known = reading.reach.get(source.source) ?? facts.reach(source);
      reading.reach.set(source.source, known);
      return known;
    },
  };
  readers.set(view, (derivation) => {
    const value = derivation(facts);
    reading.derived.set(derivation, value);
    return value;
  });
  return { value: make(view), reading };
}

/**
 * Something that several insights need, or that one needs more seldom than the rest: derived once for all of them, and
 * anew only when something that was read for it is another.
 * @param keep gives the value of before where the new one is equal, so that nobody who has read it needs to run again
 */
export function derived<T>(derive: Derivation<T>, keep: Keep<T> = (_, now) => now): Derivation<T> {
  let last: { readonly reading: Reading; readonly value: T } | undefined;
  let lastView: FactsView | undefined;
  const derivation: Derivation<T> = (facts) => {
    const reader = readers.get(facts);
    if (reader) return reader(derivation);
    if (!last || (lastView !== facts && !last.reading.holdsIn(facts))) {
      const { reading, value } = note(facts, derive);
      last = { reading, value: keep(last?.value, value) };
    }
    lastView = facts;
    return last.value;
  };
  return derivation;
}

function show(targets: readonly AnyTarget[], source: string, reading: Reading): readonly AnyTarget[] {
  const read = targets.map(({ target }): TargetReading => ({ target, parts: new Map() }));
  reading.targets.set(source, read);
  return targets.map((target, i) => new Watched(target, read[i] as TargetReading));
}

/** A target whose reading is noted. A class, for the reason that the input of a collector is one. */
class Watched implements AnyTarget {
  readonly target: string;
  readonly facts: AnyTarget['facts'];
  readonly #base: AnyTarget;
  readonly #read: TargetReading;

  constructor(base: AnyTarget, read: TargetReading) {
    this.target = base.target;
    this.#base = base;
    this.#read = read;
    const get = (parts: object, key: string | symbol): unknown => {
      const value = (parts as Record<string | symbol, unknown>)[key];
      read.parts.set(key as string, value);
      return value;
    };
    this.facts = new Proxy(base.facts, { get, has: refuse, ownKeys: refuse });
  }

  get up(): boolean {
    this.#read.up = this.#base.up;
    return this.#base.up;
  }

  get ageSeconds(): number {
    this.#read.ageSeconds = this.#base.ageSeconds;
    return this.#base.ageSeconds;
  }
}

/** A part that is not there is read as undefined; a list of those that are there could not be noted. */
function refuse(): never {
  throw new TypeError('facts are read part by part');
}

const isSameOf = (read: readonly TargetReading[], now: readonly AnyTarget[]): boolean =>
  read.length === now.length && read.every((one, i) => isSameTarget(one, now[i] as AnyTarget));

function isSameTarget({ ageSeconds, parts, target, up }: TargetReading, now: AnyTarget): boolean {
  if (now.target !== target || (up ?? now.up) !== now.up) return false;
  if ((ageSeconds ?? now.ageSeconds) !== now.ageSeconds) return false;
  for (const [key, value] of parts) if (now.facts[key] !== value) return false;
  return true;
}

const isSameReach = (before: readonly TargetReach[], now: readonly TargetReach[]): boolean =>
  before.length === now.length && before.every(({ target, up }, i) => now[i]?.target === target && now[i]?.up === up);
