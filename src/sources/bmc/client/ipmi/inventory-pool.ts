import { createHash } from 'node:crypto';
import { decodeInventory, type Inventory } from './inventory.ts';
import { type Sensor, thresholdNames } from './sdr-sensor.ts';
import type { Thresholds } from './sensor-value.ts';

/** Sets of thresholds that are remembered per sensor: boards of one model have the same, but for some odd ones. */
const SETS_PER_SENSOR = 8;

/**
 * Boards of one model have the same sensor records, byte by byte, and mostly the same thresholds. They are decoded once
 * and shared by all of them, for as long as one of them needs them.
 */
export class InventoryPool {
  readonly #inventories = new Map<string, WeakRef<Inventory>>();
  readonly #thresholds = new WeakMap<Sensor, readonly Thresholds[]>();

  /** What the records say; the same records give the same object. */
  inventory(records: readonly Buffer[], assumeBmcOwner: boolean): Inventory {
    const key = digest(records, assumeBmcOwner);
    const known = this.#inventories.get(key)?.deref();
    if (known) return known;
    for (const [old, reference] of this.#inventories) if (!reference.deref()) this.#inventories.delete(old);
    const inventory = decodeInventory(records, assumeBmcOwner);
    this.#inventories.set(key, new WeakRef(inventory));
    return inventory;
  }

  /** An equal set of thresholds of the same sensor, if there is one, so that this one need not be kept. */
  thresholds(sensor: Sensor, read: Thresholds): Thresholds {
    const known = this.#thresholds.get(sensor) ?? [];
    const same = known.find((set) => thresholdNames.every((name) => set[name] === read[name]));
    if (same) return same;
    this.#thresholds.set(sensor, [...known.slice(1 - SETS_PER_SENSOR), read]);
    return read;
  }
}

function digest(records: readonly Buffer[], assumeBmcOwner: boolean): string {
  const hash = createHash('sha256').update(String(assumeBmcOwner));
  for (const record of records) hash.update(`/${record.length}/`).update(record);
  return hash.digest('base64');
}
