import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Where the shipped files are, with a slash at the end. */
export const alertsFolder = fileURLToPath(new URL('../../alerts/', import.meta.url));

export const readShipped = (path: string): string => readFileSync(`${alertsFolder}${path}`, 'utf8');

export const listShipped = (folder: string, extension: string): string[] =>
  readdirSync(`${alertsFolder}${folder}`).filter((name) => name.endsWith(extension));

export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly file: string;
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Omit<Alert, 'file'>[] }[];
}

export const alerts: readonly Alert[] = listShipped('rules', '.yml').flatMap((file) => {
  const { groups } = parse(readShipped(`rules/${file}`)) as RuleFile;
  return groups.flatMap(({ rules }) => rules).flatMap((rule) => (rule.alert ? [{ ...rule, file }] : []));
});

export interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly {
    readonly eval_time: string;
    readonly alertname: string;
    readonly exp_alerts: readonly { readonly exp_labels: Readonly<Record<string, string>> }[];
  }[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string }[];
  }[];
}

export const ruleTests: readonly RuleTest[] = listShipped('tests', '.yml').flatMap(
  (file) => (parse(readShipped(`tests/${file}`)) as { tests: RuleTest[] }).tests,
);

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `1h30m` in seconds. */
export function secondsOf(duration: string): number {
  const parts = [...duration.matchAll(/(\d+)([smhd])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? Number.NaN), 0);
}

/** The value at a time of promtool's notation, of which the tests use `AxN`, `A+BxN`, `_xN` and `stale`. */
export function valueAt(values: string, index: number): number | undefined {
  let position = 0;
  for (const part of values.split(' ')) {
    const [, start = '', step = '0', times] = /^(-?[\d.]+|_|stale)(?:([+-][\d.]+))?(?:x(\d+))?$/.exec(part) ?? [];
    const length = start === '_' ? Number(times ?? 1) : Number(times ?? 0) + 1;
    if (index < position + length) {
      return start === '_' || start === 'stale' ? undefined : Number(start) + Number(step) * (index - position);
    }
    position += length;
  }
  return undefined;
}

interface InhibitRule {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  readonly equal: readonly string[];
}

interface AlertmanagerFile {
  readonly inhibit_rules: readonly InhibitRule[];
}

export const { inhibit_rules: inhibitRules } = parse(
  // The matchers are not quoted as YAML, and `a="b"` in a flow sequence is one plain scalar for Go's parser and for this.
  readShipped('alertmanager.yml'),
) as AlertmanagerFile;

export type LabelSet = Readonly<Record<string, string>>;

/** Whether a firing source mutes a target, as Alertmanager decides: a missing label equals an empty one. */
export function isMuted(target: LabelSet, source: LabelSet): boolean {
  return inhibitRules.some(
    (rule) =>
      rule.source_matchers.every((matcher) => matches(matcher, source)) &&
      rule.target_matchers.every((matcher) => matches(matcher, target)) &&
      rule.equal.every((label) => (source[label] ?? '') === (target[label] ?? '')),
  );
}

export function readMatcher(matcher: string): { label: string; operator: string; value: string } {
  const [, label = '', operator = '', value = ''] = /^(\w+)(=~|=)"(.*)"$/.exec(matcher) ?? [];
  if (label === '') throw new Error(`not a matcher that the tests know: ${matcher}`);
  return { label, operator, value };
}

export function matches(matcher: string, labels: LabelSet): boolean {
  const { label, operator, value } = readMatcher(matcher);
  const present = labels[label] ?? '';
  return operator === '=' ? present === value : new RegExp(`^(?:${value})$`).test(present);
}
