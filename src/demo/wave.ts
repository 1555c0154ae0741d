const DAY_SECONDS = 86_400;
const RIPPLE_SECONDS = 420;
/** Their sum is below 1, so that a rate never becomes negative and a counter never falls. */
const DAY_SWING = 0.55;
const RIPPLE_SWING = 0.3;
const TURN = 2 * Math.PI;

/** A rate that follows the hour of the day and ripples within minutes: a pure function of the clock. */
export interface Wave {
  /** Average, in units per second. */
  readonly mean: number;
  /** Moves the ripple, so that no two things rise together; 0 to 1. */
  readonly phase: number;
}

/** The rate at a moment, in units per second. */
export function rateAt({ mean, phase }: Wave, atMs: number): number {
  const t = atMs / 1000;
  const day = DAY_SWING * Math.sin(TURN * (t / DAY_SECONDS - 0.375));
  return mean * (1 + day + RIPPLE_SWING * Math.sin(TURN * (t / RIPPLE_SECONDS + phase)));
}

/** What the rate adds up to between two moments: the value of a counter that began at the first one. */
export function totalOver({ mean, phase }: Wave, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0;
  const integral = (ms: number) => {
    const t = ms / 1000;
    const day = DAY_SWING * (DAY_SECONDS / TURN) * Math.cos(TURN * (t / DAY_SECONDS - 0.375));
    return t - day - RIPPLE_SWING * (RIPPLE_SECONDS / TURN) * Math.cos(TURN * (t / RIPPLE_SECONDS + phase));
  };
  return mean * (integral(toMs) - integral(fromMs));
}

/** A number from 0 to 1 that is always the same for the same name (FNV-1a). */
export function fractionOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  // FNV-1a mixes the last bytes poorly into the high bits, of which the fraction is made.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 32;
}
