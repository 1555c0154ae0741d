import type { Messenger } from './banner.ts';

/** One address of a monitor. Without `messenger` any of the two is right. */
export interface MonitorAddress {
  readonly host: string;
  readonly port: number;
  readonly messenger?: Messenger;
}

const defaultPorts = { v2: 3300, v1: 6789 } as const;

/**
 * Splits a `mon_host` line, or a list of monitors as people write it, into one text per monitor: they are separated by
 * commas, semicolons or spaces outside of brackets.
 */
export function splitMonitors(text: string): string[] {
  const monitors: string[] = [];
  let depth = 0;
  let current = '';
  for (const char of text) {
    if (char === '[') depth++;
    if (char === ']') depth--;
    if (depth === 0 && /[,;\s]/.test(char)) {
      monitors.push(current);
      current = '';
    } else current += char;
  }
  return [...monitors, current].filter((monitor) => monitor !== '');
}

/**
 * The addresses of one monitor: `[v2:10.0.0.11:3300/0,v1:10.0.0.11:6789/0]`, `10.0.0.11`, `mon1:3300`,
 * `v2:[2001:db8::1]:3300` … as Ceph reads them (src/mon/MonMap.cc, init_with_ips and init_with_hosts). Without a port
 * both default ports are meant. Throws a TypeError for what is none.
 */
export function parseMonitor(text: string): readonly MonitorAddress[] {
  const vector = /^\[((?:v1:|v2:|any:).*)\]$/.exec(text);
  return vector ? (vector[1] as string).split(',').flatMap(parseAddress) : parseAddress(text);
}

const addressPattern = /^(?:(v1|v2|any):)?(?:\[([0-9a-fA-F:.]+)\]|([0-9a-zA-Z._-]+))(?::(\d{1,5}))?(?:\/\d+)?$/;

function parseAddress(text: string): MonitorAddress[] {
  const [, kind, ipv6, name, portText] = addressPattern.exec(text.trim()) ?? [];
  const host = ipv6 ?? name;
  const port = Number(portText ?? 0);
  if (host === undefined || port > 65_535) throw new TypeError(`${text}: not the address of a monitor`);
  const messenger = kind === 'v1' || kind === 'v2' ? kind : messengerOfPort(port);
  if (port === 0) {
    const kinds = messenger ? [messenger] : (['v2', 'v1'] as const);
    return kinds.map((each) => ({ host, port: defaultPorts[each], messenger: each }));
  }
  return [messenger ? { host, port, messenger } : { host, port }];
}

function messengerOfPort(port: number): Messenger | undefined {
  if (port === defaultPorts.v2) return 'v2';
  return port === defaultPorts.v1 ? 'v1' : undefined;
}

export const formatAddress = ({ host, port, messenger }: MonitorAddress): string =>
  `${messenger ? `${messenger}:` : ''}${host.includes(':') ? `[${host}]` : host}:${port}`;
