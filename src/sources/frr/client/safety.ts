import { isAtLeast, type Version } from './version.ts';

/**
 * What is known to hurt a router, and in which versions. Observing must not break routing, so this table decides before
 * a byte is sent. Every line was reproduced on a real daemon.
 */
interface Hazard {
  readonly from: Version;
  readonly below: Version;
  readonly why: string;
}

/** The oldest version whose replies are known. */
export const OLDEST: Version = [8, 0, 0];

/**
 * A client that hangs up before it has read a reply of more than 128 KiB makes the daemon use freed memory and die
 * (https://github.com/FRRouting/frr/issues/19040). rackwatch never hangs up on a reply, but it may be killed itself.
 */
const hangUp: Hazard = {
  from: [10, 2, 0],
  below: [10, 3, 2],
  why: 'this version of FRR dies when a client is lost in the middle of a large reply',
};

/** Replies below this are sent in one piece, and hanging up on them is harmless in every version. */
export const HARMLESS_BYTES = 128 * 1024;

/**
 * Commands that abort a daemon. None of them is in the list of commands; this is here so that a test can prove it, and
 * so that nobody adds one.
 */
export const deadlyCommands: readonly { readonly pattern: RegExp; readonly hazard: Hazard }[] = [
  {
    pattern: /neighbors( \S+)? graceful-restart json/,
    hazard: { from: [8, 0, 0], below: [8, 5, 0], why: 'bgpd aborts (https://github.com/FRRouting/frr/pull/12491)' },
  },
  {
    pattern: /statistics json/,
    hazard: { from: [10, 0, 0], below: [11, 0, 0], why: 'bgpd segfaults with `vrf all`' },
  },
];

/** The largest reply that may be asked for, and why, where it is bounded. */
export function largestReply(version: Version): { readonly bytes: number; readonly why: string } {
  const bounded = isAtLeast(version, hangUp.from) && !isAtLeast(version, hangUp.below);
  return bounded
    ? { bytes: HARMLESS_BYTES, why: hangUp.why }
    : { bytes: Number.POSITIVE_INFINITY, why: 'no bound is known to be needed' };
}
