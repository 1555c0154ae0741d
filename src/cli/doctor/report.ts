import type { ErrorCode } from '../../core/errors.ts';
import type { Join } from '../../insights/joins/misses.ts';
import type { NextFailure } from '../../insights/next-failure/next-failure.ts';

/** What `doctor` found out. This is the answer of `--json` as it is: names and meanings stay. Null is unknown. */
export interface Report {
  readonly version: string;
  /** Whether all is reached, read and joined; the exit code is 0 then. */
  readonly ok: boolean;
  readonly targets: readonly TargetReport[];
  readonly missing: readonly Missing[];
  readonly joins: readonly Join[];
  readonly next_failure: NextFailure;
}

export interface TargetReport {
  readonly source: string;
  readonly target: string;
  readonly reached: boolean;
  /** Why it is not reached. */
  readonly code: ErrorCode | null;
  readonly reason: string | null;
  /** Of the system; of a BMC its firmware's. */
  readonly version: string | null;
  /** How far its clock is ahead of ours, in whole seconds: most protocols tell no more. */
  readonly clock_offset_seconds: number | null;
  readonly took_seconds: number | null;
  /** Addresses of the configuration that do not answer, although the target does by another one. */
  readonly unreached_addresses: readonly { readonly address: string; readonly code: ErrorCode }[];
}

/** What could not be read of targets that are reached, by collector and reason. */
export interface Missing {
  /** `insights` for what rackwatch itself could not derive. */
  readonly source: string;
  readonly targets: readonly string[];
  readonly collector: string;
  /** `forbidden` and `auth` are rights, `unsupported` is the system's version, the rest may pass. */
  readonly code: ErrorCode;
  readonly reason: string;
  /** What the collector would give. */
  readonly lost: string;
}

/** What the next failure would break is no fault yet: it does not count. */
export const isWell = ({ joins, missing, targets }: Omit<Report, 'ok'>): boolean =>
  targets.every(({ reached, unreached_addresses }) => reached && unreached_addresses.length === 0) &&
  missing.length === 0 &&
  joins.every(({ missed }) => missed === 0);
