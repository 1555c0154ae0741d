import type { Duplex } from 'node:stream';
import { codeOf, type ErrorCode, SourceError } from '../../../core/errors.ts';
import { anyOf } from './any-of.ts';
import type { ClusterMember, Operation, Project, ServerInfo } from './api.ts';
import { EventFeed } from './events/event-feed.ts';
import { Journal } from './events/journal.ts';
import { describeIdentity, type Identity, isExpired, type Pin } from './identity.ts';
import { maintenanceOf } from './maintenance.ts';
import { LxdMember } from './member.ts';
import { Memo, THIS_CYCLE_MS } from './memo.ts';
import { type Greeting, type LxdApi, LxdServer, type Query } from './server.ts';

export interface ClusterOptions {
  readonly endpoints: readonly string[];
  readonly identity?: Identity | undefined;
  readonly pin?: Pin;
  readonly metrics?: { readonly identity: Identity; readonly port?: number | undefined } | undefined;
  readonly maxBodyBytes: number;
}

/** For one member to open the stream of events. */
const EVENTS_TIMEOUT_MS = 5000;

/** Who is in the cluster; for a server that is not clustered, itself alone. */
export interface Topology {
  readonly clustered: boolean;
  readonly info: ServerInfo;
  readonly members: readonly ClusterMember[];
}

/**
 * The cluster as a whole: asks whichever member answers, and knows the members as they come and go. Holds the
 * connections of all of them.
 */
