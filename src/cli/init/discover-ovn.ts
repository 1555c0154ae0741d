import { existsSync } from 'node:fs';
import { bareHost } from '../host.ts';
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
  const servers = northbound.flatMap((remote) => {
    const [, scheme, host] = /^(ssl|tcp):(\[.+\]|[^:]+):\d+$/.exec(remote) ?? [];
    return scheme && host ? [{ scheme, host }] : [];
  });
  const hosts = servers.map(({ host }) => bareHost(host));
  const listening = new Set(await findListening(hosts, SOUTHBOUND_PORT));
  const southbound = servers
    .filter(({ host }) => listening.has(bareHost(host)))
    .map(({ host, scheme }) => `${scheme}:${host}:${SOUTHBOUND_PORT}`);
  const tls = Object.values(credentials).every((file) => existsSync(file)) ? credentials : undefined;
  return { northbound, southbound, tls };
}
