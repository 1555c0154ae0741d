import { SourceError } from '../../../core/errors.ts';

/** An active OVSDB connection method (ovsdb(7), "Active Connection Methods"). */
export type Remote =
  | { readonly kind: 'tcp' | 'ssl'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/**
 * Reads `ssl:10.0.0.11:6641`, `tcp:[2001:db8::1]:6642` or `unix:/run/ovn/ovnnb_db.sock`.
 * @throws SourceError `not_found` for anything else
 */
export function parseRemote(text: string): Remote {
  const unix = /^unix:(\/.+)$/.exec(text);
  if (unix) return { kind: 'unix', path: unix[1] as string };
  const inet = /^(tcp|ssl):(?:\[([0-9a-fA-F:.%a-z]+)\]|([^[\]:]+)):(\d{1,5})$/.exec(text);
  const port = Number(inet?.[4]);
  if (!inet || port === 0 || port > 65_535)
    throw new SourceError('not_found', `${text}: not tcp:HOST:PORT, ssl:HOST:PORT or unix:/PATH`);
  return { kind: inet[1] as 'tcp' | 'ssl', host: (inet[2] ?? inet[3]) as string, port };
}

/** The address without its method: what tells the servers of a database apart. */
export const serverOf = (text: string): string => text.slice(text.indexOf(':') + 1);
