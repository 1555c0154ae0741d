import type { RackState } from '../state.ts';

/** What a route is asked, once the member that answers is known. */
export interface ApiRequest {
  readonly state: RackState;
  readonly member: string;
  /** What the route's path holds in place of its groups, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** `https://host:port` of every member. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly certificate: string;
  readonly fingerprint: string;
}

/** An answer with LXD's error envelope. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Go writes times in RFC 3339 with nanoseconds; the simulated ones are whole milliseconds. */
export const formatTime = (ms: number): string => new Date(ms).toISOString();

/** `/1.0/instances/c1?project=web`: the project is left out where it is the default one. */
export const urlOf = (kind: string, name: string, project: string): string =>
  `/1.0/${kind}/${name}${project === 'default' ? '' : `?project=${project}`}`;
