import type { Maintenance } from '../maintenance.ts';
import type { LxdEvent } from './event.ts';

/** Times in milliseconds since the epoch; what was not seen is missing. */
export interface MemberJournal {
  /** When the evacuation of the present maintenance began. */
  readonly startedAt?: number;
  /** The earliest sign of the present maintenance, where its beginning was not seen. */
  readonly seenAt?: number;
  /** When the last evacuation, restore or healing was done. */
  readonly evacuatedAt?: number;
  readonly restoredAt?: number;
  readonly healedAt?: number;
}

/** What the lists of members and operations said when they were asked. */
export interface Observation {
  /** Milliseconds since the epoch, before they were asked. */
  readonly askedAt: number;
  readonly members: readonly { readonly name: string; readonly evacuated: boolean }[];
  readonly maintenance: readonly Maintenance[];
}

const moments: Readonly<Record<string, 'evacuatedAt' | 'restoredAt' | 'healedAt'>> = {
  'cluster-member-evacuated': 'evacuatedAt',
  'cluster-member-restored': 'restoredAt',
  'cluster-member-healed': 'healedAt',
};

/**
 * What was seen of the members since this process began to look, from events and from lists. Nothing of it outlives the
 * process: it adds to what LXD itself can tell, and is never needed.
 */
export class Journal {
  readonly #counts = new Map<string, number>();
  readonly #members = new Map<string, MemberJournal>();

  /** Events by action. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  get members(): ReadonlyMap<string, MemberJournal> {
    return this.#members;
  }

  take(event: LxdEvent): void {
    if (event.kind === 'lifecycle') {
      const { action, at, member } = event;
      this.#counts.set(action, (this.#counts.get(action) ?? 0) + 1);
      const moment = moments[action];
      if (moment && member !== undefined) this.#note(member, { [moment]: at });
      return;
    }
    const { at, maintenance, succeeded } = event;
    const { kind, member } = maintenance;
    this.#begin(maintenance);
    // When it began is kept until the lists agree that it is over: they may have been asked before.
    if (succeeded) this.#note(member, kind === 'restoring' ? { restoredAt: at } : { evacuatedAt: at });
  }

  /** Puts right what events did not tell: those that were missed, and what was under way before the first one. */
  observe({ askedAt, maintenance, members }: Observation): void {
    for (const one of maintenance) this.#begin(one);
    const busy = new Set(maintenance.map(({ member }) => member));
    for (const { evacuated, name } of members) {
      const { restoredAt = 0, seenAt, startedAt = seenAt } = this.#members.get(name) ?? {};
      // What an event has told meanwhile is newer than the lists.
      const isOver = startedAt !== undefined && startedAt < askedAt && !evacuated && !busy.has(name);
      const isAnother = startedAt !== undefined && startedAt < restoredAt && restoredAt < askedAt && evacuated;
      if (isOver || isAnother) this.#end(name);
      if (evacuated && (startedAt === undefined || isAnother)) this.#note(name, { seenAt: askedAt });
    }
    const known = new Set(members.map(({ name }) => name));
    for (const name of this.#members.keys()) if (!known.has(name)) this.#members.delete(name);
  }

  #begin({ kind, member, startedAt }: Maintenance): void {
    const { seenAt = startedAt } = this.#members.get(member) ?? {};
    this.#note(member, kind === 'evacuating' ? { startedAt } : { seenAt: Math.min(seenAt, startedAt) });
  }

  #end(member: string): void {
    const { seenAt: _seen, startedAt: _started, ...rest } = this.#members.get(member) ?? {};
    this.#members.set(member, rest);
  }

  #note(member: string, news: MemberJournal): void {
    this.#members.set(member, { ...this.#members.get(member), ...news });
  }
}
