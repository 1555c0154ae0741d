import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { ProjectState } from '../client/api.ts';
import type { LxdCluster } from '../client/cluster.ts';
import { A_MINUTE_MS } from '../client/memo.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts } from '../facts.ts';

const labels = ['project', 'resource'] as const;

const limit = gauge('lxd_project_limit', {
  help: 'Limit of the project, in bytes for memory and disk and in pieces for the rest; absent without a limit.',
  labels,
});
const usage = gauge('lxd_project_usage', {
  help: 'What the project uses of it, as LXD counts it: for CPU, memory and disk the sum of the limits of its instances.',
  labels,
});

export const projects: Collector<LxdCluster, LxdFacts, LxdConfig> = {
  name: 'projects',
  help: 'Limits and use of each project, a minute old at most.',
  scope: 'cluster',
  metrics: [limit, usage],
  async collect({ client, emit, signal }) {
    const list = await client.projects(signal);
    await Promise.all(
      list.map(async ({ name: project }) => {
        const path = `/1.0/projects/${encodeURIComponent(project)}/state`;
        const { resources } = await client.recall<ProjectState>(path, signal, A_MINUTE_MS);
        for (const [resource, { Limit, Usage }] of Object.entries(resources)) {
          emit(usage, { project, resource }, Usage);
          if (Limit >= 0) emit(limit, { project, resource }, Limit);
        }
      }),
    );
    return {
      projects: list.map(({ config, name }) => ({ name, ownNetworks: config?.['features.networks'] === 'true' })),
    };
  },
};
