import type { FactsView, InsightInput } from '../../core/insight.ts';
import { derived } from '../../core/reading.ts';
import { type ChassisFacts, type GatewayFacts, ovnFacts } from '../../sources/ovn/facts.ts';
import { isDead } from '../index-of-members.ts';

export interface GatewayStanding {
  readonly network: string;
  /** Members of the candidates that are alive. */
  readonly alive: readonly string[];
  readonly expected: number;
}

/** The time is asked for only where it matters: what does not ask for it is not derived anew because it goes on. */
export type Time = Pick<InsightInput, 'nowMs'>;

/** By so many seconds a chassis may be behind the others in confirming a configuration. */
const GRACE_SECONDS = 15;

/**
 * A unit is a chassis that may carry the gateway of a network. Expected are the candidates in OVN's configuration; one
 * is enough. One is alive when it is registered, its member answers, and it has not fallen behind: a chassis
 * that died stays registered, and stops confirming what the others confirm.
 */
export function gatewayStandings(facts: FactsView, time: Time): readonly GatewayStanding[] {
  const behind = facts.of(ovnFacts).flatMap((target) => chassisBehind(target.facts.chassis ?? [], time));
  return behind.length === 0 ? standingsInStep(facts) : standingsWithout(new Set(behind), facts);
}

/** As long as no chassis has fallen behind, the time changes nothing. */
const standingsInStep = derived((facts) => standingsWithout(new Set(), facts));

function standingsWithout(behind: ReadonlySet<string>, facts: FactsView): readonly GatewayStanding[] {
  const isAlive = ({ chassis, member }: Place) =>
    member !== undefined && !behind.has(chassis) && !isDead(facts, member);
  const gateways = facts.of(ovnFacts).flatMap((target) => target.facts.gateways ?? []);
  return gateways.map((gateway) => {
    const places = placesOf(gateway);
    const alive = places.filter(isAlive).map(({ member = '' }) => member);
    return { network: gateway.network, alive, expected: Math.max(1, places.length) };
  });
}

interface Place {
  readonly chassis: string;
  readonly member?: string;
}

/** A gateway without a group of candidates has no other place than where it is. */
const placesOf = ({ active, candidates }: GatewayFacts): readonly Place[] =>
  candidates.length === 0 && active ? [active] : candidates;

/** Chassis that have not confirmed what another one has confirmed a while ago. */
function chassisBehind(all: readonly ChassisFacts[], time: Time): readonly string[] {
  const lagging = all.filter(({ configLag }) => configLag);
  if (lagging.length === 0) return [];
  const inStep = all.filter(({ configLag }) => configLag === 0);
  const first = Math.min(...inStep.map(({ confirmedAtSeconds = Number.POSITIVE_INFINITY }) => confirmedAtSeconds));
  if (time.nowMs / 1000 - first < GRACE_SECONDS) return [];
  return lagging.map(({ chassis }) => chassis);
}
