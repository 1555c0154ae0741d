import { defineDashboard } from './kit/dashboard.ts';
import { steps, upOrDown } from './kit/look.ts';
import { figure, graph } from './kit/panels.ts';
import { greatest, orNone, query } from './kit/query.ts';
import { grid } from './kit/table.ts';

const of = 'job=~"$job", source=~"$source"';

/** Whether what the other dashboards show can be trusted. */
export const self = defineDashboard({
  uid: 'rackwatch-self',
  title: 'rackwatch',
  description: 'The watcher itself: what it reaches, how old its data is, what it costs.',
  variables: [
    { name: 'job', label: 'Job', values: 'label_values(rackwatch_build_info, job)', many: true },
    { name: 'source', label: 'Source', values: 'label_values(rackwatch_target_up{job=~"$job"}, source)', many: true },
  ],
  rows: [
    {
      title: 'Is it fine?',
      panels: [
        figure({
          title: 'Targets that do not answer',
          description: 'Targets whose newest collection got no answer at all.',
          queries: [query(`sum(min by (source, target) (rackwatch_target_up{${of}}) == bool 0)`, 'targets')],
          unit: 'short',
          width: 6,
          thresholds: steps([0, 'good'], [1, 'bad']),
        }),
        figure({
          title: 'Collectors that fail',
          description: 'Parts of an answer that are missing; the table below names them.',
          queries: [
            query(
              `sum(min by (source, target, collector) (rackwatch_collector_success{${of}}) == bool 0)`,
              'collectors',
            ),
          ],
          unit: 'short',
          width: 6,
          thresholds: steps([0, 'good'], [1, 'warning']),
        }),
        figure({
          title: 'Oldest data',
          description: 'Age of the oldest snapshot that is shown. Beyond stale_after it is withdrawn.',
          queries: [query(`max(rackwatch_snapshot_age_seconds{${of}})`, 'age')],
          unit: 's',
          width: 6,
          thresholds: steps([0, 'good'], [90, 'warning'], [170, 'bad']),
        }),
        figure({
          title: 'Series shown',
          description: 'Series of all targets on one page.',
          queries: [query(`sum(max by (source, target) (rackwatch_snapshot_series{${of}}))`, 'series')],
          unit: 'short',
          width: 6,
        }),
      ],
    },
    {
      title: 'Targets',
      panels: [
        grid({
          title: 'Targets',
          description: 'Every target with the age of its data and the number of its series. The worst come first.',
          queries: [
            query(`min by (source, target) (rackwatch_target_up{${of}})`),
            query(`max by (source, target) (rackwatch_snapshot_age_seconds{${of}})`),
            query(`max by (source, target) (rackwatch_snapshot_series{${of}})`),
          ],
          columns: [
            { field: 'source', title: 'Source' },
            { field: 'target', title: 'Target' },
            { field: 'Value #A', title: 'Answers', mappings: upOrDown },
            { field: 'Value #B', title: 'Age', unit: 's', decimals: 0 },
            { field: 'Value #C', title: 'Series', unit: 'short' },
          ],
          sortBy: { title: 'Answers' },
          width: 12,
          height: 9,
        }),
        graph({
          title: 'Failures by reason',
          description: 'Collections of a collector that failed, each second, by their code.',
          queries: [
            query(
              orNone(
                `sum by (source, code, instance) (rate(rackwatch_collector_errors_total{${of}}[$__rate_interval])) > 0`,
                'source',
              ),
              '{{source}} {{code}} {{instance}}',
            ),
          ],
          unit: 'ops',
          min: 0,
          width: 12,
          height: 9,
        }),
      ],
    },
    {
      title: 'Time',
      panels: [
        graph({
          title: 'Slowest collectors',
          description: 'How long those ten collectors took that were slowest at any time.',
          queries: [
            query(
              greatest(
                10,
                `max by (source, target, collector) (rackwatch_collector_duration_seconds{${of}})`,
                'source, target, collector',
                `max_over_time(rackwatch_collector_duration_seconds{${of}}[$__range] @ end())`,
              ),
              '{{source}} {{target}} {{collector}}',
            ),
          ],
          unit: 's',
          min: 0,
          width: 12,
          table: true,
        }),
        graph({
          title: 'Insights',
          description: 'How long each insight takes to derive, at every scrape.',
          queries: [query('max by (insight) (rackwatch_insight_duration_seconds{job=~"$job"})', '{{insight}}')],
          unit: 's',
          min: 0,
          width: 12,
          table: true,
        }),
      ],
    },
    {
      title: 'Cost',
      panels: [
        graph({
          title: 'CPU',
          description: 'Processor time of the process; 100 % is one core.',
          queries: [
            query(
              'rate(process_cpu_seconds_total{job=~"$job"}[$__rate_interval]) and on(instance, job) rackwatch_build_info{job=~"$job"}',
              '{{instance}}',
            ),
          ],
          unit: 'percentunit',
          min: 0,
          width: 8,
        }),
        graph({
          title: 'Memory',
          description: 'Resident memory of the process.',
          queries: [
            query(
              'process_resident_memory_bytes{job=~"$job"} and on(instance, job) rackwatch_build_info{job=~"$job"}',
              '{{instance}}',
            ),
          ],
          unit: 'bytes',
          min: 0,
          width: 8,
        }),
        graph({
          title: 'Time to answer a scrape',
          description: 'Mean time to answer /metrics, which includes the wait for the targets.',
          queries: [
            query(
              'sum by (instance) (rate(rackwatch_http_request_duration_seconds_sum{job=~"$job", route="/metrics"}[$__rate_interval])) / sum by (instance) (rate(rackwatch_http_request_duration_seconds_count{job=~"$job", route="/metrics"}[$__rate_interval]))',
              '{{instance}}',
            ),
          ],
          unit: 's',
          min: 0,
          width: 8,
        }),
      ],
    },
  ],
});
