import { codeOf } from '../../../core/errors.ts';
import type { Instance, Project } from './api.ts';
import type { LxdApi } from './server.ts';

/** While an instance moves, LXD lists a temporary twin under this name. */
const MOVING = /^lxd-move-of-/;

/**
 * The instances of all projects with their state and snapshots. A certificate that is restricted to some projects is
 * refused the whole list, and gets the lists of those.
 */
export async function listInstances(api: LxdApi, signal: AbortSignal): Promise<Instance[]> {
  const lists = await listWhole(api, signal);
  return lists.filter(({ name }) => !MOVING.test(name));
}

async function listWhole(api: LxdApi, signal: AbortSignal): Promise<Instance[]> {
  try {
    return await api.get<Instance[]>('/1.0/instances', signal, { recursion: 2, 'all-projects': true });
  } catch (error) {
    if (codeOf(error) !== 'forbidden') throw error;
    const projects = await api.get<Project[]>('/1.0/projects', signal, { recursion: 1 });
    const lists = await Promise.all(
      projects.map(({ name }) => api.get<Instance[]>('/1.0/instances', signal, { recursion: 2, project: name })),
    );
    return lists.flat();
  }
}
