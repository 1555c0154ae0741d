import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSamples } from '../../../../../src/sources/ceph/client/manager/samples.ts';

const parse = async (text: string) =>
  Object.fromEntries(await parseSamples(Buffer.from(text), (family) => family.startsWith('ceph_')));

test('reads the families that are wanted, and no others', async () => {
  const text = [
    '# HELP ceph_health_status Cluster health status',
    '# TYPE ceph_health_status untyped',
    'ceph_health_status 0.0',
    'python_info{version="3"} 1',
    'ceph_pool_rd{pool_id="1"} 10439.0',
    'ceph_pool_rd{pool_id="2"} 10811.0',
    '',
  ].join('\n');
  expect(await parse(text)).toEqual({
    ceph_health_status: [{ labels: {}, value: 0 }],
    ceph_pool_rd: [
      { labels: { pool_id: '1' }, value: 10439 },
      { labels: { pool_id: '2' }, value: 10811 },
    ],
  });
});

test('puts together a family that comes in pieces, with its comments repeated', async () => {
  const piece = (id: number) =>
    `# HELP ceph_x first ${id}\n# TYPE ceph_x counter\nceph_x{poolid="${id}"} ${id}\nceph_other 1\n`;
  expect((await parse(piece(5) + piece(4))).ceph_x).toEqual([
    { labels: { poolid: '5' }, value: 5 },
    { labels: { poolid: '4' }, value: 4 },
  ]);
});

test.each([
  ['ceph_a{l="a\\\\b\\"c\\nd"} 1', { l: 'a\\b"c\nd' }, 1],
  ['ceph_a{l="x,y} z",m=""} 2', { l: 'x,y} z', m: '' }, 2],
  ['ceph_a{l="ends with backslash\\\\"} 3', { l: 'ends with backslash\\' }, 3],
  ['ceph_a{l="1", m="2",} 4', { l: '1', m: '2' }, 4],
  ['ceph_a{} 5 1700000000000', {}, 5],
  ['ceph_a 1.5e+3\r', {}, 1500],
  ['ceph_a +Inf', {}, Number.POSITIVE_INFINITY],
  ['ceph_a -Inf', {}, Number.NEGATIVE_INFINITY],
  ['ceph_a NaN', {}, Number.NaN],
  ['ceph_a{l="no line feed at the end"} 6', { l: 'no line feed at the end' }, 6],
])('understands %s', async (line, labels, value) => {
  expect(await parse(line)).toEqual({ ceph_a: [{ labels, value }] });
});

test.each(['ceph_a', 'ceph_a ', 'ceph_a{l="1} 1', 'ceph_a{l=1} 1', 'ceph_a{l="1"', 'ceph_a one', 'ceph_a{l="\\"} 1'])(
  'leaves out the broken line %j and reads on',
  async (line) => {
    const families = await parse(`${line}\nceph_b 2\n`);
    expect(families.ceph_a ?? []).toEqual([]);
    expect(families.ceph_b).toEqual([{ labels: {}, value: 2 }]);
  },
);

test('reads the same labels again in any order, with any number behind them', async () => {
  const numbers = [
    '0',
    '0.0',
    '12',
    '12.5',
    '123456789012.345',
    '0.007310390472412109',
    '1e3',
    '-1',
    '.5',
    '1.2.3',
    '',
  ];
  const lines = numbers.flatMap((number) => [
    `ceph_a{l="1"} ${number}`,
    `ceph_a{l="2"} ${number}\r`,
    `ceph_a{l="1",m="x"} ${number} 1700000000000`,
  ]);
  const values = [0, 0, 12, 12.5, 123_456_789_012.345, 0.007_310_390_472_412_109, 1000, -1, 0.5];
  expect((await parse(`${lines.join('\n')}\n`)).ceph_a?.slice(0, 3 * values.length)).toEqual(
    values.flatMap((value) => [
      { labels: { l: '1' }, value },
      { labels: { l: '2' }, value },
      { labels: { l: '1', m: 'x' }, value },
    ]),
  );
});

test('does not take a family for another one whose name it begins with', async () => {
  expect(await parse('ceph_osd_op 1\nceph_osd_op_r 2\nceph_osd 3\n')).toEqual({
    ceph_osd_op: [{ labels: {}, value: 1 }],
    ceph_osd_op_r: [{ labels: {}, value: 2 }],
    ceph_osd: [{ labels: {}, value: 3 }],
  });
});

test('reads what was written, whatever the label values are', async () => {
  const escapeValue = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.double({ noNaN: true }), async (label, value) => {
      const text = `ceph_a{l="${escapeValue(label)}"} ${String(value).replace('Infinity', 'Inf')}\n`;
      expect(await parse(text)).toEqual({
        ceph_a: [{ labels: { l: label }, value: value === 0 ? expect.closeTo(0) : value }],
      });
    }),
  );
});

test('never throws, and ends, for any text', async () => {
  const pieces = fc.constantFrom('ceph_a', '{', '}', '"', '\\', '=', ',', ' ', '\n', '1', '#', 'l', '\0', 'é');
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 60 }), async (parts) => {
      expect(await parseSamples(Buffer.from(parts.join('')), () => true)).toBeInstanceOf(Map);
    }),
  );
});

test('gives others their turn while it reads a long page', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await parseSamples(Buffer.from('ceph_a{ceph_daemon="osd.1"} 1\n'.repeat(200_000)), () => true);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});
