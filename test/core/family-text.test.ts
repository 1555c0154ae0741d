import { expect, test } from 'vitest';
import { FamilyText, renderHeader, renderValue } from '../../src/core/family-text.ts';

const newFamily = () => new FamilyText({ name: 'm', type: 'gauge', help: 'Help.' });

function textOf(family: FamilyText): string {
  family.seal();
  return Buffer.concat(family.chunks).toString();
}

test('lines come out in the order in which they went in', () => {
  const family = newFamily();
  expect([family.add('m{a="1"}', '1'), family.add('m', 'NaN'), family.add('m{a="größe"}', '2')]).toEqual([
    true,
    true,
    true,
  ]);
  expect(textOf(family)).toBe('m{a="1"} 1\nm NaN\nm{a="größe"} 2\n');
});

test('a series that is there already is refused, whatever its value', () => {
  const family = newFamily();
  family.add('m{a="ü"}', '1');
  family.add('m{a="b"}', '1');
  expect(family.add('m{a="ü"}', '2')).toBe(false);
  expect(family.add('m{a="b"}', '1')).toBe(false);
  expect(family.add('m', '1')).toBe(true);
  expect(family.series).toBe(3);
  expect(textOf(family)).toBe('m{a="ü"} 1\nm{a="b"} 1\nm 1\n');
});

test('a series is not mistaken for one that it is the beginning of', () => {
  const family = newFamily();
  family.add('m_long', '1');
  expect(family.add('m', '1')).toBe(true);
  expect(family.add('m_long_er', '1')).toBe(true);
});

test('a family of a hundred thousand series knows every one of them', () => {
  const family = newFamily();
  const series = Array.from({ length: 100_000 }, (_, i) => `m{name="instance-${i}",kind="${i % 7}"}`);
  expect(series.filter((each) => !family.add(each, '1'))).toEqual([]);
  expect(series.filter((each) => family.add(each, '2'))).toEqual([]);
  expect(family.series).toBe(100_000);
  expect(textOf(family)).toBe(series.map((each) => `${each} 1\n`).join(''));
  expect(family.chunks.length).toBeGreaterThan(1);
});

test('lines longer than a chunk are whole and are told apart', () => {
  const family = newFamily();
  const long = (length: number, end: string) => `m{x="${'y'.repeat(length)}${end}"}`;
  const series = [
    long(200_000, 'a'),
    'm{x="1"}',
    long(500_000, 'a'),
    long(500_000, 'b'),
    long(130_000, '€'),
    'm{x="2"}',
  ];
  for (const each of series) expect(family.add(each, '1')).toBe(true);
  for (const each of series) expect(family.add(each, '1')).toBe(false);
  expect(textOf(family)).toBe(series.map((each) => `${each} 1\n`).join(''));
});

test('series whose hashes may well be the same are told apart', () => {
  const family = newFamily();
  let refused = 0;
  for (let i = 0; i < 60_000; i++)
    if (!family.add(`m{x="${String.fromCharCode(97 + (i % 26)).repeat(i % 5)}${i}"}`, '1')) refused++;
  expect(refused).toBe(0);
});

test('bytes and strings make the same series', () => {
  const family = newFamily();
  const view = (text: string) => {
    const bytes = Buffer.from(text);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  };
  const line = view('m{a="1"} 5 more');
  expect(family.addBytes(line, 0, 7, view(',b="2"}'), 9, 10)).toBe(true);
  expect(family.addBytes(line, 0, 7, view(',b="3"}'), 9, 10)).toBe(true);
  expect(family.add('m{a="1",b="2"}', '5')).toBe(false);
  expect(family.addBytes(line, 0, 7, view(',b="3"}'), 9, 10)).toBe(false);
  expect(family.addBytes(line, 0, 1, view(''), 9, 10)).toBe(true);
  expect(textOf(family)).toBe('m{a="1",b="2"} 5\nm{a="1",b="3"} 5\nm 5\n');
});

test('a sealed family takes nothing more, and sealing twice changes nothing', () => {
  const family = newFamily();
  family.add('m', '1');
  expect(textOf(family)).toBe('m 1\n');
  expect(textOf(family)).toBe('m 1\n');
  expect(() => family.add('m{a="1"}', '1')).toThrow('after its cycle ended');
});

test.each([
  [0, '0'],
  [-0, '0'],
  [1.5, '1.5'],
  [-1e-7, '-1e-7'],
  [1e21, '1e+21'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
])('the value %d is written as %s', (value, text) => {
  expect(renderValue(value)).toBe(text);
});

test('a header escapes what the format asks for, and nothing else', () => {
  expect(renderHeader({ name: 'm', type: 'summary', help: 'a\\b\n"c"' })).toBe(
    '# HELP m a\\\\b\\n"c"\n# TYPE m summary\n',
  );
});
