export interface WatchedDaemon {
  readonly name: string;
  readonly up: boolean;
}

export interface Watchdog {
  readonly daemons: readonly WatchedDaemon[];
  /** Whether a daemon is reading its configuration at this moment (FRR 10 and later). */
  readonly readingConfiguration?: boolean;
}

/**
 * Reads the text of `show watchfrr`, for which there is no JSON: settings with a colon, then one line per daemon,
 * `  bgpd                 Up` or `  bgpd                 Down`, `Unresponsive`, `Connect`.
 */
export function parseWatchdog(text: string): Watchdog {
  const daemons: WatchedDaemon[] = [];
  for (const line of text.split('\n')) {
    const match = /^ {2}([a-z][a-z0-9-]*) +([A-Z][A-Za-z/]*)/.exec(line);
    if (match) daemons.push({ name: match[1] as string, up: match[2] === 'Up' });
  }
  const reading = /^ ?Reading Configuration: (\S+)/m.exec(text)?.[1];
  return { daemons, ...(reading === undefined ? {} : { readingConfiguration: reading !== 'no' }) };
}
