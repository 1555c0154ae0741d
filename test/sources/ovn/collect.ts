import pino from 'pino';
import { expect } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { runCycle } from '../../../src/core/cycle.ts';
import { expose } from '../../../src/core/exposition.ts';
import type { OvnClient } from '../../../src/sources/ovn/client/client.ts';
import type { OvnFacts } from '../../../src/sources/ovn/facts.ts';
import { ovn } from '../../../src/sources/ovn/index.ts';
import type { Rows } from './replicas.ts';

/**
 * Runs one collector, and checks that it succeeds and repeats nothing.
 * @param members LXD's member by the name of a chassis or its host
 */
export async function collect(name: string, client: OvnClient, members: ReadonlyMap<string, string> = new Map()) {
  const snapshot = await runCycle({
    source: 'ovn',
    target: 'ovn',
    collectors: ovn.collectors.filter((collector) => collector.name === name),
    client,
    config: { members },
    timeoutMs: 10_000,
    log: pino({ enabled: false }),
    clock: systemClock,
  });
  const outcomes = snapshot.outcomes.map(({ collector, failure, repeats }) => ({ collector, failure, repeats }));
  expect(outcomes).toEqual([{ collector: name, failure: undefined, repeats: 0 }]);
  const lines = Buffer.concat(expose(snapshot.stages)).toString().split('\n');
  return {
    lines: lines.filter((line) => line !== '' && !line.startsWith('#')),
    facts: snapshot.facts as Partial<OvnFacts>,
  };
}

/** The encoding of the wire. */
export const set = (...uuids: string[]) => ['set', uuids.map((uuid) => ['uuid', uuid])];
export const uuid = (text: string) => ['uuid', text];
export const map = (pairs: Record<string, string>) => ['map', Object.entries(pairs)];

export const chassis: Rows = {
  Chassis: {
    c1: { name: 'sys-1', hostname: 'abydos.example.net', encaps: set('e1', 'e2') },
    c2: { name: 'sys-2', hostname: 'langara', encaps: uuid('e3') },
  },
  Encap: {
    e1: { type: 'geneve', ip: '10.0.0.11' },
    e2: { type: 'vxlan', ip: '10.0.0.11' },
    e3: { type: 'geneve', ip: '10.0.0.12' },
  },
};
