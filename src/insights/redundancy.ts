import { z } from 'zod';
import { defineInsight, type FactsView } from '../core/insight.ts';
import { gauge } from '../core/metric.ts';
import { cephRows } from './redundancy/ceph.ts';
import type { Time } from './redundancy/gateways.ts';
import { hardwareRows } from './redundancy/hardware.ts';
import { linkRows } from './redundancy/links.ts';
import { lxdRows } from './redundancy/lxd.ts';
import { ovnRows } from './redundancy/ovn.ts';
import { routingRows } from './redundancy/routing.ts';
import { components, type Row, tolerated } from './redundancy/row.ts';

const labels = ['component', 'member', 'name'] as const;

const current = gauge('rackwatch_redundancy_current', {
  help: 'Units of a component that are known to work. Absent while its source is silent; of a source that is silent in part, what is known to work.',
  labels,
});
const expected = gauge('rackwatch_redundancy_expected', {
  help: 'Units of a component that there are by the configuration of the systems themselves, or of this insight.',
  labels,
});
const minimum = gauge('rackwatch_redundancy_minimum', {
  help: 'Units of a component without which it does not serve.',
  labels,
});
const faultsTolerated = gauge('rackwatch_redundancy_faults_tolerated', {
  help: 'How many more units may fail: 0 means that the next failure is an outage, less that it has happened.',
  labels,
});

const count = z.int().min(0);

const correction = z
  .strictObject({
    component: z.enum(components).describe('Component, as in the label.'),
    member: z.string().min(1).optional().describe('Only of this member; without it, of all.'),
    name: z.string().min(1).optional().describe('Only of this name; without it, of all.'),
    expected: count.optional().describe('How many units there should be.'),
    minimum: count.optional().describe('With how many it still serves.'),
  })
  .refine(({ expected: units, minimum: least }) => units !== undefined || least !== undefined, {
    message: 'expected or minimum is needed',
  });

const configSchema = z.strictObject({
  expected: z
    .array(correction)
    .default([])
    .describe('Where the systems do not know better: the first entry that matches a component counts.'),
});

type Correction = z.output<typeof correction>;

export const redundancy = defineInsight({
  name: 'redundancy',
  help: 'How many failures each component still stands, in every layer.',
  metrics: [current, expected, minimum, faultsTolerated],
  configSchema,
  derive(input) {
    const { config, emit, facts } = input;
    for (const row of ledger(facts, input)) {
      const line = correct(row, config.expected);
      const own = { component: line.component, member: line.member ?? '', name: line.name ?? '' };
      emit(current, own, line.current);
      emit(expected, own, line.expected);
      emit(minimum, own, line.minimum);
      emit(faultsTolerated, own, tolerated(line));
    }
  },
});

/** Every component that is known, of all layers. */
const ledger = (facts: FactsView, time: Time): readonly Row[] => [
  ...hardwareRows(facts),
  ...linkRows(facts),
  ...cephRows(facts),
  ...ovnRows(facts, time),
  ...lxdRows(facts),
  ...routingRows(facts),
];

function correct(row: Row, corrections: readonly Correction[]): Row {
  const own = corrections.find(
    (one) =>
      one.component === row.component &&
      (one.member === undefined || one.member === row.member) &&
      (one.name === undefined || one.name === row.name),
  );
  if (!own) return row;
  return { ...row, expected: own.expected ?? row.expected, minimum: own.minimum ?? row.minimum };
}
