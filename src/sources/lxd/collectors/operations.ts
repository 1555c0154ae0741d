import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { Operation } from '../client/api.ts';
import type { LxdCluster } from '../client/cluster.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts } from '../facts.ts';
import { countBy } from './count-by.ts';

const running = gauge('lxd_operations_running', {
  help: 'Operations under way; `description` is one of LXD\'s fixed list, such as "Creating instance".',
  labels: ['member', 'description'],
});

export const operations: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'operations',
  help: 'Operations under way by description and member.',
  scope: 'cluster',
  metrics: [running],
  async collect({ client, emit, signal }) {
    const query = { recursion: 1, 'all-projects': true };
    const byStatus = await client.get<Record<string, Operation[] | null>>('/1.0/operations', signal, query);
    const groups = countBy(byStatus['running'] ?? [], ({ description, location = '' }) => ({
      member: location === 'none' ? '' : location,
      description,
    }));
    for (const { count, labels } of groups) emit(running, labels, count);
    return undefined;
  },
};
