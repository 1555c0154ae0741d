import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, test } from 'vitest';
import { dashboards } from '../../dashboards/src/index.ts';
import { datasource } from '../../dashboards/src/kit/query.ts';
import { alerts } from '../alerts/shipped.ts';
import { buildCatalogue } from '../catalogue.ts';
import { labelsOf } from '../promql.ts';
import {
  type BuiltDashboard,
  type BuiltPanel,
  built,
  readLabelValues,
  shown,
  substitute,
  type Target,
} from './built.ts';

const catalogue = buildCatalogue();
const folder = fileURLToPath(new URL('../../dashboards/', import.meta.url));
const uids = built.map(([, { uid }]) => uid);

/** What Grafana itself puts in. */
const GRAFANA = ['__rate_interval', '__interval', '__range', '__value', '__data', '__url_time_range'];

/** Any values: what is looked at is the form. */
const anyValues = ({ templating }: BuiltDashboard) =>
  Object.fromEntries([...GRAFANA.map((name) => [name, '5m']), ...templating.list.map(({ name }) => [name, '.*'])]);

const targetsOf = (dashboard: BuiltDashboard): readonly (Target & { readonly panel: BuiltPanel })[] =>
  shown(dashboard).flatMap((panel) => (panel.targets ?? []).map((target) => ({ ...target, panel })));

test('the committed files are what the code makes, and no others', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(files.toSorted()).toEqual(
    Object.keys(dashboards)
      .map((name) => `${name}.json`)
      .toSorted(),
  );
  for (const [name, dashboard] of Object.entries(dashboards)) {
    expect(readFileSync(`${folder}${name}.json`, 'utf8'), name).toBe(`${JSON.stringify(dashboard, null, 2)}\n`);
  }
});

test('every dashboard has a uid and a title of its own', () => {
  expect(uids.length).toBe(9);
  expect(new Set(uids).size).toBe(uids.length);
  expect(new Set(built.map(([, { title }]) => title)).size).toBe(uids.length);
  for (const [name, { uid }] of built) expect(uid).toBe(`rackwatch-${name}`);
});

test('alerts lead to dashboards and variables that there are', () => {
  const variables = new Map(built.map(([, { templating, uid }]) => [uid, templating.list.map(({ name }) => name)]));
  for (const { alert, annotations } of alerts) {
    const link = annotations['dashboard_url'] ?? '';
    const [, uid = ''] = /^\/d\/([a-z-]+)/.exec(link) ?? [];
    const used = [...link.matchAll(/var-(\w+)=/g)].map(([, name]) => name);
    expect(uids, alert).toContain(uid);
    expect(variables.get(uid), alert).toEqual(expect.arrayContaining(used));
  }
});

