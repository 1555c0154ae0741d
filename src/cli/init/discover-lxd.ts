import { LxdCluster } from '../../sources/lxd/client/cluster.ts';
import { readIdentity } from '../../sources/lxd/client/identity.ts';
import type { LxdAccess } from './access.ts';

export interface FoundLxd {
  readonly clustered: boolean;
  readonly version: string;
  readonly members: readonly { readonly name: string; readonly url: string }[];
  /** `network.ovn.northbound_connection`; undefined when it is not set, or may not be read. */
  readonly northbound: string | undefined;
  /** Names of its pools on Ceph. */
  readonly cephPools: readonly string[];
  /** Running containers that have a folder /etc/frr. */
  readonly routers: readonly { readonly project: string; readonly name: string }[];
  /** The device below an uplink of OVN networks: a link whose role is known. */
  readonly uplinks: readonly string[];
}

interface NamedInstance {
  readonly name: string;
  readonly project: string;
  readonly type: string;
  readonly status: string;
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** LXD starts a process for each look into a container. */
const LOOKS_AT_ONCE = 4;

/** Reads what LXD knows of the cluster and its surroundings; sends nothing but GET requests. Throws a SourceError. */
export async function discoverLxd(access: LxdAccess, signal: AbortSignal): Promise<FoundLxd> {
  const { certificate, endpoint, fingerprint, keyFile } = access;
  const cluster = new LxdCluster({
    endpoints: [endpoint],
    identity: certificate && keyFile ? readIdentity(certificate, keyFile) : undefined,
    pin: fingerprint,
    maxBodyBytes: MAX_BODY_BYTES,
  });
  try {
    const { clustered, info, members } = await cluster.topology(signal);
    const config = (info as { config?: Record<string, string> }).config ?? {};
    const pools = await cluster.get<{ name: string; driver: string; config?: Record<string, string> }[]>(
      '/1.0/storage-pools',
      signal,
      { recursion: 1 },
    );
    return {
      clustered,
      version: info.environment?.server_version ?? '',
      members: members.map(({ server_name: name, url }) => ({ name, url })),
      northbound: config['network.ovn.northbound_connection'] || undefined,
      cephPools: pools
        .filter(({ driver }) => driver === 'ceph')
        .map(({ config: own = {}, name }) => own['ceph.osd.pool_name'] ?? name),
      routers: await findRouters(cluster, signal),
      uplinks: await findUplinks(cluster, signal),
    };
  } finally {
    await cluster.close();
  }
}

async function findRouters(cluster: LxdCluster, signal: AbortSignal) {
  const all = await cluster.get<NamedInstance[]>('/1.0/instances', signal, { recursion: 1, 'all-projects': true });
  const running = all.filter(({ status, type }) => status === 'Running' && type === 'container');
  const found: NamedInstance[] = [];
  const look = async (): Promise<void> => {
    for (let one = running.pop(); one; one = running.pop()) {
      if (await hasFolder(cluster, one, '/etc/frr', signal)) found.push(one);
    }
  };
  await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, look));
  return found.map(({ name, project }) => ({ project, name })).sort((a, b) => a.name.localeCompare(b.name));
}

/** LXD lists a directory with the same request that reads a file. */
const hasFolder = (cluster: LxdCluster, { name, project }: NamedInstance, path: string, signal: AbortSignal) =>
  cluster.get(`/1.0/instances/${encodeURIComponent(name)}/files`, signal, { project, path }).then(
    (entries) => Array.isArray(entries),
    () => false,
  );

async function findUplinks(cluster: LxdCluster, signal: AbortSignal): Promise<readonly string[]> {
  const networks = await cluster
    .get<{ type: string; managed: boolean; config?: Record<string, string> }[]>('/1.0/networks', signal, {
      recursion: 1,
    })
    .catch(() => []);
  const parents = networks
    .filter(({ managed, type }) => managed && type === 'physical')
    .flatMap(({ config }) => config?.['parent'] ?? []);
  return [...new Set(parents)];
}
