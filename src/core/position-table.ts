/** Entries up to which one shard is enough, and the number of shards of a larger table. */
const ONE_SHARD_ENTRIES = 4096;
const SHARDS = 64;

/**
 * A hash table of positions, of a few bytes per entry. A large one consists of shards that grow one by one, because to
 * grow a table of a million places at once would hold the event loop for 50 ms.
 */
export class PositionTable {
  #shards: Shard[] = [new Shard(64)];

  /**
   * Adds a position (a whole number from 0), unless there is one of this hash (32 bits, unsigned) of which `isSame`
   * holds. Returns whether it was added.
   */
  add(hash: number, position: number, isSame: (position: number) => boolean): boolean {
    const [first] = this.#shards as [Shard];
    if (this.#shards.length === 1 && first.size === ONE_SHARD_ENTRIES) this.#split(first);
    return this.#shardOf(hash).add(hash, position, isSame);
  }

  #shardOf(hash: number): Shard {
    // The low bits choose the place within the shard.
    return this.#shards[this.#shards.length === 1 ? 0 : hash >>> 26] as Shard;
  }

  #split(whole: Shard): void {
    this.#shards = Array.from({ length: SHARDS }, () => new Shard((4 * ONE_SHARD_ENTRIES) / SHARDS));
    whole.moveTo((hash) => this.#shardOf(hash));
  }
}

/** Open addressing with linear probing, never more than half full. */
class Shard {
  size = 0;
  /** Pairs of a hash and a position plus one; a position of 0 is a free place. */
  #places: Uint32Array;

  /** @param places a power of two */
  constructor(places: number) {
    this.#places = new Uint32Array(2 * places);
  }

  add(hash: number, position: number, isSame: (position: number) => boolean): boolean {
    const places = this.#places;
    const last = places.length - 1;
    let at = (2 * hash) & last;
    for (let taken = places[at + 1] as number; taken !== 0; taken = places[at + 1] as number) {
      if (places[at] === hash && isSame(taken - 1)) return false;
      at = (at + 2) & last;
    }
    places[at] = hash;
    places[at + 1] = position + 1;
    this.size++;
    if (4 * this.size > places.length) this.#grow();
    return true;
  }

  moveTo(shardOf: (hash: number) => Shard): void {
    const places = this.#places;
    for (let at = 0; at < places.length; at += 2) {
      const hash = places[at] as number;
      const taken = places[at + 1] as number;
      if (taken !== 0) shardOf(hash).add(hash, taken - 1, never);
    }
  }

  #grow(): void {
    const larger = new Shard(this.#places.length);
    this.moveTo(() => larger);
    this.#places = larger.#places;
  }
}

const never = (): boolean => false;
