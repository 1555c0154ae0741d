/** One server as another one sees it, in the answer to `cluster/status`. */
export interface RaftPeer {
  /** `tcp:10.0.0.12:6643`, without the method. */
  readonly address: string;
  readonly self: boolean;
  /** Known to the leader only. */
  readonly matchIndex: number | undefined;
  readonly lastMessageAgeSeconds: number | undefined;
}

export interface ClusterStatus {
  readonly serverId: string;
  readonly address: string;
  readonly role: string;
  readonly term: number | undefined;
  readonly electionTimerSeconds: number | undefined;
  /** Index of the first entry that is kept, and of the next one to come. */
  readonly logStart: number | undefined;
  readonly logNext: number | undefined;
  readonly uncommitted: number | undefined;
  readonly unapplied: number | undefined;
  readonly disconnections: number | undefined;
  readonly peers: readonly RaftPeer[];
}

/**
 * Reads the text of `ovs-appctl cluster/status` (ovsdb-server(1), "cluster/status"). It is made for people: a line that
 * is not there leaves its value undefined.
 */
export function parseClusterStatus(text: string): ClusterStatus {
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]?.trim();
  const number = (name: string): number | undefined => toNumber(field(name));
  const [logStart, logNext] = (/^\[(\d+), (\d+)\]$/.exec(field('Log') ?? '') ?? []).slice(1).map(Number);
  const timerMs = number('Election timer');
  return {
    serverId: /\(([0-9a-f-]{36})\)/.exec(field('Server ID') ?? '')?.[1] ?? '',
    address: withoutMethod(field('Address') ?? ''),
    role: field('Role') ?? '',
    term: number('Term'),
    electionTimerSeconds: timerMs === undefined ? undefined : timerMs / 1000,
    logStart,
    logNext,
    uncommitted: number('Entries not yet committed'),
    unapplied: number('Entries not yet applied'),
    disconnections: number('Disconnections'),
    peers: parsePeers(text),
  };
}

function parsePeers(text: string): readonly RaftPeer[] {
  const list = text.slice(text.indexOf('\nServers:'));
  return [...list.matchAll(/^ +[0-9a-f]{4} \([0-9a-f]{4} at ([^)]+)\)(.*)$/gm)].map(([, address, rest]) => {
    const ageMs = toNumber(/last msg (\d+) ms ago/.exec(rest as string)?.[1]);
    return {
      address: withoutMethod(address as string),
      self: (rest as string).includes('(self)'),
      matchIndex: toNumber(/match_index=(\d+)/.exec(rest as string)?.[1]),
      lastMessageAgeSeconds: ageMs === undefined ? undefined : ageMs / 1000,
    };
  });
}

const withoutMethod = (address: string): string => address.replace(/^(tcp|ssl):/, '');
const toNumber = (text: string | undefined): number | undefined =>
  text && /^\d+$/.test(text) ? Number(text) : undefined;
