import { SourceError } from '../../../core/errors.ts';

/** The transaction that no database has: asks for everything. */
export const NO_TRANSACTION = '00000000-0000-0000-0000-000000000000';

export interface MonitorAnswer {
  /** Whether the server knows the transaction that was asked about, so that `updates` is only what came after it. */
  readonly found: boolean;
  readonly transaction: string;
  readonly updates: unknown;
}

/** The result of `monitor_cond_since` (ovsdb-server(7) section 4.1.12). */
export function decodeMonitorAnswer(result: unknown): MonitorAnswer {
  if (!Array.isArray(result) || typeof result[0] !== 'boolean' || typeof result[1] !== 'string')
    throw new SourceError('protocol', 'monitor_cond_since did not answer found, transaction and tables');
  return { found: result[0], transaction: result[1], updates: result[2] };
}
