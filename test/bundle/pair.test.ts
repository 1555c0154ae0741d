import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readShipped } from '../alerts/shipped.ts';

interface Job {
  readonly job_name: string;
  readonly static_configs?: readonly { readonly targets: readonly string[] }[];
  readonly http_sd_configs?: readonly { readonly url: string }[];
  readonly relabel_configs?: readonly object[];
}

interface Configuration {
  readonly global: { readonly external_labels: Readonly<Record<string, string>> };
  readonly rule_files: readonly string[];
  readonly alerting: object;
  readonly scrape_configs: readonly Job[];
}

const alone = parse(readShipped('prometheus.yml')) as Configuration;
const pair = parse(readShipped('prometheus-ha.yml')) as Configuration;

/** Port of each one alone, and of the second of the pair. */
const seconds: Readonly<Record<string, string>> = { 9947: '9948', 9090: '9091', 9093: '9095' };

const both = (address: string): string[] => [
  address,
  address.replace(/(?<=127\.0\.0\.1:)\d{4}/, (port) => seconds[port] ?? ''),
];

test('one of a pair reads twice what one alone reads, and judges it by the same rules', () => {
  expect(pair.rule_files).toEqual(alone.rule_files);
  expect(pair.global).toEqual({
    ...alone.global,
    external_labels: { ...alone.global.external_labels, replica: expect.stringMatching(/^\$\{REPLICA\}$/) },
  });
  for (const [index, job] of alone.scrape_configs.entries()) {
    const { relabel_configs: relabelling, ...rest } = pair.scrape_configs[index] as Job;
    const { relabel_configs: itsRelabelling, ...own } = job;
    expect(rest).toEqual({
      ...own,
      ...(own.static_configs && { static_configs: [{ targets: own.static_configs[0]?.targets.flatMap(both) }] }),
      ...(own.http_sd_configs && {
        http_sd_configs: own.http_sd_configs.flatMap((one) => both(one.url).map((url) => ({ ...one, url }))),
      }),
    });
    if (job.job_name !== 'bmc') expect(relabelling).toEqual(itsRelabelling);
  }
  expect(pair.scrape_configs).toHaveLength(alone.scrape_configs.length);
});

test('what tells the two Prometheus apart stands on no alert, and both tell both Alertmanagers', () => {
  expect(pair.alerting).toEqual({
    alert_relabel_configs: [{ action: 'labeldrop', regex: 'replica' }],
    alertmanagers: [{ static_configs: [{ targets: both('127.0.0.1:9093') }] }],
  });
});

test('a BMC of a fleet is probed through each rackwatch, under the name of that one', () => {
  const steps = (config: Configuration) => config.scrape_configs.find(({ job_name }) => job_name === 'bmc');
  const own = steps(alone)?.relabel_configs ?? [];
  expect(steps(pair)?.relabel_configs).toEqual([
    ...own.slice(0, -1),
    { source_labels: ['__meta_url'], regex: 'http://([^/]+)/.*', target_label: '__address__' },
    { source_labels: ['__address__'], target_label: 'rackwatch' },
  ]);
});
