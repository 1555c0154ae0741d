import { expect, test } from 'vitest';
import { expose, TEXT_FORMAT } from '../../src/core/exposition.ts';
import { counter, gauge } from '../../src/core/metric.ts';
import { Stage } from '../../src/core/snapshot.ts';

const up = gauge('b_up', { help: 'Up.', labels: ['target'] });
const reads = counter('a_reads_total', { help: 'Reads.' });

const textOf = (...stages: Stage[]) => Buffer.concat(expose(stages.map((stage) => stage.seal()))).toString();

test('families of several stages are joined, sorted by name, each under one header', () => {
  const [first, second] = [new Stage(), new Stage()];
  first.emit(up, { target: 'x' }, 1);
  first.emit(reads, {}, 5);
  second.emit(up, { target: 'y' }, 0);
  expect(textOf(first, second)).toBe(
    '# HELP a_reads_total Reads.\n# TYPE a_reads_total counter\na_reads_total 5\n' +
      '# HELP b_up Up.\n# TYPE b_up gauge\nb_up{target="x"} 1\nb_up{target="y"} 0\n',
  );
});

test('where stages disagree about a family, the first one wins', () => {
  const [first, second] = [new Stage(), new Stage()];
  first.emit(up, { target: 'x' }, 1);
  second.family({ name: 'b_up', type: 'untyped', help: 'Other.' }).add('b_up{target="y"}', '2');
  expect(textOf(first, second)).toBe('# HELP b_up Up.\n# TYPE b_up gauge\nb_up{target="x"} 1\nb_up{target="y"} 2\n');
});

test('a family without samples has no header', () => {
  const stage = new Stage();
  stage.family({ name: 'empty', type: 'gauge', help: '' });
  expect(textOf(stage)).toBe('');
  expect(textOf()).toBe('');
});

test('exposing twice gives the same: a scrape changes nothing in a snapshot', () => {
  const [first, second] = [new Stage(), new Stage()];
  first.emit(up, { target: 'x' }, 1);
  second.emit(up, { target: 'y' }, 1);
  const once = textOf(first, second);
  expect(textOf(first, second)).toBe(once);
});

test('the Content-Type names version and charset', () => {
  expect(TEXT_FORMAT).toBe('text/plain; version=0.0.4; charset=utf-8');
});
