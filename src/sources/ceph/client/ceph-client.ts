import { setMaxListeners } from 'node:events';
import type { Clock } from '../../../core/clock.ts';
import { codeOf, type ErrorCode } from '../../../core/errors.ts';
import { askAdminSocket } from './admin-socket/connection.ts';
import { listOsdSockets } from './admin-socket/osd-sockets.ts';
import { decodePerfDump } from './admin-socket/perf-dump.ts';
import { type ActiveManager, type Freshness, FreshnessJudge } from './freshness.ts';
import { type Cluster, countCollections, countCommits, decodeCluster, isDecoded } from './manager/cluster.ts';
import { HttpTextClient } from './manager/http-text.ts';
import { askManagers, type ManagerAnswer, metricsUrl } from './manager/managers.ts';
import { PERF_COUNTER_FAMILY } from './manager/osds.ts';
import { parseSamples, type Sample, type Samples } from './manager/samples.ts';
import { type Monitor, type MonitorAnswer, probeMonitors } from './monitor/probe.ts';

export interface CephClientOptions {
  /** Base URLs. */
  readonly managers: readonly string[];
  readonly exporters: readonly string[];
  readonly monitors: readonly Monitor[];
  /** Folder of the admin sockets of this host. */
  readonly adminSockets: string | undefined;
  readonly frozenAfterMs: number;
  readonly staleAfterMs: number;
  /** Upper bound of a cycle. */
  readonly timeoutMs: number;
}

/** The pages of a cluster, as one manager and, since Reef, one ceph-exporter per host have served them. */
export interface Pages {
  readonly bodies: readonly Buffer[];
  readonly cluster: Cluster;
}

/** What one cycle has found out. */
export interface Reading {
  readonly managers: readonly ManagerAnswer[];
  readonly monitors: readonly MonitorAnswer[];
  /** The exporters that were asked: what went wrong with each, or undefined. */
  readonly exporters: ReadonlyMap<string, ErrorCode | undefined>;
  readonly freshness: Freshness;
  /** Undefined when there was never a page, or when it is too old to be shown. */
  readonly pages: Pages | undefined;
  /** The newest page there was, however old: for names, which do not change. */
  readonly lastCluster: Cluster | undefined;
}

/** A manager gets this part of the cycle's time, so that one that hangs does not take the cycle with it. */
const PART_FOR_HTTP = 2 / 3;

/** Reads a cluster through all of its managers and monitors at once. Keeps the last page, and nothing else. */
export class CephClient {
  readonly #options: CephClientOptions;
  readonly #clock: Clock;
  readonly #http = new HttpTextClient();
  readonly #judge: FreshnessJudge;
  /** Collectors of one cycle share its signal, and with it one reading. */
  readonly #readings = new WeakMap<AbortSignal, Promise<Reading>>();
  #last: { readonly manager: string; readonly pages: Pages } | undefined;

  constructor(options: CephClientOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#judge = new FreshnessJudge(options.frozenAfterMs);
  }

  /** Calls with the same signal get the same reading. Silence is an answer as well: rejects only for a fault. */
  read(signal: AbortSignal): Promise<Reading> {
    let reading = this.#readings.get(signal);
    if (!reading) {
      reading = this.#read(signal);
      this.#readings.set(signal, reading);
    }
    return reading;
  }

