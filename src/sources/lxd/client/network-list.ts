import { codeOf } from '../../../core/errors.ts';
import type { Network, NetworkListener, Project } from './api.ts';
import type { LxdCluster } from './cluster.ts';
import { A_MINUTE_MS } from './memo.ts';

/** A managed network with what listens on it; undefined where this version or kind of network has nothing of the sort. */
export interface ListedNetwork {
  readonly project: string;
  readonly network: Network;
  readonly forwards: readonly NetworkListener[] | undefined;
  readonly loadBalancers: readonly NetworkListener[] | undefined;
}

/** Types of networks that can have them. https://documentation.ubuntu.com/lxd/latest/reference/networks/ */
const withForwards: ReadonlySet<string> = new Set(['bridge', 'ovn']);
const withLoadBalancers: ReadonlySet<string> = new Set(['ovn']);

/**
 * The managed networks of all projects, a minute old at most. A project without networks of its own would list those of
 * the project default once more, so it is not asked.
 */
export async function listNetworks(cluster: LxdCluster, signal: AbortSignal): Promise<ListedNetwork[]> {
  const { info } = await cluster.topology(signal);
  const extensions = new Set(info.api_extensions);
  const projects = (await cluster.projects(signal)).filter(hasOwnNetworks);
  const lists = await Promise.all(
    projects.map(async ({ name: project }) => {
      const path = `/1.0/networks?recursion=1&project=${encodeURIComponent(project)}`;
      const networks = await cluster.recall<readonly Network[]>(path, signal, A_MINUTE_MS);
      const managed = networks.filter((network) => network.managed);
      return Promise.all(managed.map((network) => withListeners(cluster, project, network, extensions, signal)));
    }),
  );
  return lists.flat();
}

const hasOwnNetworks = ({ config, name }: Project): boolean =>
  name === 'default' || config?.['features.networks'] === 'true';

async function withListeners(
  cluster: LxdCluster,
  project: string,
  network: Network,
  extensions: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ListedNetwork> {
  const list = async (what: string, extension: string, kinds: ReadonlySet<string>) => {
    if (!extensions.has(extension) || !kinds.has(network.type)) return undefined;
    const name = encodeURIComponent(network.name);
    const path = `/1.0/networks/${name}/${what}?recursion=1&project=${encodeURIComponent(project)}`;
    return readIfThere(() => cluster.recall<readonly NetworkListener[]>(path, signal, A_MINUTE_MS));
  };
  const [forwards, loadBalancers] = await Promise.all([
    list('forwards', 'network_forward', withForwards),
    list('load-balancers', 'network_load_balancer', withLoadBalancers),
  ]);
  return { project, network, forwards, loadBalancers };
}

/** A network may be deleted between its listing and this. */
async function readIfThere(read: () => Promise<readonly NetworkListener[]>): Promise<readonly NetworkListener[]> {
  try {
    return await read();
  } catch (error) {
    if (codeOf(error) === 'not_found') return [];
    throw error;
  }
}
