import { expect, test } from 'vitest';
import { SourceError } from '../../src/core/errors.ts';
import { expose } from '../../src/core/exposition.ts';
import { gauge } from '../../src/core/metric.ts';
import { type RegroupOptions, regroupText } from '../../src/core/regroup-text.ts';
import { Stage } from '../../src/core/snapshot.ts';

type Body = Parameters<typeof regroupText>[0];

async function regroup(body: Body, options: Partial<RegroupOptions> = {}) {
  const stage = new Stage();
  const result = await regroupText(body, { family: stage.family, maxBytes: 100_000_000, ...options });
  return { ...result, text: Buffer.concat(expose([stage.seal()])).toString(), stage };
}

/** The samples alone, of a text whose only family is untyped. */
async function samplesOf(line: string, labels: Record<string, string> = {}): Promise<string> {
  const { text } = await regroup(`good 1\n${line}\ngood2 1\n`, { labels, keep: (name) => !name.startsWith('good') });
  return text.replaceAll(/^#.*\n/gm, '');
}

test('a family in several places becomes one, and the first HELP and TYPE count', async () => {
  const body = [
    '# HELP b_total First words.',
    '# TYPE b_total counter',
    'b_total{x="1"} 1',
    '# HELP a A gauge.',
    '# TYPE a gauge',
    'a 5',
    '# HELP b_total Other words.',
    '# TYPE b_total gauge',
    'b_total{x="2"} 2',
    '# a comment',
    '# EOF',
  ].join('\n');
  const { text, ...result } = await regroup(body);
  expect(text).toBe(
    '# HELP a A gauge.\n# TYPE a gauge\na 5\n' +
      '# HELP b_total First words.\n# TYPE b_total counter\nb_total{x="1"} 1\nb_total{x="2"} 2\n',
  );
  expect(result).toMatchObject({ families: 2, series: 3, repeats: 0, skipped: 0 });
});

test('a repeated series is shown once, with its first value, and counted apart from those of emit', async () => {
  const { text, repeats, series, stage } = await regroup('a{x="1"} 1\na{x="2"} 2\na{x="1"} 1\na{x="2"} 3\n');
  expect(text).toContain('a{x="1"} 1\na{x="2"} 2\n');
  expect({ repeats, series, ofStage: stage.repeats }).toEqual({ repeats: 2, series: 2, ofStage: 0 });
});

test('series of several texts and of emit in one stage are told apart by their labels', async () => {
  const stage = new Stage();
  const options = { family: stage.family, maxBytes: 1000 };
  await regroupText('up{x="1"} 1\n', { ...options, labels: { member: 'm1' } });
  await regroupText('up{x="1"} 1\n', { ...options, labels: { member: 'm2' } });
  const again = await regroupText('up{x="1"} 0\n', { ...options, labels: { member: 'm1' } });
  stage.emit(gauge('up', { help: '', labels: ['x', 'member'] }), { x: '1', member: 'm2' }, 5);
  expect(again).toEqual({ families: 1, series: 0, repeats: 1, skipped: 0 });
  expect(stage.repeats).toBe(1);
  expect(Buffer.concat(expose([stage.seal()])).toString()).toBe(
    '# HELP up \n# TYPE up untyped\nup{x="1",member="m1"} 1\nup{x="1",member="m2"} 1\n',
  );
});

test.each([
  ['m 1', 'm{member="m\\"1"} 1\n'],
  ['m{} 1', 'm{member="m\\"1"} 1\n'],
  ['m{a="b"} 1', 'm{a="b",member="m\\"1"} 1\n'],
  ['m{ a = "b" , } 1', 'm{a="b",member="m\\"1"} 1\n'],
  ['m{member="own"} 1', 'm{member="own"} 1\n'],
  ['m{a="\\"",member="own"} 1', 'm{a="\\"",member="own"} 1\n'],
])('labels are added in place: %s', async (line, expected) => {
  expect(await samplesOf(line, { member: 'm"1', empty: '' })).toBe(expected);
});

test.each([
  // As LXD writes them.
  ['m{d="a"b"} 1', 'm{d="a\\"b"} 1\n'],
  ['m{d="a\\b"} 1', 'm{d="a\\\\b"} 1\n'],
  ['m{d="c:\\",e="x"} 1', 'm{d="c:\\\\",e="x"} 1\n'],
  ['m{d="end\\"} 1', 'm{d="end\\\\"} 1\n'],
  ['m{d="",e="\\"} 1', 'm{d="",e="\\\\"} 1\n'],
  ['m{d="a"},{b"} 1', 'm{d="a\\"},{b"} 1\n'],
  ['m{d="a",b"} 1', 'm{d="a\\",b"} 1\n'],
  ['m{d="q"} 9 # {"} 1', 'm{d="q\\"} 9 # {"} 1\n'],
  ['m{d="/mnt/x"y",p="z"} 1', 'm{d="/mnt/x\\"y",p="z"} 1\n'],
  ['m{d="""} 1', 'm{d="\\""} 1\n'],
  // As the format has them.
  ['m{d="a,b}c{d # e"} 1', 'm{d="a,b}c{d # e"} 1\n'],
  ['m{d="} 5 # {"} 1', 'm{d="} 5 # {"} 1\n'],
  ['m{d="\\\\\\"\\n"} 1', 'm{d="\\\\\\"\\n"} 1\n'],
  ['m{d="größe ✓"} 1', 'm{d="größe ✓"} 1\n'],
])('label values, escaped or not: %s', async (line, expected) => {
  expect(await samplesOf(line)).toBe(expected);
});

test.each([
  ['m 1', '1'],
  ['m -1.5e-3', '-1.5e-3'],
  ['m +7', '+7'],
  ['m .5', '.5'],
  ['m 5.', '5.'],
  ['m 1E6', '1E6'],
  ['m 7.8033190912e+10', '7.8033190912e+10'],
  ['m 1e300', '1e300'],
  ['m NaN', 'NaN'],
  ['m nan', 'NaN'],
  ['m Inf', '+Inf'],
  ['m +Inf', '+Inf'],
  ['m -inf', '-Inf'],
  ['m Infinity', '+Inf'],
  ['m 1 1395066363000', '1'],
  ['m 1 -3982045', '1'],
  ['m 1 1395066363.123', '1'],
  ['m{} 1 # {trace_id="KOO5S4vxi0o"} 0.67', '1'],
  ['m 1 1520879607 # {trace_id="a}b",x="y"} 0.67 1520879607.789', '1'],
  ['m 1 # {} 0.67', '1'],
  ['m 1 # {a="\u2028"} 0.67', '1'],
  ['\t m\t1 \t', '1'],
  ['m  1', '1'],
  ['m 1\r', '1'],
])('values stay as they are, timestamps and exemplars go: %s', async (line, expected) => {
  expect(await samplesOf(line)).toBe(`m ${expected}\n`);
});

test.each([
  'm',
  'm{',
  'm{}',
  'm{a="b"',
  'm{a="b"}',
  'm{a=b} 1',
  'm{a} 1',
  'm{1a="b"} 1',
  'm{a="1",a="2"} 1',
  'm{a="x"y",a="2"} 1',
  'm{__name__="other"} 1',
  'm{"utf8.name",a="b"} 1',
  'm one',
  'm 0x10',
  'm 1_000',
  'm 1e400',
  `m 1${'0'.repeat(400)}`,
  'm 1.2.3',
  'm 1-2',
  'm 1 2 3',
  'm 1 # no exemplar',
  'm 1 # {a="b"}',
  '1m 1',
  'm-n 1',
  '<p>text</p>',
  `m{a="${'x'.repeat(70_000)}"} 1`,
])('a line that is no sample is skipped and counted: %s', async (line) => {
  const { text, skipped, series } = await regroup(`a 1\n${line}\nb 2`);
  expect({ skipped, series }).toEqual({ skipped: 1, series: 2 });
  expect(text.replaceAll(/^#.*\n/gm, '')).toBe('a 1\nb 2\n');
});

test('parts of histograms and summaries belong to their family', async () => {
  const body = [
    '# TYPE h histogram',
    'h_bucket{le="1"} 1',
    'h_bucket{le="+Inf"} 2',
    'h_sum 3',
    'h_count 2',
    '# TYPE s summary',
    's{quantile="0.5"} 1',
    's_sum 1',
    's_count 1',
    '# TYPE gh gaugehistogram',
    'gh_bucket{le="+Inf"} 1',
    'gh_gcount 1',
    '# TYPE own_sum counter',
    'own_sum 1',
    'lone_bucket 1',
  ].join('\r\n');
  const { text } = await regroup(body);
  expect(text).toBe(
    '# HELP gh \n# TYPE gh histogram\ngh_bucket{le="+Inf"} 1\n' +
      '# HELP gh_gcount \n# TYPE gh_gcount untyped\ngh_gcount 1\n' +
      '# HELP h \n# TYPE h histogram\nh_bucket{le="1"} 1\nh_bucket{le="+Inf"} 2\nh_sum 3\nh_count 2\n' +
      '# HELP lone_bucket \n# TYPE lone_bucket untyped\nlone_bucket 1\n' +
      '# HELP own_sum \n# TYPE own_sum counter\nown_sum 1\n' +
      '# HELP s \n# TYPE s summary\ns{quantile="0.5"} 1\ns_sum 1\ns_count 1\n',
  );
});

test('the families of OpenMetrics get the names and types of the text format', async () => {
  const body = [
    '# TYPE c counter',
    '# UNIT c seconds',
    '# HELP c Counts \\"things\\".',
    'c_total 1',
    'c_created 1.5e9',
    '# TYPE i info',
    'i_info{version="1"} 1',
    '# TYPE st stateset',
    'st{st="a"} 1',
    '# TYPE u unknown',
    'u 1',
    '# TYPE constructor constructor',
    'constructor 1',
    '# EOF',
  ].join('\n');
  const { text } = await regroup(body);
  expect(text).toBe(
    '# HELP c_created \n# TYPE c_created untyped\nc_created 1.5e9\n' +
      '# HELP c_total Counts "things".\n# TYPE c_total counter\nc_total 1\n' +
      '# HELP constructor \n# TYPE constructor untyped\nconstructor 1\n' +
      '# HELP i_info \n# TYPE i_info gauge\ni_info{version="1"} 1\n' +
      '# HELP st \n# TYPE st gauge\nst{st="a"} 1\n' +
      '# HELP u \n# TYPE u untyped\nu 1\n',
  );
});

test('HELP is unescaped on the way in and escaped on the way out', async () => {
  const { text } = await regroup('# HELP a One\\\\two\\nthree \\d \n# TYPE a gauge\na 1\n');
  expect(text).toBe('# HELP a One\\\\two\\nthree \\\\d\n# TYPE a gauge\na 1\n');
});

test('keep chooses families by the name that they are shown under, once per family', async () => {
  const asked: string[] = [];
  const body = '# TYPE c counter\nc_total{a="1"} 1\nc_total{a="2"} 1\n# TYPE h histogram\nh_sum 1\nh_count 1\nx 1\n';
  const keep = (name: string) => asked.push(name) > 0 && name !== 'h';
  const { text, families, series } = await regroup(body, { keep });
  expect(text.match(/^\w+/gm)).toEqual(['c_total', 'c_total', 'x']);
  expect({ families, series }).toEqual({ families: 2, series: 3 });
  expect([...new Set(asked)]).toEqual(['c_total', 'h', 'x']);
});

test('an empty text has no families, and so has one of blank lines and comments', async () => {
  for (const body of ['', '\n', '# EOF\n', '\r\n \n#\n# HELP a\n'])
    expect(await regroup(body)).toMatchObject({ families: 0, series: 0, repeats: 0, skipped: 0, text: '' });
});

test('a byte order mark and bytes that are not UTF-8 harm no one', async () => {
  const body = Buffer.concat([Buffer.from('\ufeffa 1\nb{x="'), Buffer.of(0xff), Buffer.from('"} 1\n')]);
  expect((await regroup(body)).text).toBe(
    '# HELP a \n# TYPE a untyped\na 1\n# HELP b \n# TYPE b untyped\nb{x="\ufffd"} 1\n',
  );
});

test.each([
  ['HTML', '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n', /line 1 .*DOCTYPE/],
  ['JSON', '{"type":"error","error":"Forbidden","error_code":403}', /line 1 .*Forbidden/],
  ['a message', '\nService Unavailable\n', /line 2 .*Service Unavailable/],
  ['binary data', Buffer.from('1f8b0800000000000003cb48cdc9c95728cf2fca49e102002d3b08af0c000000', 'hex'), /line 1 /],
  ['one endless line', 'x'.repeat(300_000), /line 1 /],
])('%s is an error that shows where and what', async (_, body, message) => {
  const error = await regroup(body).catch((e) => e);
  expect(error).toBeInstanceOf(SourceError);
  expect(error.code).toBe('protocol');
  expect(error.message).toMatch(message);
  expect(error.message.length).toBeLessThan(300);
});

test('reading garbage ends long before the garbage does', async () => {
  let pieces = 0;
  async function* garbage() {
    for (; pieces < 1000; pieces++) yield Buffer.from('no sample\n'.repeat(50));
  }
  await expect(regroup(garbage())).rejects.toMatchObject({ code: 'protocol' });
  expect(pieces).toBeLessThan(10);
});

test('a text larger than the bound is an error, and the stream is closed', async () => {
  let closed = false;
  async function* endless() {
    try {
      for (let i = 0; ; i++) yield Buffer.from(`a{i="${i}"} 1\n`);
    } finally {
      closed = true;
    }
  }
  const tooLarge = { code: 'too_large', message: expect.stringContaining('1000 bytes') };
  await expect(regroup(endless(), { maxBytes: 1000 })).rejects.toMatchObject(tooLarge);
  expect(closed).toBe(true);
  await expect(regroup('a 1\n'.repeat(250), { maxBytes: 1000 })).resolves.toMatchObject({ series: 1, repeats: 249 });
  await expect(regroup('a 1\n'.repeat(251), { maxBytes: 1000 })).rejects.toMatchObject(tooLarge);
});

test('an error of the stream is passed on', async () => {
  async function* broken() {
    yield Buffer.from('a 1\n');
    throw new Error('connection reset');
  }
  await expect(regroup(broken())).rejects.toThrow('connection reset');
});

test('long texts give others their turn', async () => {
  let turns = 0;
  const count = setInterval(() => turns++, 0);
  const lines = Array.from({ length: 200_000 }, (_, i) => `metric_${i % 50}{number="${i}",name="instance-${i}"} ${i}`);
  const { series } = await regroup(lines.join('\n'));
  clearInterval(count);
  expect(series).toBe(200_000);
  expect(turns).toBeGreaterThan(2);
});