  /** Asks every OSD whose admin socket is on this host; one that does not answer is left out. By the OSD's number. */
  async askOsds(command: string, signal: AbortSignal): Promise<ReadonlyMap<string, unknown>> {
    const { adminSockets } = this.#options;
    const sockets = adminSockets === undefined ? new Map<string, string>() : await listOsdSockets(adminSockets);
    const answers = await Promise.all(
      [...sockets].map(async ([osd, path]) => {
        const answer = await askAdminSocket(path, command, signal).catch(() => undefined);
        return answer === undefined ? [] : [[osd, answer] as const];
      }),
    );
    return new Map(answers.flat());
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #read(signal: AbortSignal): Promise<Reading> {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(Math.floor(this.#options.timeoutMs * PART_FOR_HTTP))]);
    setMaxListeners(0, soon);
    const [managers, monitors] = await Promise.all([
      askManagers(this.#options.managers, this.#http.fetch, soon),
      probeMonitors(this.#options.monitors, signal),
    ]);
    const active = this.#chooseActive(managers);
    let counters: Omit<ActiveManager, 'manager'> = { collections: undefined, commits: undefined };
    let exporters: Reading['exporters'] = new Map();
    if (active) {
      const samples = await parseSamples(active.body, isDecoded);
      const perf = await this.#readPerfCounters(samples, soon);
      exporters = perf.exporters;
      const merged = mergeSamples([samples, ...perf.samples]);
      const cluster = decodeCluster(merged);
      counters = { collections: countCollections(samples), commits: countCommits(merged) };
      this.#last = { manager: active.manager, pages: { bodies: [active.body, ...perf.bodies], cluster } };
    }
    const freshness = this.#judge.judge({
      nowMs: this.#clock.now(),
      active: active && { manager: active.manager, ...counters },
      asked: monitors.length,
      reachable: monitors.filter(({ reachable }) => reachable.includes(true)).length,
      known: this.#last?.pages.cluster.daemons.mons.length,
    });
    const lastCluster = this.#last?.pages.cluster;
    return { managers, monitors, exporters, freshness, pages: this.#pagesToShow(freshness), lastCluster };
  }

  /** During a failover two may serve pages: the one that was active until now has not yet heard. */
  #chooseActive(managers: readonly ManagerAnswer[]) {
    const active = managers.filter((answer) => answer.state === 'active');
    return active.find(({ manager }) => manager !== this.#last?.manager) ?? active[0];
  }

  #pagesToShow({ freshAtMs }: Freshness): Pages | undefined {
    const isTooOld = freshAtMs === undefined || this.#clock.now() - freshAtMs >= this.#options.staleAfterMs;
    return isTooOld ? undefined : this.#last?.pages;
  }

  /** Where the manager's page has no performance counters: the exporters' pages, then the admin sockets of this host. */
  async #readPerfCounters(page: Samples, signal: AbortSignal) {
    if (page.has(PERF_COUNTER_FAMILY)) return { exporters: new Map<string, undefined>(), bodies: [], samples: [] };
    const answers = await Promise.all(this.#options.exporters.map((url) => this.#readExporter(url, signal)));
    const pages = answers.flatMap(({ page }) => (page ? [page] : []));
    const samples = await Promise.all(pages.map((body) => parseSamples(body, isDecoded)));
    if (!samples.some((each) => each.has(PERF_COUNTER_FAMILY))) samples.push(await this.#readPerfDumps(signal));
    return { exporters: new Map(answers.map(({ url, code }) => [url, code])), bodies: pages, samples };
  }

  async #readExporter(url: string, signal: AbortSignal): Promise<{ url: string; page?: Buffer; code?: ErrorCode }> {
    try {
      const { status, body } = await this.#http.fetch(metricsUrl(url), signal);
      return status === 200 ? { url, page: body } : { url, code: 'unavailable' };
    } catch (error) {
      return { url, code: codeOf(error) };
    }
  }

  async #readPerfDumps(signal: AbortSignal): Promise<Samples> {
    const dumps = await this.askOsds('perf dump', signal).catch(() => new Map<string, unknown>());
    const samples = new Map<string, Sample[]>();
    for (const [osd, dump] of dumps) {
      for (const [family, sample] of decodePerfDump(osd, dump)) {
        samples.set(family, [...(samples.get(family) ?? []), sample]);
      }
    }
    return samples;
  }
}

function mergeSamples(pages: readonly Samples[]): Samples {
  const [first, ...others] = pages as readonly [Samples, ...Samples[]];
  if (others.length === 0) return first;
  const merged = new Map(first);
  for (const page of others) {
    for (const [family, samples] of page) merged.set(family, [...(merged.get(family) ?? []), ...samples]);
  }
  return merged;
}
