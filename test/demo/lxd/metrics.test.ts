import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatValue } from '../../../src/demo/lxd/metrics.ts';
import { instances, members } from '../../../src/demo/rack.ts';
import { connect, type Rack } from './connect.ts';
import { type Family, parseExposition } from './exposition.ts';

let rack: Rack;
beforeAll(async () => {
  rack = await connect();
});
afterAll(() => rack.part.close());

const scrape = async (member = 'abydos', query = '') =>
  parseExposition(await rack.read(`/1.0/metrics${query}`, member));

const recorded = readFileSync(new URL('../../fixtures/lxd-5.0.2/metrics.prom', import.meta.url), 'utf8');

const samplesOf = (families: ReadonlyMap<string, Family>, name: string) => families.get(name)?.samples ?? new Map();

const labelOf = (series: string, label: string): string => new RegExp(`[{,]${label}="([^"]*)"`).exec(series)?.[1] ?? '';

const labelNames = (family: Family | undefined): string[] =>
  [...new Set([...(family?.samples.keys() ?? [])].map((series) => series.replace(/="[^"]*"/g, '')))].sort();

test('the families of the recorded text are there with their types, helps, labels and order of labels', async () => {
  const families = await scrape();
  // cgroup v2, which every production host has today, knows no RSS.
  const real = [...parseExposition(recorded)].filter(([name]) => name !== 'lxd_memory_RSS_bytes');
  expect(real.length).toBeGreaterThan(30);
  for (const [name, family] of real) {
    const ours = families.get(name);
    expect(ours, name).toMatchObject({ type: family.type, help: family.help });
    expect(labelNames(ours), name).toEqual(labelNames(family).map((series) => series.replace(/^[^{]*/, name)));
  }
});

test('the answer is plain text without a version', async () => {
  expect((await rack.ask('/1.0/metrics')).contentType).toBe('text/plain');
});

test('every running instance is on exactly one member, and no stopped one anywhere', async () => {
  const names: string[] = [];
  for (const { name } of members)
    names.push(
      ...[...samplesOf(await scrape(name), 'lxd_procs_total').keys()].map((series) => labelOf(series, 'name')),
    );
  const running = instances.filter(({ stopped }) => !stopped).map(({ name }) => name);
  expect(names.sort()).toEqual(running.sort());
});

test('no counter falls, and most rise, within a minute and within a day', async () => {
  let before = await scrape();
  for (const step of [1000, 60_000, 3_600_000, 36_000_000]) {
    rack.clock.advance(step);
    const after = await scrape();
    const counters = [...before].filter(
      ([name, { type }]) => type === 'counter' && !/_(warnings|operations)_/.test(name),
    );
    for (const [name, { samples }] of counters)
      for (const [series, value] of samples)
        expect(samplesOf(after, name).get(series), series).toBeGreaterThanOrEqual(value);
    before = after;
  }
  const cpu = samplesOf(before, 'lxd_cpu_seconds_total');
  rack.clock.advance(15_000);
  const later = samplesOf(await scrape(), 'lxd_cpu_seconds_total');
  expect([...cpu].every(([series, value]) => value === 0 || later.get(series) > value)).toBe(true);
});

test('no instance uses more CPU than it has', async () => {
  const before = samplesOf(await scrape(), 'lxd_cpu_seconds_total');
  rack.clock.advance(10_000);
  const after = samplesOf(await scrape(), 'lxd_cpu_seconds_total');
  for (const { cpus, kind, name } of instances.filter((one) => one.kind === 'container')) {
    const own = [...after].filter(([series]) => labelOf(series, 'name') === name);
    const used = own.reduce((sum, [series, value]) => sum + value - before.get(series), 0);
    expect(used, `${kind} ${name}`).toBeLessThanOrEqual(cpus * 10);
  }
});

test('memory adds up', async () => {
  const families = await scrape();
  const of = (part: string, name: string) =>
    [...samplesOf(families, `lxd_memory_${part}_bytes`)].find(([series]) => labelOf(series, 'name') === name)?.[1];
  for (const name of new Set(
    [...samplesOf(families, 'lxd_procs_total').keys()].map((series) => labelOf(series, 'name')),
  )) {
    const total = instances.find((one) => one.name === name)?.memoryBytes ?? 0;
    expect(of('MemTotal', name)).toBe(total);
    for (const part of ['MemFree', 'MemAvailable', 'Cached', 'Active_anon', 'Inactive_anon']) {
      expect(of(part, name), `${name} ${part}`).toBeGreaterThanOrEqual(0);
      expect(of(part, name), `${name} ${part}`).toBeLessThanOrEqual(total);
    }
    expect(of('Active', name)).toBeCloseTo(of('Active_anon', name) + of('Active_file', name), -1);
  }
});

test('one project can be asked for, and an unknown one is an empty page', async () => {
  const families = await scrape('abydos', '?project=db');
  expect(
    [...families.values()]
      .flatMap(({ samples }) => [...samples.keys()])
      .every((series) => labelOf(series, 'project') === 'db'),
  ).toBe(true);
  expect(samplesOf(families, 'lxd_procs_total').size).toBeGreaterThan(0);
  const empty = readFileSync(new URL('../../fixtures/lxd-5.0.2/metrics-unknown-project.prom', import.meta.url), 'utf8');
  expect(await rack.read('/1.0/metrics?project=nosuch')).toBe(empty);
});

test('one member forwards to another', async () => {
  const direct = await rack.read('/1.0/metrics', 'orilla');
  expect(await rack.read('/1.0/metrics?target=orilla', 'abydos')).toBe(direct);
});

test.each([
  [0, '0'],
  [0.032, '0.032'],
  [577536, '577536'],
  [999999, '999999'],
  [1000000, '1e+06'],
  [24684096000, '2.4684096e+10'],
  [7803319091, '7.803319091e+09'],
  [0.00002, '2e-05'],
])('%d is written as Go does: %s', (value, text) => {
  expect(formatValue(value)).toBe(text);
});