describe.each(built)('%s', (_, dashboard) => {
  const { list } = dashboard.templating;
  const names = list.map(({ name }) => name);
  const panels = shown(dashboard);
  const targets = targetsOf(dashboard);

  test('has a description, the tag by which all are linked, and a data source to choose', () => {
    expect(dashboard.description).toMatch(/.{20,}[.?]$/);
    expect(dashboard.tags).toEqual(['rackwatch']);
    expect(list.slice(0, 2).map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['job', 'query'],
    ]);
  });

  test('uses every variable it defines, and defines every one it uses', () => {
    const texts = [
      ...targets.map(({ expr }) => expr),
      ...list.map(({ definition = '' }) => definition),
      ...panels.map(({ datasource }) => datasource?.uid ?? ''),
      ...panels.flatMap(linksOf),
    ];
    const used = new Set(texts.flatMap((text) => [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name)));
    expect([...used].filter((name) => !names.includes(name) && !GRAFANA.includes(name))).toEqual([]);
    expect(names.filter((name) => !used.has(name))).toEqual([]);
  });

  test('offers values of a series that one of its panels shows', () => {
    for (const { definition = '' } of list.filter(({ type }) => type === 'query')) {
      const { label, series } = readLabelValues(definition);
      const { labels, problems } = labelsOf(substitute(series, anyValues(dashboard)), catalogue);
      expect(problems, definition).toEqual([]);
      expect([...labels], definition).toContain(label);
      const [metric = ''] = series.split('{');
      expect(
        targets.some(({ expr }) => expr.includes(metric)),
        definition,
      ).toBe(true);
    }
  });

  test('has panels of a readable number and size, each in its own place', () => {
    expect(panels.length).toBeGreaterThanOrEqual(8);
    expect(panels.length).toBeLessThanOrEqual(24);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(dashboard.panels.flatMap((panel) => misplacedIn(panel, dashboard.panels))).toEqual([]);
  });

  test('tells of every panel what it is, in which unit, and what its being empty means', () => {
    expect(panels.flatMap(shortcomingsOf)).toEqual([]);
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('links to dashboards and variables that there are', () => {
    const links = [...JSON.stringify(dashboard).matchAll(/\/d\/([a-z-]+)\?([^"]*)/g)];
    for (const [, uid = '', query = ''] of links) {
      const [, target] = built.find(([, one]) => one.uid === uid) ?? [];
      const variables = target?.templating.list.map(({ name }) => name) ?? [];
      for (const [, name = ''] of query.matchAll(/var-(\w+)=/g)) expect(variables, uid).toContain(name);
    }
  });

  test.each(targets.map((target) => [`${target.panel.title} ${target.refId}`, target] as const))(
    '%s asks what can be answered',
    (_title, target) => {
      const expression = substitute(target.expr, anyValues(dashboard));
      const { labels, problems } = labelsOf(expression, catalogue);
      expect(problems).toEqual([]);
      const legend = [...(target.legendFormat ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? '');
      expect(legend.filter((label) => !labels.has(label))).toEqual([]);
      expect(ratesOf(expression)).toEqual([]);
      expect(target.datasource?.uid).toBe(datasource.uid);
      expect([target.range ?? false, target.instant ?? false].filter(Boolean)).toHaveLength(1);
      expect(withoutJob(target.expr)).toEqual([]);
      // What is drawn over a range of any length must not miss samples between two points.
      if (target.range) expect(target.expr).not.toMatch(/(?:rate|irate)\([^[]*\[(?!\$__rate_interval)/);
    },
  );
});

/** Where the values of a table's columns lead. */
const linksOf = ({ fieldConfig }: BuiltPanel): string[] =>
  (fieldConfig?.overrides ?? [])
    .flatMap(({ properties }) => properties.filter(({ id }) => id === 'links'))
    .flatMap(({ value }) => (value as readonly { readonly url: string }[]).map(({ url }) => url));

/** What is wrong with a panel's place. */
function misplacedIn({ gridPos: a, id, title }: BuiltPanel, all: readonly BuiltPanel[]): string[] {
  const outside = a.x < 0 || a.w < 1 || a.h < 1 || a.x + a.w > 24 ? [`${title} is outside`] : [];
  const overlapping = all
    .filter((other) => other.id > id)
    .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h);
  return [...outside, ...overlapping.map((other) => `${title} overlaps ${other.title}`)];
}

function shortcomingsOf(panel: BuiltPanel): string[] {
  const defaults = panel.fieldConfig?.defaults ?? {};
  const isTable = panel.type === 'table';
  const checks: readonly (readonly [ok: boolean, what: string])[] = [
    [(panel.title ?? '').length > 2, 'has no title'],
    [/.{15,}[.?]$/.test(panel.description ?? ''), 'has no description that ends as a sentence'],
    [panel.datasource?.uid === datasource.uid, 'has another data source'],
    [(panel.targets ?? []).length > 0, 'asks nothing'],
    [isTable || defaults.unit !== undefined, 'has no unit'],
    [defaults.noValue !== undefined, 'does not say what its being empty means'],
    [panel.type !== 'timeseries' || panel.options?.legend?.showLegend === true, 'has no legend'],
  ];
  return checks.filter(([ok]) => !ok).map(([, what]) => `${panel.title} ${what}`);
}

/** Counters without a rate, and rates of what is no counter. */
function ratesOf(expression: string): string[] {
  const found: string[] = [];
  parser.parse(expression).iterate({
    enter: ({ from, name, node, to }) => {
      if (name !== 'VectorSelector') return;
      const series = node.getChild('Identifier');
      const metric = series ? expression.slice(series.from, series.to) : '';
      const isCounter = /_total$|_(sum|count|bucket)$/.test(metric) && !gauges.has(metric);
      const call = node.parent?.name === 'MatrixSelector' ? node.parent.parent?.parent : undefined;
      const callee = call ? expression.slice(call.from, call.to).split('(')[0] : '';
      const isRate = ['rate', 'increase', 'irate'].includes(callee ?? '');
      if (isCounter !== isRate) found.push(`${expression.slice(from, to)} in ${callee || 'no function'}`);
    },
  });
  return found;
}

/** Named like counters by the exporters whose names they keep. */
const gauges = new Set([
  'lxd_cpu_effective_total',
  'frr_bgp_peer_prefixes_received_count_total',
  'frr_route_total',
  'frr_route_rib_count',
]);

/** Selectors that do not choose by the job; what is recorded and what Prometheus makes has none. */
function withoutJob(expression: string): string[] {
  const found: string[] = [];
  const plain = expression.replaceAll('$__rate_interval', '5m').replaceAll('$__range', '5m');
  parser.parse(plain).iterate({
    enter: ({ from, name, to }) => {
      if (name !== 'VectorSelector') return;
      const text = plain.slice(from, to);
      if (!/^ALERTS\b|:/.test(text.split('{')[0] ?? '') && !text.includes('job=~"$job"')) found.push(text);
    },
  });
  return found;
}
