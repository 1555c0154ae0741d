import { parse } from 'yaml';
import { sources } from '../../../src/sources/index.ts';
import { type Alert, matches, readShipped, secondsOf } from '../shipped.ts';

interface Route {
  readonly receiver?: string;
  readonly matchers?: readonly string[];
  readonly group_wait?: string;
  readonly continue?: boolean;
  readonly routes?: readonly Route[];
}

/** Who is told of an alert first, and how long at most after the fault, in seconds. */
export interface Delay {
  readonly receiver: string;
  readonly seconds: number;
}

const { global } = parse(readShipped('prometheus.yml')) as {
  global: { scrape_interval: string; evaluation_interval: string };
};
const { route: root } = parse(readShipped('alertmanager.yml')) as { route: Route };

/** The route that takes the alert first; a child has what it does not say itself from its parent. */
function firstRoute(labels: Readonly<Record<string, string>>, route: Route = root): Route {
  const child = (route.routes ?? []).find(({ matchers = [] }) => matchers.every((one) => matches(one, labels)));
  return child ? firstRoute(labels, { ...route, routes: [], ...child }) : route;
}

/** BMCs are read less often than Prometheus asks; all others anew at every scrape. */
function readingSeconds({ labels }: Alert): number {
  const name = labels['component'] === 'hardware' ? 'bmc' : '';
  const minAge = secondsOf(sources.find((source) => source.name === name)?.defaults?.min_age ?? '0s');
  return minAge > secondsOf(global.scrape_interval) ? minAge : 0;
}

/** Reading, scrape, evaluation, the rule's `for` and Alertmanager's `group_wait`, each at its longest. */
export function delayOf(alert: Alert): Delay {
  const { group_wait = '0s', receiver = '' } = firstRoute({ ...alert.labels, alertname: alert.alert });
  const parts = [global.scrape_interval, global.evaluation_interval, alert.for ?? '0s', group_wait];
  const seconds = parts.reduce((sum, part) => sum + secondsOf(part), readingSeconds(alert));
  return { receiver, seconds };
}
