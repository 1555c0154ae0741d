import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FamilyText, renderSeries, renderValue } from '../../src/core/family-text.ts';
import { KeptFamily } from '../../src/core/kept-family.ts';
import { gauge } from '../../src/core/metric.ts';

const metric = gauge('ports', { help: 'Ports.', labels: ['name', 'member'] });

type Line = readonly [name: string, member: string, value: number];

type GiveLabels = (name: string, member: string) => { readonly name: string; readonly member: string };

const write = (
  family: KeptFamily,
  lines: readonly Line[],
  give: GiveLabels = (name, member) => ({ name, member }),
): boolean[] => lines.map(([name, member, value]) => family.add(give(name, member), value));

const textOf = ({ chunks }: { readonly chunks: readonly Buffer[] }) => Buffer.concat(chunks).toString();

/** The same lines as nobody has written before. */
function writeFresh(lines: readonly Line[]) {
  const family = new FamilyText(metric);
  const added = lines.map(([name, member, value]) =>
    family.add(renderSeries(metric, { name, member }), renderValue(value)),
  );
  family.seal();
  return { added, series: family.series, text: textOf(family) };
}

const a: Line = ['a', 'm1', 1];
const b: Line = ['b', 'm1', 1];
const c: Line = ['c', '', 0.5];

test.each<[string, readonly Line[], string]>([
  ['the same', [a, b, c], 'ports{name="a",member="m1"} 1\nports{name="b",member="m1"} 1\nports{name="c"} 0.5\n'],
  [
    'another value',
    [a, ['b', 'm1', 20], c],
    'ports{name="a",member="m1"} 1\nports{name="b",member="m1"} 20\nports{name="c"} 0.5\n',
  ],
  [
    'another line in the place of one',
    [a, ['d', 'm1', 2], c],
    'ports{name="a",member="m1"} 1\nports{name="d",member="m1"} 2\nports{name="c"} 0.5\n',
  ],
  ['one less', [a, c], 'ports{name="a",member="m1"} 1\nports{name="c"} 0.5\n'],
  ['the last one less', [a, b], 'ports{name="a",member="m1"} 1\nports{name="b",member="m1"} 1\n'],
  ['another label', [['a', 'm"2', 1], b], 'ports{name="a",member="m\\"2"} 1\nports{name="b",member="m1"} 1\n'],
  ['one more', [['é', '', Number.NaN], a], 'ports{name="é"} NaN\nports{name="a",member="m1"} 1\n'],
  ['another order', [c, a, b], 'ports{name="c"} 0.5\nports{name="a",member="m1"} 1\nports{name="b",member="m1"} 1\n'],
  ['a repeat', [a, a, b, a], 'ports{name="a",member="m1"} 1\nports{name="b",member="m1"} 1\n'],
  ['nothing', [], ''],
])('after three lines: %s', (_name, lines, text) => {
  const family = new KeptFamily(metric);
  write(family, [a, b, c]);
  family.seal();
  write(family, lines);
  expect(textOf(family.seal())).toBe(text);
});

test('the text is the same one while nothing changes, and what was handed out stays as it is', () => {
  const family = new KeptFamily(metric);
  write(family, [a, b]);
  const first = family.seal();
  write(family, [a, b]);
  expect(family.seal()).toBe(first);
  write(family, [['a', 'm1', 7], b]);
  expect(textOf(family.seal())).toBe('ports{name="a",member="m1"} 7\nports{name="b",member="m1"} 1\n');
  expect(textOf(first)).toBe('ports{name="a",member="m1"} 1\nports{name="b",member="m1"} 1\n');
});

test('a large text comes in pieces of whole lines', () => {
  const family = new KeptFamily(metric);
  const lines = Array.from({ length: 10_000 }, (_, i): Line => [`name${i}`, 'm1', i]);
  write(family, lines);
  const { chunks, series } = family.seal();
  expect(series).toBe(10_000);
  expect(chunks.length).toBeGreaterThan(1);
  expect(chunks.every((chunk) => chunk.length <= 128 * 1024 && chunk.at(-1) === 10)).toBe(true);
  expect(Buffer.concat(chunks).toString()).toBe(writeFresh(lines).text);
});

const line = fc.tuple(
  fc.constantFrom('a', 'b', 'c', 'd', 'é', '"', 'a long name'),
  fc.constantFrom('', 'm1', 'm2'),
  fc.constantFrom(0, 1, -1.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY),
);

/** Ways in which labels may come: an object for each line, one for all that is changed, or a frozen one that is kept. */
function givers(): Readonly<Record<'own' | 'reused' | 'frozen', GiveLabels>> {
  const one = { name: '', member: '' };
  const kept = new Map<string, ReturnType<GiveLabels>>();
  return {
    own: (name, member) => ({ name, member }),
    reused: (name, member) => Object.assign(one, { name, member }),
    frozen: (name, member) => {
      const labels = kept.get(`${name} ${member}`) ?? Object.freeze({ name, member });
      kept.set(`${name} ${member}`, labels);
      return labels;
    },
  };
}

test('whatever was written before, and whether it was sealed or dropped, the text is that of fresh writing', () => {
  const writing = fc.record({
    lines: fc.array(line, { maxLength: 20 }),
    dropped: fc.constantFrom(false, false, true),
    way: fc.constantFrom('own', 'reused', 'frozen', 'frozen'),
  });
  fc.assert(
    fc.property(fc.array(writing, { maxLength: 8 }), (writings) => {
      const family = new KeptFamily(metric);
      const give = givers();
      for (const { dropped, lines, way } of writings) {
        const fresh = writeFresh(lines);
        expect(write(family, lines, give[way])).toEqual(fresh.added);
        if (dropped) {
          family.drop();
          continue;
        }
        const sealed = family.seal();
        expect([textOf(sealed), sealed.series]).toEqual([fresh.text, fresh.series]);
      }
    }),
    { numRuns: 1000 },
  );
});

test('labels that are frozen and the same object are not compared', () => {
  const family = new KeptFamily(metric);
  let reads = 0;
  const labelsOf = (name: string) =>
    Object.freeze({
      get name() {
        reads++;
        return name;
      },
      member: 'm1',
    });
  const [first, second] = [labelsOf('a'), labelsOf('a')];
  family.add(first, 1);
  const { chunks } = family.seal();
  reads = 0;
  family.add(first, 1);
  expect([family.seal().chunks, reads]).toEqual([chunks, 0]);
  // Another object that is equal is compared once.
  family.add(second, 1);
  family.seal();
  family.add(second, 1);
  expect([family.seal().chunks, reads]).toEqual([chunks, 1]);
});
