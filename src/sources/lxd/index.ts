import { SourceError } from '../../core/errors.ts';
import { type Discovered, defineSource, type OpenSource, type TargetSpec } from '../../core/source.ts';
import { LxdCluster } from './client/cluster.ts';
import { normalize, pinOfFile, readIdentity } from './client/identity.ts';
import type { LxdMember } from './client/member.ts';
import { events } from './collectors/events.ts';
import { hosts } from './collectors/hosts.ts';
import { instances } from './collectors/instances.ts';
import { links } from './collectors/links.ts';
import { members } from './collectors/members.ts';
import { native } from './collectors/native.ts';
import { networks } from './collectors/networks.ts';
import { operations } from './collectors/operations.ts';
import { projects } from './collectors/projects.ts';
import { localStorage, sharedStorage } from './collectors/storage.ts';
import { warnings } from './collectors/warnings.ts';
import { type LxdConfig, lxdConfig } from './config.ts';
import type { LxdFacts } from './facts.ts';

export const lxd = defineSource<typeof lxdConfig, LxdCluster | LxdMember, LxdFacts>({
  name: 'lxd',
  configSchema: lxdConfig,
  open,
  async describe({ client, scope, signal }) {
    const { clockOffsetSeconds, info } = await client.greet(signal);
    const isWhole = client instanceof LxdCluster && scope === 'cluster';
    const unreached = isWhole ? await client.tryEndpoints(signal) : [];
    return { version: info.environment?.server_version, clockOffsetSeconds, unreached };
  },
  collectors: [
    native,
    members,
    hosts,
    instances,
    sharedStorage,
    localStorage,
    projects,
    networks,
    warnings,
    operations,
    events,
    links,
  ],
});

/**
 * The cluster as a whole, its instances, and every member. The list of instances is a target of its own because LXD
 * holds it back for up to 30 s when a member goes away, and nothing else of the cluster has to wait for that.
 */
function open(config: LxdConfig): OpenSource<LxdCluster | LxdMember> {
  const cluster = new LxdCluster({
    endpoints: config.endpoints,
    identity: config.certificate && config.key_file ? readIdentity(config.certificate, config.key_file) : undefined,
    pin: config.server_certificate
      ? pinOfFile(config.server_certificate)
      : config.server_fingerprint && normalize(config.server_fingerprint),
    metrics: config.metrics && {
      identity: readIdentity(config.metrics.certificate, config.metrics.key_file),
      port: config.metrics.port,
    },
    maxBodyBytes: config.max_body_bytes,
  });
  const shared: readonly TargetSpec<LxdCluster>[] = [
    { name: 'cluster', scope: 'cluster', client: cluster },
    { name: 'instances', scope: 'instances', client: cluster },
  ];
  const specs = new WeakMap<LxdMember, TargetSpec<LxdMember>>();
  return {
    targets: () => [...shared, ...cluster.members.map((member) => specOf(member, specs))],
    discover: () => addressesOf(cluster.members),
    close: () => cluster.close(),
  };
}

/** The members' hosts, as LXD has them. A member that is read by a unix socket has no address. */
function addressesOf(members: readonly LxdMember[]): readonly Discovered[] {
  if (members.length === 0) throw new SourceError('unavailable', 'the members of the cluster are not known yet');
  return members.flatMap(({ name: member, url }) =>
    url.startsWith('https://') ? [{ member, address: new URL(url).hostname }] : [],
  );
}

function specOf(member: LxdMember, known: WeakMap<LxdMember, TargetSpec<LxdMember>>): TargetSpec<LxdMember> {
  const spec = known.get(member) ?? { name: member.name, scope: 'member', client: member };
  known.set(member, spec);
  return spec;
}
