import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildCatalogue } from '../catalogue.ts';
import { labelsOf } from '../promql.ts';
import {
  type Alert,
  alerts,
  alertsFolder,
  inhibitRules,
  listShipped,
  readMatcher,
  readShipped,
  ruleTests,
  secondsOf,
  valueAt,
} from './shipped.ts';

const catalogue = buildCatalogue();

const dashboards = [
  ...['rackwatch-cluster', 'rackwatch-instances', 'rackwatch-instance', 'rackwatch-storage', 'rackwatch-network'],
  ...['rackwatch-routing', 'rackwatch-hardware', 'rackwatch-maintenance', 'rackwatch-self'],
];

/** A dead man's switch never ends, and nothing is needed to fire it. */
const ALWAYS = 'Watchdog';

test('there are at least forty alerts, each with a name of its own', () => {
  expect(alerts.length).toBeGreaterThanOrEqual(40);
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
});

describe.each(alerts)('$alert', (alert) => {
  const { labels } = labelsOf(alert.expr, catalogue);

  test('uses series and labels that there are', () => {
    expect(labelsOf(alert.expr, catalogue).problems).toEqual([]);
  });

  test('has labels by which it is routed, grouped and muted', () => {
    expect(['critical', 'warning', 'info', 'none']).toContain(alert.labels['severity']);
    expect(alert.labels['component']).toMatch(/^[a-z]+$/);
    expect(['member', undefined]).toContain(alert.labels['scope']);
    expect(['expected', undefined]).toContain(alert.labels['maintenance']);
    if (alert.labels['scope'] === 'member') expect([...labels]).toContain('member');
    expect(Object.keys(alert.labels).filter((name) => labels.has(name))).toEqual([]);
  });

  test('tells a person what, how bad and what to do first', () => {
    const { summary = '', description = '', ...links } = alert.annotations;
    expect(summary.length).toBeGreaterThan(10);
    expect(description.length).toBeGreaterThan(summary.length);
    expect(links).toEqual({ runbook_url: `/runbooks/${alert.alert}.md`, dashboard_url: expect.any(String) });
    expect(dashboards).toContain(/^\/d\/([a-z-]+)/.exec(links['dashboard_url'] ?? '')?.[1]);
    expect(existsSync(`${alertsFolder}runbooks/${alert.alert}.md`)).toBe(true);
    const used = Object.values(alert.annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
    expect(used.map(([, name]) => name).filter((name) => !labels.has(name ?? ''))).toEqual([]);
  });

  test('says why it waits as long as it does', () => {
    const text = readShipped(`rules/${alert.file}`).split(`- alert: ${alert.alert}\n`)[1]?.split('\n\n')[0] ?? '';
    for (const key of ['for', 'keep_firing_for'] as const) {
      const line = text.split('\n').find((one) => one.trim().startsWith(`${key}: `));
      expect(line !== undefined).toBe(alert[key] !== undefined);
      if (line) expect(line).toMatch(/: \d+[smhd] # .{15,}/);
    }
  });

  if (alert.alert !== ALWAYS) {
    test('is tested silent, firing, over and in maintenance', () => {
      expect(casesOf(alert)).toEqual({ silent: true, fires: true, recovers: true, inMaintenance: true });
    });
  }
});

/** Which of the four cases `alerts/tests` has for an alert. */
function casesOf({ alert }: Alert) {
  const suite = ruleTests.find(({ name }) => name === alert);
  if (!suite) return {};
  const points = suite.alert_rule_test
    .filter(({ alertname }) => alertname === alert)
    .map(({ eval_time, exp_alerts }) => ({ at: secondsOf(eval_time), fires: exp_alerts.length > 0 }))
    .sort((a, b) => a.at - b.at);
  const first = points.findIndex(({ fires }) => fires);
  const maintained = suite.input_series.filter(({ series }) => series.startsWith('rackwatch_member_maintenance{'));
  const isMaintained = (time: string) =>
    maintained.some(({ values }) => valueAt(values, secondsOf(time) / secondsOf(suite.interval)) === 1);
  return {
    silent: first > 0,
    fires: first >= 0,
    recovers: first >= 0 && points.slice(first).some(({ fires }) => !fires),
    inMaintenance: suite.promql_expr_test.some(
      ({ eval_time, expr }) => expr.includes(`alertname="${alert}"`) && isMaintained(eval_time),
    ),
  };
}

test('every runbook and every test belongs to an alert', () => {
  const names = new Set(alerts.map(({ alert }) => alert));
  const runbooks = listShipped('runbooks', '.md').map((file) => file.replace('.md', ''));
  expect(runbooks.filter((name) => !names.has(name))).toEqual(['README']);
  expect(ruleTests.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
});

test('the index of the runbooks has every alert with its severity and its wait', () => {
  const rows = readShipped('runbooks/README.md').matchAll(/^\| \[(\w+)\]\((\w+)\.md\) \| (\w+) \| ([\w ]+) \|$/gm);
  const listed = [...rows].map(([, name, file, severity, wait]) => `${name} ${file} ${severity} ${wait}`);
  const expected = alerts.map(
    ({ alert, for: wait, labels }) => `${alert} ${alert} ${labels['severity']} ${wait ?? 'at once'}`,
  );
  expect(listed.toSorted()).toEqual(expected.toSorted());
});

test('prometheus.yml loads every file of rules but the one for those who move from another exporter', () => {
  const { rule_files } = parse(readShipped('prometheus.yml')) as { rule_files: string[] };
  const expected = listShipped('rules', '.yml').filter((file) => !file.startsWith('compat-'));
  expect(rule_files.toSorted()).toEqual(expected.map((file) => `rules/${file}`).toSorted());
});

test('what mutes is there, and has the labels that are compared', () => {
  for (const { equal, source_matchers, target_matchers } of inhibitRules) {
    const sources = alertsOf(source_matchers);
    expect(sources.length).toBeGreaterThan(0);
    expect(alertsOf(target_matchers).length).toBeGreaterThan(0);
    for (const { expr } of sources) {
      const { labels } = labelsOf(expr, catalogue);
      // `cluster` is an external label: all have it, or none.
      expect(equal.filter((label) => label !== 'cluster' && !labels.has(label))).toEqual([]);
    }
  }
});

const alertsOf = (matchers: readonly string[]): readonly Alert[] =>
  alerts.filter((alert) => {
    const labels: Readonly<Record<string, string>> = { ...alert.labels, alertname: alert.alert };
    return matchers
      .map(readMatcher)
      .every(({ label, value }) => new RegExp(`^(?:${value})$`).test(labels[label] ?? ''));
  });
