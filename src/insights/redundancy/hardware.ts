import { derived } from '../../core/reading.ts';
import { type BmcFacts, bmcFacts } from '../../sources/bmc/facts.ts';
import type { Row } from './row.ts';

/** Power supplies and fans of each server whose BMC answers. */
export const hardwareRows = derived((facts): readonly Row[] =>
  facts.of(bmcFacts).flatMap((target) => [...countSupplies(target.facts), ...countFans(target.facts)]),
);

/**
 * A unit is a power supply. Expected are all that the BMC lists, pulled ones too. One works when it is plugged in, has
 * not failed, gets a proper input and goes with the others; one that expects to fail still works. One is enough, unless
 * the BMC has a redundancy sensor that knows better.
 */
function countSupplies({ member = '', powerSupplies = [], redundancies = [] }: Partial<BmcFacts>): Row[] {
  if (powerSupplies.length === 0) return [];
  const working = powerSupplies.filter(
    ({ hasConfigurationError, hasFailed, isInputLost, isInputOutOfRange, isPresent }) =>
      isPresent !== false && !(hasFailed || isInputLost || isInputOutOfRange || hasConfigurationError),
  );
  const count = { current: working.length, expected: powerSupplies.length };
  const minimum = minimumOf('power_supply', redundancies, count.current) ?? 1;
  return [{ component: 'psu', member, ...count, minimum }];
}

/**
 * A unit is a fan that the BMC reads; a header without a fan is none, and neither is a fan that was pulled where the
 * BMC cannot tell the two apart. One works as long as its speed is not critical. Without a redundancy sensor a server
 * is taken to stand the loss of one fan. A server that is off has no fans to count.
 */
function countFans({ fans = [], member = '', powerOn, redundancies = [] }: Partial<BmcFacts>): Row[] {
  const present = fans.filter(({ health }) => health !== 'absent');
  if (present.length === 0 || powerOn === false) return [];
  const current = present.filter(({ health }) => health === 'ok' || health === 'noncritical').length;
  const minimum = minimumOf('fan', redundancies, current) ?? Math.max(1, present.length - 1);
  return [{ component: 'fan', member, current, expected: present.length, minimum }];
}

/**
 * What redundancy sensors of a kind make of it (IPMI 2.0 table 42-2, type 0Bh): degraded redundancy stands one more
 * loss, none stands none, and insufficient resources are one too few. Full redundancy says nothing of how many.
 */
function minimumOf(kind: string, redundancies: BmcFacts['redundancies'], current: number): number | undefined {
  const spare = redundancies.filter((one) => one.kind === kind).map(({ state }) => spareOf(state));
  const known = spare.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : current - Math.min(...known);
}

function spareOf(state: string): number | undefined {
  if (state.includes('insufficient_resources')) return -1;
  if (state.includes('degraded')) return 1;
  return state === 'fully_redundant' ? undefined : 0;
}
