import type { DeviceId } from './device-id.ts';
import type { Inventory } from './inventory.ts';
import { InventoryPool } from './inventory-pool.ts';
import { type Ask, readSdrVersion, SdrReader, type SdrStore } from './sdr-repository.ts';

/**
 * Keeps the sensor records in memory, for as long as their version and the BMC's identity stay the same.
 */
export class InventoryCache {
  readonly #assumeBmcOwner: boolean;
  readonly #pool: InventoryPool;
  #reader: SdrReader | undefined;
  #key = '';
  #inventory: Inventory | undefined;

  /**
   * @param assumeBmcOwner see `decodeInventory`
   * @param pool shared by the caches of many BMCs, it keeps the records of equal boards once
   */
  constructor(assumeBmcOwner = false, pool = new InventoryPool()) {
    this.#assumeBmcOwner = assumeBmcOwner;
    this.#pool = pool;
  }

  /** Asks for the version, and reads everything only if that is another one. */
  async refresh(ask: Ask, device: DeviceId): Promise<Inventory> {
    const store: SdrStore = device.hasSdrRepository || !device.hasSensorDevice ? 'repository' : 'device';
    const version = await readSdrVersion(ask, store);
    const key = [store, version, device.manufacturerId, device.productId, device.firmware].join('/');
    if (this.#inventory && this.#key === key) return this.#inventory;
    this.#reader ??= new SdrReader(store);
    this.#inventory = this.#pool.inventory(await this.#reader.readAll(ask), this.#assumeBmcOwner);
    this.#key = key;
    return this.#inventory;
  }
}
