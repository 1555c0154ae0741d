import { existsSync } from 'node:fs';
import { findListening } from './discover-ceph.ts';

export interface FoundOvn {
  /** `ssl:HOST:PORT` of every server. */
  readonly northbound: readonly string[];
  readonly southbound: readonly string[];
  /** Where LXD keeps its own credentials, when this is a member and they are there. */
  readonly tls: { readonly authority: string; readonly certificate: string; readonly key_file: string } | undefined;
}

const SOUTHBOUND_PORT = 6642;

/** LXD's defaults of network.ovn.ca_cert, client_cert and client_key. */
const credentials = {
  authority: '/etc/ovn/ovn-central.crt',
  certificate: '/etc/ovn/cert_host',
  key_file: '/etc/ovn/key_host',
};

/** The servers of LXD's connection, and those of the southbound database that listen beside them. */
export async function discoverOvn(connection: string | undefined): Promise<FoundOvn> {
  const northbound = (connection ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => /^(ssl|tcp):/.test(text) || text.startsWith('unix:'));
  const hosts = northbound.flatMap(
    (remote) => /^(ssl|tcp):(\[.+\]|[^:]+):\d+$/.exec(remote)?.slice(1, 3).join(' ') ?? [],
  );
  const listening = new Set(
    await findListening(
      hosts.map((host) => bare(host.split(' ')[1] ?? '')),
      SOUTHBOUND_PORT,
    ),
  );
  const southbound = hosts
    .map((text) => text.split(' ') as [string, string])
    .filter(([, host]) => listening.has(bare(host)))
    .map(([scheme, host]) => `${scheme}:${host}:${SOUTHBOUND_PORT}`);
  const tls = Object.values(credentials).every((file) => existsSync(file)) ? credentials : undefined;
  return { northbound, southbound, tls };
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');
