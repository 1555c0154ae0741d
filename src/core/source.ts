import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Clock } from './clock.ts';
import type { ErrorCode } from './errors.ts';
import type { Emit, Metric } from './metric.ts';
import type { Stage } from './snapshot.ts';

/** What a source may use of the outside: everything else it gets from its configuration. */
export interface Io {
  readonly log: Logger;
  readonly clock: Clock;
}

export interface CollectInput<Client, Config = unknown> {
  readonly client: Client;
  readonly config: Config;
  /** Aborts when the cycle's time is over. */
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** For families that arrive as text; see `regroupText`. */
  readonly family: Stage['family'];
  readonly log: Logger;
  readonly clock: Clock;
}

/** Maps what a client returns to samples and, as its result, to the part of the facts that it knows. */
export interface Collector<Client, Facts extends object, Config = unknown> {
  /** A plural noun; the key under `collectors:` in the configuration. */
  readonly name: string;
  /** One sentence for the reference. */
  readonly help: string;
  /** On which of the source's targets it runs, where a source has several kinds of them. */
  readonly scope?: string;
  readonly metrics: readonly Metric<string>[];
  /** It tells whether the target answers, and so succeeds when it does not: its success is no sign of life. */
  readonly isWitness?: boolean;
  /**
   * False leaves the collector out: one that the configuration gives nothing to ask would always succeed, and make a dead
   * target look up.
   */
  isNeeded?(config: Config): boolean;
  collect(input: CollectInput<Client, Config>): Promise<Partial<Facts> | undefined>;
}

/** One thing to read, as a source hands it to the core. */
export interface TargetSpec<Client> {
  /** Unique within the source; the value of the label `target`. */
  readonly name: string;
  readonly client: Client;
  /** Only collectors of this scope run. */
  readonly scope?: string;
  /** Shown until a first answer says better; a scrape never waits for it, once it has been answered. */
  readonly background?: boolean;
  /**
   * Where a source has so many targets that they must not all begin at once: resolves when a cycle of this one may begin,
   * to what has to be called at its end. Never rejects.
   */
  admit?(): Promise<() => void>;
}

/** A source that was opened with a configuration. */
export interface OpenSource<Client> {
  /**
   * The targets at this moment. A source that discovers may name more after a cycle of another target; the same spec
   * object is the same target.
   */
  targets(): readonly TargetSpec<Client>[];
  /**
   * Something that is not among the targets, for `/probe`: what was not asked for lately may be forgotten, and the same
   * address and module give the same spec until then.
   * @throws SourceError forbidden for an address that the configuration does not allow, not_found for a module it lacks
   */
  probe?(address: string, module: string): TargetSpec<Client>;
  /**
   * What there is to scrape or to probe, for Prometheus' service discovery.
   * @throws SourceError unavailable while it is not known: Prometheus then keeps what it had
   */
  discover?(): readonly Discovered[];
  /** Ends every connection and timer. */
  close(): Promise<void>;
}

/** What a target says of itself when a person asks. What is missing, its protocol does not tell. */
export interface TargetDescription {
  readonly version?: string | undefined;
  /** How far its clock is ahead of ours; most protocols tell it to the second only. */
  readonly clockOffsetSeconds?: number | undefined;
  /** Addresses of the configuration that do not answer, although the target does by another one. */
  readonly unreached?: readonly UnreachedAddress[];
}

export interface UnreachedAddress {
  readonly address: string;
  readonly code: ErrorCode;
}

export interface DescribeInput<Client> {
  readonly client: Client;
  /** The target's, where targets of several kinds share a client. */
  readonly scope: string | undefined;
  readonly signal: AbortSignal;
}

export interface Discovered {
  /** A host, or a host and its port; IPv6 in brackets. */
  readonly address: string;
  /** How `/probe` reads it, where it does. */
  readonly module?: string;
  readonly member: string;
}

/** What every source takes besides its own keys; durations are in milliseconds. */
export interface TargetSettings {
  readonly min_age: number;
  readonly timeout: number;
  readonly stale_after: number;
  readonly collectors: Readonly<Record<string, boolean | undefined>>;
  /** The member by the name that the source has for its host, for those that the configuration lists. */
  readonly members: ReadonlyMap<string, string>;
}

/** A source's own keys beside those of the settings that stand below them. */
export type SourceSettings = Omit<TargetSettings, 'members'> & Record<string, unknown>;

/** Where a source needs other defaults than the house's, as durations: `{ min_age: '60s' }`. */
export type SettingDefaults = Partial<Record<Exclude<keyof TargetSettings, 'collectors' | 'members'>, string>>;

/** How the configuration calls a source's name of a member, under `members: <member>:`. */
export interface MemberKey {
  readonly key: string;
  readonly help: string;
}

export interface Source<Schema extends z.ZodObject, Client, Facts extends object> {
  /** One word: folder, key in the configuration, metric prefix, rule file, dashboard tag. */
  readonly name: string;
  /** The source's own keys, a `z.strictObject`; the settings above are added to it. */
  readonly configSchema: Schema;
  readonly defaults?: SettingDefaults;
  /** Where the source has names of its own for the hosts that LXD's members are. */
  readonly memberKey?: MemberKey;
  /** Cheap, and does no network I/O. Throws for files that cannot be read. */
  open(config: z.output<Schema> & TargetSettings, io: Io): OpenSource<Client>;
  /** Asked for by a person and never by a scrape, so it may cost requests. Rejects when the target does not answer. */
  describe?(input: DescribeInput<Client>): Promise<TargetDescription>;
  readonly collectors: readonly Collector<Client, Facts, z.output<Schema> & TargetSettings>[];
  /**
   * The text of a target is kept, and only what has changed is rendered in the next cycle. It costs memory for every
   * series, and is for few targets whose collectors emit the same series every time. `family` cannot be used then.
   */
  readonly keepsText?: boolean;
}

/** What the list of sources holds: each was checked with its own types by `defineSource`. */
export type AnySource = Source<z.ZodObject, unknown, object>;

export const defineSource = <S extends z.ZodObject, C, F extends object>(source: Source<S, C, F>): Source<S, C, F> =>
  source;
