import { SourceError } from '../../../core/errors.ts';
import { ChassisMoves } from './chassis-moves.ts';
import { type ClusterStatus, parseClusterStatus } from './cluster-status.ts';
import { Database } from './database.ts';
import { type Northbound, northboundTables } from './northbound.ts';
import { parseRemote, serverOf } from './remote.ts';
import { type PortBinding, type Southbound, southboundTables } from './southbound.ts';
import type { TableSpecs } from './tables.ts';
import { connect, type TlsFiles } from './transport.ts';
import { runUnixctl } from './unixctl.ts';

export interface OvnClientOptions {
  readonly northbound: readonly string[];
  readonly southbound: readonly string[];
  readonly tls: TlsFiles | undefined;
  readonly answerTimeoutMs: number;
  readonly maxMessageBytes: number;
  /** Control sockets on this host. */
  readonly unixctl: { readonly [S in ControlSocket]?: string | undefined };
}

export type ControlSocket = 'northbound' | 'southbound' | 'northd';

export const databaseNames = { northbound: 'OVN_Northbound', southbound: 'OVN_Southbound' } as const;
export type DatabaseName = keyof typeof databaseNames;

export interface NorthdStatus {
  /** `active`, `standby` or `paused`. */
  readonly status: string;
  readonly connected: Readonly<Record<DatabaseName, boolean>>;
}

/** Live replicas of the databases that are configured. It reads; nothing here writes, and no lock is ever asked for. */
export class OvnClient {
  readonly northbound: Database<typeof northboundTables> | undefined;
  readonly southbound: Database<typeof southboundTables> | undefined;
  readonly #options: OvnClientOptions;
  readonly #moves: ChassisMoves;

  constructor(options: OvnClientOptions) {
    this.#options = options;
    this.#moves = new ChassisMoves((uuid) => this.southbound?.replica.table('Chassis').rows.get(uuid)?.name);
    this.northbound = this.#open('northbound', northboundTables);
    this.southbound = this.#open('southbound', southboundTables, (table, row) => {
      if (table === 'Port_Binding') this.#moves.observe(row as PortBinding);
    });
  }

  get databases(): readonly (readonly [DatabaseName, Database<TableSpecs>])[] {
    const pairs = Object.entries({ northbound: this.northbound, southbound: this.southbound });
    return pairs.filter(([, database]) => database) as [DatabaseName, Database<TableSpecs>][];
  }

  /** Undefined when no northbound server is configured. @throws SourceError as `Database.read` */
  async readNorthbound(signal: AbortSignal): Promise<Northbound | undefined> {
    return this.northbound?.read(signal);
  }

  /** Undefined when no southbound server is configured. @throws SourceError as `Database.read` */
  async readSouthbound(signal: AbortSignal): Promise<Southbound | undefined> {
    return this.southbound?.read(signal);
  }

  /** How often a gateway port went to another chassis since the program began to watch. */
  movesOf(logicalPort: string): number {
    return this.#moves.countOf(logicalPort);
  }

  /** What RAFT says of itself on this host; undefined when its control socket is not configured. */
  async clusterStatus(database: DatabaseName, signal: AbortSignal): Promise<ClusterStatus | undefined> {
    const text = await this.#control(database, 'cluster/status', [databaseNames[database]], signal);
    return text === undefined ? undefined : parseClusterStatus(text);
  }

  /** What the northd of this host says of itself; undefined when its control socket is not configured. */
  async northdStatus(signal: AbortSignal): Promise<NorthdStatus | undefined> {
    const status = await this.#control('northd', 'status', [], signal);
    if (status === undefined) return undefined;
    const isConnected = async (command: string) =>
      (await this.#control('northd', command, [], signal))?.trim() === 'connected';
    const [northbound, southbound] = await Promise.all([
      isConnected('nb-connection-status'),
      isConnected('sb-connection-status'),
    ]);
    return { status: status.replace(/^Status: /, '').trim(), connected: { northbound, southbound } };
  }

  close(): void {
    this.northbound?.close();
    this.southbound?.close();
  }

  async #control(socket: ControlSocket, command: string, args: readonly string[], signal: AbortSignal) {
    const path = this.#options.unixctl[socket];
    const { answerTimeoutMs } = this.#options;
    return path === undefined ? undefined : runUnixctl(path, command, args, { answerTimeoutMs, signal });
  }

  #open<S extends TableSpecs>(
    name: DatabaseName,
    specs: S,
    observe: (table: string, row: object) => void = () => {},
  ): Database<S> | undefined {
    const { answerTimeoutMs, maxMessageBytes, tls } = this.#options;
    const remotes = this.#options[name].map((address) => ({ server: serverOf(address), remote: parseRemote(address) }));
    if (remotes.length === 0) return undefined;
    if (!tls && remotes.some(({ remote }) => remote.kind === 'ssl'))
      throw new SourceError('tls', `ovn.${name}: an ssl: address needs the keys under ovn.tls`);
    return new Database({
      database: databaseNames[name],
      specs,
      servers: remotes.map(({ remote, server }) => ({ server, connect: (signal) => connect(remote, tls, signal) })),
      answerTimeoutMs,
      maxMessageBytes,
      observe: (table, _before, after) => after && observe(table, after),
    });
  }
}
