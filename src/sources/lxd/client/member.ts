import type { Resources } from './api.ts';
import { Memo } from './memo.ts';
import type { Greeting, LxdApi, LxdServer, Query } from './server.ts';

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
  readonly #memo = new Memo();

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

  getText(path: string, signal: AbortSignal, query: Query = {}): Promise<Buffer> {
    return this.#options.api.getText(path, signal, { ...query, target: this.#options.target });
  }

  async greet(signal: AbortSignal, query: Query = {}): Promise<Greeting> {
    const { api, target } = this.#options;
    const greeting = await api.greet(signal, { ...query, target });
    // Another daemon forwards what carries a target, and the time is that one's.
    return target === undefined ? greeting : { ...greeting, clockOffsetSeconds: undefined };
  }

  /** LXD's own Prometheus text: the running instances of this member. */
  metrics(signal: AbortSignal, project?: string): Promise<Buffer> {
    const { api, metricsApi = api, target } = this.#options;
    return metricsApi.getText('/1.0/metrics', signal, { project, target });
  }

  /** Costs LXD 0.3 s and more each time. */
  resources(signal: AbortSignal, maxAgeMs: number): Promise<Resources> {
    return this.#memo.read('resources', maxAgeMs, () => this.get<Resources>('/1.0/resources', signal));
  }

  /** A list with all its objects, as it was `maxAgeMs` ago at most. */
  list<T>(path: string, signal: AbortSignal, maxAgeMs: number): Promise<readonly T[]> {
    return this.#memo.read(path, maxAgeMs, () => this.get<readonly T[]>(path, signal, { recursion: 1 }));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.servers.map((server) => server.close()));
  }
}
