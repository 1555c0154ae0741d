import type { Resources } from './api.ts';
import type { LxdApi, LxdServer, Query } from './server.ts';

export interface MemberOptions {
  readonly name: string;
  readonly url: string;
  readonly api: LxdApi;
  /** Where `/1.0/metrics` is read, if elsewhere or as somebody else. */
  readonly metricsApi?: LxdApi | undefined;
  /** Set where the API is another daemon's, which forwards what carries `target`. */
  readonly target?: string | undefined;
  /** Connections that end with this member. */
  readonly owned?: readonly LxdServer[];
}

/** Collectors of one cycle share one reading of the resources: it costs LXD 0.3 s. */
const RESOURCES_TTL_MS = 1000;

/**
 * One member, asked at its own address, so that another member's absence cannot delay it; or, where there is only a
 * unix socket, through the daemon behind it.
 */
export class LxdMember implements LxdApi {
  readonly name: string;
  readonly url: string;
  /** Memory of the host as last read; what a limit in percent is a percentage of. */
  memoryTotalBytes: number | undefined;
  readonly #options: MemberOptions;
  #resources: { at: number; promise: Promise<Resources> } | undefined;

  constructor(options: MemberOptions) {
    this.name = options.name;
    this.url = options.url;
    this.#options = options;
  }

  get servers(): readonly LxdServer[] {
    return this.#options.owned ?? [];
  }

  get<T>(path: string, signal: AbortSignal, query: Query = {}): Promise<T> {
    return this.#options.api.get<T>(path, signal, { ...query, target: this.#options.target });
  }

  getText(path: string, signal: AbortSignal, query: Query = {}): Promise<AsyncIterable<Buffer>> {
    return this.#options.api.getText(path, signal, { ...query, target: this.#options.target });
  }

  /** LXD's own Prometheus text: the running instances of this member. */
  metrics(signal: AbortSignal, project?: string): Promise<AsyncIterable<Buffer>> {
    const { api, metricsApi = api, target } = this.#options;
    return metricsApi.getText('/1.0/metrics', signal, { project, target });
  }

  resources(signal: AbortSignal): Promise<Resources> {
    const now = Date.now();
    if (!this.#resources || now - this.#resources.at > RESOURCES_TTL_MS) {
      this.#resources = { at: now, promise: this.get<Resources>('/1.0/resources', signal) };
    }
    return this.#resources.promise;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.servers.map((server) => server.close()));
  }
}