export class LxdCluster implements LxdApi {
  readonly #options: ClusterOptions;
  readonly #servers: readonly LxdServer[];
  readonly #members = new Map<string, LxdMember>();
  #preferred: string | undefined;
  readonly #memo = new Memo();
  readonly journal = new Journal();
  readonly events = new EventFeed({
    connect: (signal) => this.#openEvents(signal),
    onEvent: (event) => this.journal.take(event),
    onConnected: async (signal) => void (await this.operations(signal)),
  });

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#servers = options.endpoints.map((endpoint) => this.#connect(endpoint));
  }

  /** The members that were last heard of. Before the first success, or without the right to list them, none. */
  get members(): readonly LxdMember[] {
    return [...this.#members.values()];
  }

  memoryOf(member: string): number | undefined {
    return this.#members.get(member)?.memoryTotalBytes;
  }

  /** A GET from any member that answers. */
  get<T>(path: string, signal: AbortSignal, query: Query = {}): Promise<T> {
    return this.#ask((server) => server.get<T>(path, signal, query));
  }

  getText(path: string, signal: AbortSignal, query: Query = {}): Promise<Buffer> {
    return this.#ask((server) => server.getText(path, signal, query));
  }

  greet(signal: AbortSignal, query: Query = {}): Promise<Greeting> {
    return this.#ask((server) => server.greet(signal, query));
  }

  /** Asks every endpoint of the configuration; those that do not answer, and why. */
  async tryEndpoints(signal: AbortSignal): Promise<readonly { readonly address: string; readonly code: ErrorCode }[]> {
    const tried = this.#servers.map(async (server) => {
      const error = await server.greet(signal).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      return error === undefined ? [] : [{ address: server.endpoint, code: codeOf(error) }];
    });
    return (await Promise.all(tried)).flat();
  }

  /** The server's own description and the list of members, read once per cycle. */
  topology(signal: AbortSignal): Promise<Topology> {
    return this.#memo.read('topology', THIS_CYCLE_MS, () => this.#readTopology(signal));
  }

  /** The projects, read once per cycle. */
  projects(signal: AbortSignal): Promise<readonly Project[]> {
    return this.recall('/1.0/projects?recursion=1', signal, THIS_CYCLE_MS);
  }

  /** An answer of any member, as it was `maxAgeMs` ago at most. */
  recall<T>(path: string, signal: AbortSignal, maxAgeMs: number): Promise<T> {
    return this.#memo.read(path, maxAgeMs, () => this.get<T>(path, signal));
  }

  /**
   * What is under way. The members are asked for first: a restore that begins in between is then seen from one side at
   * least, as LXD calls a member online from the start of its restore on.
   */
  operations(signal: AbortSignal): Promise<readonly Operation[]> {
    return this.#memo.read('operations', THIS_CYCLE_MS, () => this.#readOperations(signal));
  }

  async #readOperations(signal: AbortSignal): Promise<readonly Operation[]> {
    const askedAt = Date.now();
    const { members } = await this.topology(signal);
    const query = { recursion: 1, 'all-projects': true };
    const byStatus = await this.get<Record<string, Operation[] | null>>('/1.0/operations', signal, query);
    const running = byStatus['running'] ?? [];
    this.journal.observe({
      askedAt,
      members: members.map(({ server_name: name, status }) => ({ name, evacuated: status === 'Evacuated' })),
      maintenance: running.flatMap((operation) => maintenanceOf(operation) ?? []),
    });
    return running;
  }

  async close(): Promise<void> {
    const all = [this.events, ...this.#servers, ...this.members];
    await Promise.allSettled(all.map((one) => one.close()));
  }

  /** One after the other: of two streams that are asked for at once, one would have to be ended again. */
  async #openEvents(signal: AbortSignal): Promise<Duplex> {
    let failure: unknown;
    for (const server of this.#candidates()) {
      const soon = AbortSignal.any([signal, AbortSignal.timeout(EVENTS_TIMEOUT_MS)]);
      try {
        return await server.openWebSocket('/1.0/events', soon, { type: 'lifecycle,operation', 'all-projects': true });
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }

  async #ask<T>(ask: (server: LxdServer) => Promise<T>): Promise<T> {
    const { answer, by } = await anyOf(this.#candidates(), ask);
    this.#preferred = by.endpoint;
    return answer;
  }

  async #readTopology(signal: AbortSignal): Promise<Topology> {
    const info = await this.get<ServerInfo>('/1.0', signal);
    if (info.auth !== 'trusted') throw await this.#distrusted(signal);
    const { environment } = info;
    if (environment?.server !== 'lxd') {
      throw new SourceError('unsupported', `the server calls itself "${environment?.server ?? 'nothing'}", not "lxd"`);
    }
    const clustered = environment.server_clustered;
    const members = clustered
      ? await this.get<ClusterMember[]>('/1.0/cluster/members', signal, { recursion: 1 })
      : [standalone(environment.server_name, this.#preferred ?? '', environment.architectures?.[0])];
    await this.#adopt(members, clustered);
    return { clustered, info, members };
  }

  /** Keeps a client for every member, and drops those of members that have left or moved. */
  async #adopt(members: readonly ClusterMember[], clustered: boolean): Promise<void> {
    const present = new Map(members.map((member) => [member.server_name, member.url]));
    const gone = this.members.filter((member) => present.get(member.name) !== member.url);
    for (const member of gone) this.#members.delete(member.name);
    for (const [name, url] of present) {
      if (!this.#members.has(name)) this.#members.set(name, this.#openMember(name, url, clustered));
    }
    await Promise.allSettled(gone.map((member) => member.close()));
  }

  /** Without a certificate there is only the unix socket, and the daemon behind it forwards to the others. */
  #openMember(name: string, url: string, clustered: boolean): LxdMember {
    const { identity, maxBodyBytes, metrics, pin } = this.#options;
    if (url.startsWith('unix:') || !identity) {
      return new LxdMember({ name, url, api: this, target: clustered ? name : undefined });
    }
    const api = this.#connect(url);
    if (!metrics) return new LxdMember({ name, url, api, owned: [api] });
    const endpoint = new URL(url);
    if (metrics.port) endpoint.port = String(metrics.port);
    const metricsApi = new LxdServer({ endpoint: endpoint.origin, identity: metrics.identity, pin, maxBodyBytes });
    return new LxdMember({ name, url, api, metricsApi, owned: [api, metricsApi] });
  }

  #connect(endpoint: string): LxdServer {
    const { identity, maxBodyBytes, pin } = this.#options;
    return new LxdServer({ endpoint, identity, pin, maxBodyBytes });
  }

  #candidates(): readonly LxdServer[] {
    const known = [...this.#servers, ...this.members.flatMap((member) => member.servers.slice(0, 1))];
    const distinct = [...new Map(known.map((server) => [server.endpoint, server])).values()];
    return distinct.sort((a, b) => Number(b.endpoint === this.#preferred) - Number(a.endpoint === this.#preferred));
  }

  /**
   * `/1.0` says no more than "untrusted" to a certificate of type metrics and to an unknown one: tell them apart. What
   * can be read with the former is read, at the endpoints of the configuration, under their host names.
   */
  async #distrusted(signal: AbortSignal): Promise<SourceError> {
    const { endpoints, identity, metrics } = this.#options;
    if (!identity) return new SourceError('auth', 'LXD does not trust this process on its unix socket');
    const who = describeIdentity(identity);
    if (isExpired(identity.certificate))
      return new SourceError('auth', `the client certificate ${who} is not valid now`);
    const readsMetrics = await this.#canReadMetrics(signal);
    if (this.members.length === 0 && (readsMetrics || metrics)) {
      await this.#adopt(
        endpoints.map((url) => standalone(new URL(url).hostname, url)),
        false,
      );
    }
    return readsMetrics
      ? new SourceError(
          'forbidden',
          `the client certificate ${who} can read /1.0/metrics and nothing else: type metrics?`,
        )
      : new SourceError(
          'auth',
          `LXD does not trust the client certificate ${who}: add it with "lxc config trust add" (one of type metrics for some projects goes under "metrics")`,
        );
  }

  async #canReadMetrics(signal: AbortSignal): Promise<boolean> {
    try {
      await this.getText('/1.0/metrics', signal);
      return true;
    } catch {
      return false;
    }
  }
}

const standalone = (name: string, url: string, architecture = ''): ClusterMember => ({
  server_name: name,
  url,
  status: 'Online',
  architecture,
});
