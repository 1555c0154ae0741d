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

test('a small stage keeps as many bytes as its text has, in one piece for all families', () => {
  const stage = new Stage();
  stage.emit(size, { pool: 'p', disk: 'a' }, 1);
  stage.emit(gauge('weight_kilograms', { help: 'Weight.' }), {}, 2);
  stage.family({ name: 'empty', type: 'gauge', help: '' });
  const families = stage.seal();
  const chunks = [...families.values()].flatMap((family) => family.chunks);
  const text = 'size_bytes{pool="p",disk="a"} 1\nweight_kilograms 2\n';
  expect(Buffer.concat(chunks).toString()).toBe(text);
  expect(new Set(chunks.map(({ buffer }) => buffer)).size).toBe(1);
  expect(chunks[0]?.buffer.byteLength).toBe(text.length);
});

test('a stage of more than 256 KiB is not copied together', () => {
  const stage = new Stage();
  for (let i = 0; i < 10_000; i++) stage.emit(size, { pool: 'p', disk: String(i) }, i);
  const text = textOf(stage);
  expect(text.length).toBeGreaterThan(256 * 1024);
  expect(text.split('\n').filter((line) => line.startsWith('size_bytes'))).toHaveLength(10_000);
});
