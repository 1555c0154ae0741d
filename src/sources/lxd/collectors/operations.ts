import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { Operation } from '../client/api.ts';
import type { LxdCluster } from '../client/cluster.ts';
import { maintenanceOf } from '../client/maintenance.ts';
import type { LxdConfig } from '../config.ts';
import type { HistoryFacts, LxdFacts, MaintenanceFacts } from '../facts.ts';
import { countBy } from './count-by.ts';

const running = gauge('lxd_operations_running', {
  help: 'Operations under way; `description` is one of LXD\'s fixed list, such as "Creating instance".',
  labels: ['member', 'description'],
});

export const operations: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'operations',
  help: 'Operations under way by description and member; what tells evacuations and restores.',
  scope: 'cluster',
  metrics: [running],
  async collect({ client, emit, signal }) {
    const operations = await client.operations(signal);
    const groups = countBy(operations, ({ description, location = '' }) => ({
      member: location === 'none' ? '' : location,
      description,
    }));
    for (const { count, labels } of groups) emit(running, labels, count);
    return { maintenance: operations.flatMap(readMaintenance), histories: readHistories(client) };
  },
};

function readMaintenance(operation: Operation): MaintenanceFacts[] {
  const maintenance = maintenanceOf(operation);
  return maintenance ? [{ ...maintenance, startedAt: maintenance.startedAt / 1000 }] : [];
}

const readHistories = ({ journal }: LxdCluster): HistoryFacts[] =>
  [...journal.members].map(([member, moments]) => ({
    member,
    ...Object.fromEntries(Object.entries(moments).map(([key, ms]: [string, number]) => [key, ms / 1000])),
  }));
