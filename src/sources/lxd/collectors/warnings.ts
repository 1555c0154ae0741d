import { gauge } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import type { ClusterMember, Warning } from '../client/api.ts';
import type { LxdCluster } from '../client/cluster.ts';
import { parseTimestamp } from '../client/limits.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts, SilenceFacts } from '../facts.ts';
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
    const { members } = await client.topology(signal);
    return { silences: list.flatMap((warning) => readSilence(warning, members)) };
  },
};

/** LXD 5.0 names the member that is silent by its address only, within the text. */
function readSilence(warning: Warning, members: readonly ClusterMember[]): SilenceFacts[] {
  if (warning.type !== 'Offline cluster member' || warning.status === 'resolved') return [];
  const about = members.find(
    ({ server_name: name, url }) =>
      warning.entity_url?.endsWith(`/members/${encodeURIComponent(name)}`) || warning.last_message?.includes(`${url}/`),
  );
  const since = parseTimestamp(warning.first_seen_at);
  return about && since !== undefined ? [{ member: about.server_name, since }] : [];
}
