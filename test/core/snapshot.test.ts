import { expect, test } from 'vitest';
import { expose } from '../../src/core/exposition.ts';
import { gauge } from '../../src/core/metric.ts';
import { countSeries, type Snapshot, Stage } from '../../src/core/snapshot.ts';

const size = gauge('size_bytes', { help: 'Size.', labels: ['pool', 'disk'] });

const textOf = (stage: Stage) => Buffer.concat(expose([stage.seal()])).toString();

test('samples are rendered in the order of the declared labels, with escapes', () => {
  const stage = new Stage();
  stage.emit(size, { disk: 'a"b\\c\nd', pool: 'größe' }, 1.5);
  expect(textOf(stage)).toBe(
    '# HELP size_bytes Size.\n# TYPE size_bytes gauge\nsize_bytes{pool="größe",disk="a\\"b\\\\c\\nd"} 1.5\n',
  );
});

test('an empty label value is not written, so it cannot make two series of one', () => {
  const stage = new Stage();
  stage.emit(size, { pool: '', disk: 'a' }, 1);
  stage.emit(size, { pool: '', disk: '' }, 2);
  expect(textOf(stage)).toContain('size_bytes{disk="a"} 1\nsize_bytes 2\n');
});

test('a repeated series is shown once and counted', () => {
  const stage = new Stage();
  for (const value of [1, 2, 3]) stage.emit(size, { pool: 'p', disk: 'a' }, value);
  stage.emit(size, { pool: 'p', disk: 'b' }, 4);
  expect(stage.repeats).toBe(2);
  expect(textOf(stage)).toContain('\nsize_bytes{pool="p",disk="a"} 1\nsize_bytes{pool="p",disk="b"} 4\n');
});

test('the first header of a family counts', () => {
  const stage = new Stage();
  const first = stage.family({ name: 'm', type: 'counter', help: 'One.' });
  expect(stage.family({ name: 'm', type: 'gauge', help: 'Two.' })).toBe(first);
  first.add('m', '1');
  expect(textOf(stage)).toBe('# HELP m One.\n# TYPE m counter\nm 1\n');
});

test('the series of all stages are counted', () => {
  const [one, two] = [new Stage(), new Stage()];
  one.emit(size, { pool: 'p', disk: 'a' }, 1);
  one.emit(size, { pool: 'p', disk: 'a' }, 1);
  two.emit(size, { pool: 'p', disk: 'b' }, 1);
  two.family({ name: 'other', type: 'gauge', help: '' }).add('other', '1');
  const snapshot: Snapshot = {
    source: 's',
    target: 't',
    takenAt: 0,
    durationSeconds: 0,
    outcomes: [],
    stages: [one.seal(), two.seal()],
    facts: {},
  };
  expect(countSeries(snapshot)).toBe(3);
});
