import type { Prometheus } from '../labs/prometheus.ts';

/** How often an alert began to fire. */
export interface Episode {
  readonly alertname: string;
  readonly severity: string;
  readonly member: string;
  readonly count: number;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [seconds: number, value: string])[];
}

/** For so long an alert may be out of sight of the evaluations, each a second after the other, and still be the same. */
const GAP_SECONDS = 2;

/** The alerts of a Prometheus that have fired since a time in milliseconds, by name. */
export async function episodesOf({ url }: Prometheus, matcher: string, sinceMs: number): Promise<readonly Episode[]> {
  const query = `max by (alertname, severity, member) (ALERTS{alertstate="firing", ${matcher}})`;
  const end = Math.ceil(Date.now() / 1000);
  const parameters = new URLSearchParams({
    query,
    start: String(Math.floor(sinceMs / 1000)),
    end: String(end),
    step: '1',
  });
  const answer = (await (await fetch(`${url}/api/v1/query_range?${parameters}`)).json()) as {
    data: { result: Series[] };
  };
  const episodes = answer.data.result.map(({ metric, values }) => ({
    alertname: metric['alertname'] ?? '',
    severity: metric['severity'] ?? '',
    member: metric['member'] ?? '',
    count: values.filter(([at], index) => index === 0 || at - (values[index - 1]?.[0] ?? 0) > GAP_SECONDS).length,
  }));
  const key = ({ alertname, member }: Episode) => `${alertname} ${member}`;
  return episodes.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
