import { listAt } from '../../core/list-at.ts';
import type { Announcement, Origin } from './announcements.ts';
import type { Prefix } from './prefix.ts';

/** What is known of a prefix: what must be there, and what may. */
export interface Destination {
  readonly prefix: Prefix;
  /** Of every next hop that must be there the first announcement of each origin, by the labels of its sample. */
  readonly expected: readonly ExpectedRoute[];
  /** The next hops of these, each once. */
  readonly nexthops: readonly string[];
  /** The next hops with which LXD may announce it now, or has been allowed to. */
  readonly allowed: readonly string[];
}

/** Frozen: there are many, and they come with every scrape. */
export interface ExpectedRoute {
  readonly prefix: string;
  /** Empty where any will do. */
  readonly nexthop: string;
  readonly origin: Origin | 'config';
}

/** What is announced, or would be, by its prefix. */
export function groupByPrefix(announcements: readonly Announcement[]): ReadonlyMap<string, readonly Announcement[]> {
  const groups = new Map<string, Announcement[]>();
  for (const one of announcements) listAt(groups, one.prefix.text).push(one);
  return groups;
}

/**
 * That something must not be there forbids nothing that another announcement allows.
 * @param announcements of one prefix, at least one
 */
export function describeDestination(announcements: readonly Announcement[]): Destination {
  const [{ prefix }] = announcements as [Announcement];
  const due = announcements.filter((one) => one.due);
  const isFirst = ({ nexthop, origin }: Announcement, i: number) =>
    due.findIndex((other) => other.nexthop === nexthop && other.origin === origin) === i;
  return {
    prefix,
    expected: due.filter(isFirst).map(({ nexthop, origin }) => Object.freeze({ prefix: prefix.text, nexthop, origin })),
    nexthops: nexthopsOf(due),
    allowed: nexthopsOf(announcements.filter((one) => one.due !== false)),
  };
}

const nexthopsOf = (announcements: readonly Announcement[]): string[] => [
  ...new Set(announcements.map(({ nexthop }) => nexthop)),
];
