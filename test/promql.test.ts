import { expect, test } from 'vitest';
import { labelsOf } from './promql.ts';

const families = new Map([
  ['fan', new Set(['member', 'sensor'])],
  ['power', new Set(['member'])],
  ['target', new Set(['target'])],
]);

test.each([
  ['fan', ['member', 'sensor']],
  ['max by (member) (fan) == 0', ['member']],
  ['max without (sensor) (fan)', ['member']],
  ['sum(fan)', []],
  ['absent(fan)', []],
  ['vector(1)', []],
  ['max by (member) (fan) and on (member) power', ['member']],
  ['label_replace(target, "member", "$1", "target", "(.*)")', ['target', 'member']],
  ['label_replace(vector(0), "member", "none", "", "")', ['member']],
  ['topk(3, fan)', ['member', 'sensor']],
  ['predict_linear(max by (member) (fan)[3d:10m], 86400) > 1', ['member']],
])('%s has the labels %j', (expression, labels) => {
  const found = labelsOf(expression, families);
  expect(found.problems).toEqual([]);
  expect([...found.labels]).toEqual(labels);
});

test.each([
  ['fam', 'there is no series fam'],
  ['fan{membre="a"}', 'fan has no label membre'],
  ['max by (osd) (fan)', 'by (osd): nothing inside has it'],
  ['fan and on (sensor) power', 'on (sensor): one side lacks it'],
  ['label_replace(target, "member", "$1", "member", "(.*)")', 'label_replace: nothing inside has member'],
  ['fan{', 'syntax'],
])('%s is refused', (expression, problem) => {
  expect(labelsOf(expression, families).problems.join()).toContain(problem);
});
