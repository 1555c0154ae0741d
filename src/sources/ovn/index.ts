import { defineSource, type OpenSource } from '../../core/source.ts';
import { OvnClient } from './client/client.ts';
import { readTlsOptions, type TlsFiles } from './client/transport.ts';
import { bfd } from './collectors/bfd.ts';
import { bindings } from './collectors/bindings.ts';
import { chassis } from './collectors/chassis.ts';
import { databases } from './collectors/databases.ts';
import { gateways } from './collectors/gateways.ts';
import { networks } from './collectors/networks.ts';
import { ports } from './collectors/ports.ts';
import { propagation } from './collectors/propagation.ts';
import { raft } from './collectors/raft.ts';
import { serviceMonitors } from './collectors/service-monitors.ts';
import { type OvnConfig, ovnConfig } from './config.ts';
import type { OvnFacts } from './facts.ts';

export const ovn = defineSource<typeof ovnConfig, OvnClient, OvnFacts>({
  name: 'ovn',
  configSchema: ovnConfig,
  memberKey: {
    key: 'chassis',
    help: "The host's name as Open vSwitch gives it to OVN, or the name of its chassis (system-id).",
  },
  open,
  /** What northd writes into the northbound database: `22.03.0-20.21.0-61.4`, of which the first part is OVN's. */
  async describe({ client, signal }) {
    const [global] = (await client.readNorthbound(signal))?.table('NB_Global').rows.values() ?? [];
    const version = global?.options.get('northd_internal_version')?.split('-')[0];
    const surveys = client.databases.map(async ([db, database]) =>
      (await database.survey(signal)).flatMap(({ failure, server }) =>
        failure ? [{ address: `${db} ${server}`, code: failure.code }] : [],
      ),
    );
    return { version, unreached: (await Promise.all(surveys)).flat() };
  },
  collectors: [databases, raft, propagation, chassis, gateways, ports, networks, bindings, bfd, serviceMonitors],
});

/**
 * One target for both databases: where a gateway is, how far a chassis is behind and what a network is made of take
 * both, and one cycle reads them at one moment. What fails of one database costs only the collectors that read it.
 */
function open(config: OvnConfig): OpenSource<OvnClient> {
  const tls = config.tls && toTlsFiles(config.tls);
  const client = new OvnClient({
    northbound: config.northbound,
    southbound: config.southbound,
    tls,
    answerTimeoutMs: config.answer_timeout,
    maxMessageBytes: config.max_message_bytes,
    unixctl: config.unixctl,
  });
  const targets = [{ name: 'ovn', client }];
  return { targets: () => targets, close: async () => client.close() };
}

/** Throws for a file that cannot be read; later, a file that vanishes only fails the next connection. */
function toTlsFiles({ authority, certificate, key_file, server_names }: NonNullable<OvnConfig['tls']>): TlsFiles {
  const own = certificate && key_file ? { certificate, key: key_file } : undefined;
  const files = { authority, own, serverNames: server_names };
  readTlsOptions(files);
  return files;
}
