import { renderSeries, renderValue } from '../../../core/family-text.ts';
import type { Metric } from '../../../core/metric.ts';
import { decodeHistogram, type LatencyHistogram } from '../client/admin-socket/histogram.ts';
import { memberOf } from '../config.ts';
import type { CephCollector } from './collector.ts';

const labels = ['osd', 'member', 'device_class', 'operation'] as const;

const duration: Metric<(typeof labels)[number]> = {
  name: 'rackwatch_ceph_osd_operation_duration_seconds',
  type: 'histogram',
  help: "How long clients' operations on an OSD of this host took since its start; operation: read or write. There is no _sum.",
  labels,
};

export const histograms: CephCollector = {
  name: 'histograms',
  help: 'Latency histograms of the OSDs whose admin sockets are on this host.',
  metrics: [duration],
  isNeeded: (config) => config.admin_sockets !== undefined,
  async collect({ client, config, family, signal }) {
    const [dumps, reading] = await Promise.all([client.askOsds('perf histogram dump', signal), client.read(signal)]);
    const known = new Map((reading.lastCluster?.osds ?? []).map((osd) => [osd.id, osd]));
    const write = (series: string, value: number) => family(duration).add(series, renderValue(value));
    for (const [osd, dump] of dumps) {
      const { host, deviceClass = '' } = known.get(osd) ?? {};
      const own = { osd, member: memberOf(config, host), device_class: deviceClass };
      for (const operation of ['read', 'write'] as const) {
        const histogram = decodeHistogram(dump, operation);
        if (histogram) writeHistogram(write, { ...own, operation }, histogram);
      }
    }
    return undefined;
  },
};

const bucket = { ...duration, name: `${duration.name}_bucket`, labels: [...labels, 'le'] as const };
const count = { ...duration, name: `${duration.name}_count` };

type Labels = Readonly<Record<(typeof labels)[number], string>>;

function writeHistogram(
  write: (series: string, value: number) => void,
  own: Labels,
  histogram: LatencyHistogram,
): void {
  for (const [i, bound] of histogram.boundsSeconds.entries()) {
    write(renderSeries(bucket, { ...own, le: renderValue(bound) }), histogram.cumulative[i] as number);
  }
  write(renderSeries(bucket, { ...own, le: '+Inf' }), histogram.count);
  write(renderSeries(count, own), histogram.count);
}
