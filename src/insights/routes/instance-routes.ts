import { keepEqual } from '../../core/keep-equal.ts';
import { keptList } from '../../core/kept-list.ts';
import { derived } from '../../core/reading.ts';
import type { InstanceFacts } from '../../sources/lxd/facts.ts';
import { instancesOf } from '../index-of-instances.ts';
import type { Announcement } from './announcements.ts';
import { announcementsOfInstances } from './plan.ts';

/** A route that is handed to an instance, by the labels of its sample. Frozen, as those of what is expected are. */
export interface InstanceRoute {
  readonly project: string;
  readonly name: string;
  readonly prefix: string;
  /** Empty where any will do. */
  readonly nexthop: string;
}

const keepRoutes = keptList(
  (
    before: readonly InstanceRoute[] | undefined,
    { name, project }: InstanceFacts,
    announcements: readonly Announcement[],
  ): readonly InstanceRoute[] => {
    const routes = keepEqual(before, describe(project, name, announcements));
    for (const route of routes) Object.freeze(route);
    return routes;
  },
);

/** Two devices on one network may have the same route. */
function describe(project: string, name: string, announcements: readonly Announcement[]): readonly InstanceRoute[] {
  const routes = announcements.map(({ nexthop, prefix }) => ({ project, name, prefix: prefix.text, nexthop }));
  return routes.filter(
    (one, i) => routes.findIndex(({ nexthop, prefix }) => nexthop === one.nexthop && prefix === one.prefix) === i,
  );
}

/**
 * Of each instance the routes that LXD announces while it runs; the same list as long as nobody configures others,
 * wherever the instances are. None while the instances are not known.
 */
export const routesOfInstances = derived((facts): readonly (readonly InstanceRoute[])[] =>
  keepRoutes(instancesOf(facts) ?? [], announcementsOfInstances(facts) ?? []),
);
