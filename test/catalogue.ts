import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Metric } from '../src/core/metric.ts';
import { families as lxdFamilies } from '../src/demo/lxd/families.ts';
import { insights } from '../src/insights/index.ts';
import { coreFamilies } from '../src/sources/ceph/native-families.ts';
import { sources } from '../src/sources/index.ts';
import { selfMetrics } from '../src/telemetry/self-metrics.ts';
import { labelsOf } from './promql.ts';

/** Every series that rules and dashboards may name, with the labels that it can have. */
export type Catalogue = ReadonlyMap<string, ReadonlySet<string>>;

/** What Prometheus adds to every series. */
const ADDED = ['instance', 'job'];

const suffixes: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
};

/** Of the servers that the alerts on delivery watch, checked against real ones in the labs. */
export const serverFamilies: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity', 'component', 'member', 'scope', 'maintenance'],
  prometheus_rule_evaluation_failures_total: ['rule_group'],
  alertmanager_notifications_failed_total: ['integration', 'reason'],
};

/** Of the process itself, from its other registry. */
const processFamilies: Readonly<Record<string, readonly string[]>> = {
  process_cpu_seconds_total: [],
  process_resident_memory_bytes: [],
  rackwatch_http_request_duration_seconds_sum: ['route', 'code'],
  rackwatch_http_request_duration_seconds_count: ['route', 'code'],
};

function ownMetrics(): readonly Metric<string>[] {
  const collected = sources.flatMap((source) => source.collectors.flatMap(({ metrics }) => metrics));
  return [...collected, ...insights.flatMap(({ metrics }) => metrics), ...selfMetrics];
}

/** LXD's families come with labels by what they are about; `type` is LXD's own. */
function lxdLabels(name: string): readonly string[] {
  const instance = ['name', 'project', 'type', 'member'];
  if (/^lxd_(go_|operations|warnings|uptime)/.test(name)) return ['member'];
  if (name.startsWith('lxd_api_')) return ['entity_type', 'result', 'member'];
  if (name === 'lxd_instances') return ['project', 'type', 'member'];
  if (name.startsWith('lxd_cpu_seconds')) return [...instance, 'cpu', 'mode'];
  if (/^lxd_(disk|network|filesystem)_/.test(name)) return [...instance, 'device', 'fstype', 'mountpoint'];
  return instance;
}

const fixtures = fileURLToPath(new URL('sources/ceph/fixtures/', import.meta.url));

/** Ceph's families have the labels of the pages that real managers served; one that is on none of them has none here. */
function cephLabels(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>(coreFamilies.map((name) => [name, new Set()]));
  for (const version of readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    for (const file of readdirSync(`${fixtures}${version.name}`).filter((name) => name.endsWith('.prom'))) {
      const text = readFileSync(`${fixtures}${version.name}/${file}`, 'utf8');
      for (const [, name = '', labels = ''] of text.matchAll(/^(ceph_\w+)(?:\{(.*)\})? /gm)) {
        const known = found.get(name) ?? new Set();
        for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
        found.set(name, known);
      }
    }
  }
  return found;
}

function recorded(catalogue: Map<string, ReadonlySet<string>>): void {
  const file = new URL('../alerts/rules/recording.yml', import.meta.url);
  const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: { record: string; expr: string }[] }[] };
  for (const { expr, record } of groups.flatMap(({ rules }) => rules)) {
    catalogue.set(record, labelsOf(expr, catalogue).labels);
  }
}

/** Taken from the code, so that a name that is changed there is missed here. */
export function buildCatalogue(): Catalogue {
  const catalogue = new Map<string, ReadonlySet<string>>();
  const add = (name: string, labels: Iterable<string>) =>
    catalogue.set(name, new Set([...(catalogue.get(name) ?? []), ...labels, ...ADDED]));
  for (const { labels, name, type } of ownMetrics()) {
    for (const suffix of suffixes[type] ?? [''])
      add(`${name}${suffix}`, suffix === '_bucket' ? [...labels, 'le'] : labels);
  }
  for (const [name] of lxdFamilies) add(name, lxdLabels(name));
  for (const [name, labels] of cephLabels()) add(name, labels);
  for (const [name, labels] of Object.entries({ ...serverFamilies, ...processFamilies })) add(name, labels);
  recorded(catalogue);
  return catalogue;
}
