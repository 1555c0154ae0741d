import { codeOf, SourceError } from '../../../core/errors.ts';
import { regroupText } from '../../../core/regroup-text.ts';
import type { Collector } from '../../../core/source.ts';
import type { Project } from '../client/api.ts';
import type { LxdMember } from '../client/member.ts';
import type { LxdConfig } from '../config.ts';
import type { LxdFacts } from '../facts.ts';

/**
 * LXD's own families, unchanged but for the label `member`. LXD 5.0.2 prints every sample twice when a project has no
 * running instance on the member; the second is dropped with the text.
 */
export const native: Collector<LxdMember, LxdFacts, LxdConfig> = {
  name: 'native',
  help: 'Every `lxd_*` family of `/1.0/metrics`, with names, types and labels as LXD gives them, plus `member`.',
  scope: 'member',
  metrics: [],
  async collect({ client, config, family, signal }) {
    const show = async (project?: string) => {
      const text = await client.metrics(signal, project);
      await regroupText(text, { family, labels: { member: client.name }, maxBytes: config.max_body_bytes });
    };
    try {
      await show();
    } catch (error) {
      if (codeOf(error) !== 'forbidden') throw error;
      await showByProject(client, show, signal);
    }
    return undefined;
  },
};

/** A certificate that is restricted to some projects is refused the whole page, and gets the pages of those. */
async function showByProject(
  client: LxdMember,
  show: (project: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const projects = await client.get<Project[]>('/1.0/projects', signal, { recursion: 1 });
  let shown = 0;
  for (const { name } of projects) {
    try {
      await show(name);
      shown++;
    } catch (error) {
      if (codeOf(error) !== 'forbidden') throw error;
    }
  }
  if (shown === 0) throw new SourceError('forbidden', 'the certificate may read /1.0/metrics of no project');
}
