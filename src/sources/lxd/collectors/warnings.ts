import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { Warning } from '../client/api.ts';
import type { LxdCluster } from '../client/cluster.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts } from '../facts.ts';
import { countBy } from './count-by.ts';

const warningCount = gauge('lxd_warnings', {
  help: "LXD's own warnings that are neither acknowledged nor resolved; `warning` is one of LXD's fixed list of types.",
  labels: ['member', 'project', 'warning', 'severity_level'],
});

export const warnings: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'warnings',
  help: "LXD's own warnings by type.",
  scope: 'cluster',
  metrics: [warningCount],
  async collect({ client, emit, signal }) {
    const list = await client.get<Warning[]>('/1.0/warnings', signal, { recursion: 1 });
    const open = list.filter(({ status }) => status === 'new');
    const groups = countBy(open, ({ location, project, severity, type }) => ({
      member: location,
      project,
      warning: type,
      severity_level: severity,
    }));
    for (const { count, labels } of groups) emit(warningCount, labels, count);
    return undefined;
  },
};
