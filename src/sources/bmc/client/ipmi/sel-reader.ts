import type { Ask } from './sdr-repository.ts';
import { decodeSelEntry, decodeSelInfo, getSelEntry, getSelInfo, SEL_END, type SelEntry, type SelInfo } from './sel.ts';
import { CompletionError } from './status.ts';

/** Entries that one call reads at most: a full log takes a slow BMC half a minute, so it is spread over calls. */
const ENTRIES_PER_CALL = 64;

export interface SelState {
  readonly info: SelInfo;
  /** Entries seen so far by kind, deassertions left out; undefined until the whole log has been read once. */
  readonly counts?: ReadonlyMap<string, number>;
}

/**
 * Follows the system event log: asks for its state each time, and reads new entries only when it changed. Nothing is
 * ever cleared. When somebody else clears it, the counts stay and go on.
 */
export class SelReader {
  readonly #counts = new Map<string, number>();
  #seen: SelInfo | undefined;
  #erasure = -1;
  #lastId = 0;
  #isComplete = false;

  async read(ask: Ask): Promise<SelState> {
    const info = decodeSelInfo(await ask(getSelInfo));
    if (this.#erasure !== info.lastErasure) this.#lastId = 0;
    this.#erasure = info.lastErasure;
    if (this.#hasChanged(info) && (await this.#readNew(ask, info))) {
      this.#seen = info;
      this.#isComplete = true;
    }
    return { info, ...(this.#isComplete ? { counts: new Map(this.#counts) } : {}) };
  }

  #hasChanged({ entries, lastAddition, lastErasure }: SelInfo): boolean {
    const seen = this.#seen;
    return seen?.entries !== entries || seen.lastAddition !== lastAddition || seen.lastErasure !== lastErasure;
  }

  /** Reads on from the last known entry; whether the end was reached. */
  async #readNew(ask: Ask, { entries }: SelInfo): Promise<boolean> {
    if (entries === 0) return true;
    let id = this.#lastId;
    let isKnown = id !== 0;
    for (let count = 0; count <= ENTRIES_PER_CALL; count++) {
      const answer = await this.#get(ask, id);
      // The last known entry is gone, as in a log that overwrites its oldest: begin anew, and count nothing twice.
      if (!answer) return this.#skipToEnd(ask);
      if (!isKnown) this.#count(answer.entry);
      isKnown = false;
      this.#lastId = answer.entry.recordId;
      if (answer.next === SEL_END || answer.next === id) return true;
      id = answer.next;
    }
    return false;
  }

  async #skipToEnd(ask: Ask): Promise<boolean> {
    this.#lastId = (await this.#get(ask, SEL_END))?.entry.recordId ?? 0;
    return true;
  }

  async #get(ask: Ask, id: number): Promise<ReturnType<typeof decodeSelEntry> | undefined> {
    try {
      return decodeSelEntry(await ask(getSelEntry(id)));
    } catch (error) {
      if (error instanceof CompletionError && error.code === 'not_found') return undefined;
      throw error;
    }
  }

  #count({ isDeassertion, kind }: SelEntry): void {
    if (!isDeassertion) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }
}
