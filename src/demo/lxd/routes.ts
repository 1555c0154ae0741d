import { listOperations, listWarnings } from './activity.ts';
import { listFiles, listInstances } from './instances.ts';
import { listForwards, listLoadBalancers, listNetworks, networkState } from './networks.ts';
import { listProjects, projectState } from './projects.ts';
import { ApiError, type ApiRequest } from './request.ts';
import { resources } from './resources.ts';
import { cluster, clusterMemberState, clusterMembers, serverInfo } from './server-info.ts';
import { listStoragePools, storagePoolResources } from './storage.ts';

type Handler = (request: ApiRequest) => unknown;

/** A `*` stands for one name, which the handler finds in `path`. */
const routes: Readonly<Record<string, Handler>> = {
  '/1.0': serverInfo,
  '/1.0/cluster': cluster,
  '/1.0/cluster/members': clusterMembers,
  '/1.0/cluster/members/*/state': clusterMemberState,
  '/1.0/instances': listInstances,
  '/1.0/instances/*/files': listFiles,
  '/1.0/networks': listNetworks,
  '/1.0/networks/*/forwards': listForwards,
  '/1.0/networks/*/load-balancers': listLoadBalancers,
  '/1.0/networks/*/state': networkState,
  '/1.0/operations': listOperations,
  '/1.0/projects': listProjects,
  '/1.0/projects/*/state': projectState,
  '/1.0/resources': resources,
  '/1.0/storage-pools': listStoragePools,
  '/1.0/storage-pools/*/resources': storagePoolResources,
  '/1.0/warnings': listWarnings,
};

/** The metadata that LXD would answer. @throws ApiError */
export function answer(pathname: string, request: Omit<ApiRequest, 'path'>): unknown {
  const parts = pathname.split('/');
  // Only the third or the fourth name of a path can be a thing's own.
  for (const position of [undefined, 3, 4]) {
    const pattern = parts.map((part, index) => (index === position ? '*' : part)).join('/');
    const handler = routes[pattern];
    if (handler) return handler({ ...request, path: position ? [decodeURIComponent(parts[position] ?? '')] : [] });
  }
  throw new ApiError(404, 'not found');
}

/** `GET /1.0/cluster/members/NAME/state` is answered by the member of that name, like a request with `target=`. */
export const memberInPath = (pathname: string): string | undefined =>
  /^\/1\.0\/cluster\/members\/([^/]+)\/state$/.exec(pathname)?.[1];
