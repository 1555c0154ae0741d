import { type Clock, clockOffsetSeconds } from '../../../core/clock.ts';
import { codeOf, SourceError } from '../../../core/errors.ts';
import type { Bmc, Chassis, Component, EventLog, Identity, PowerSupply, Traffic } from './hardware.ts';
import { decodeChassisStatus, getChassisStatus } from './ipmi/chassis-status.ts';
import { IpmiClient, type IpmiClientOptions } from './ipmi/client.ts';
import { decodePowerReading, getPowerReading } from './ipmi/dcmi-power.ts';
import { type DeviceId, decodeDeviceId, getDeviceId, manufacturerName } from './ipmi/device-id.ts';
import { type FruInventory, readFru } from './ipmi/fru.ts';
import type { Inventory } from './ipmi/inventory.ts';
import { InventoryCache } from './ipmi/inventory-cache.ts';
import { InventoryPool } from './ipmi/inventory-pool.ts';
import { decodeLinear11, readInputPower, supermicroPsuAddresses } from './ipmi/pmbus.ts';
import type { Ask } from './ipmi/sdr-repository.ts';
import type { Sensor } from './ipmi/sdr-sensor.ts';
import { decodeSelTime, getSelTime } from './ipmi/sel.ts';
import { SelReader } from './ipmi/sel-reader.ts';
import { readSensor, readThresholds, type SensorValue, type Thresholds } from './ipmi/sensor-value.ts';
import { CompletionError } from './ipmi/status.ts';
import { IpmiScan } from './ipmi-scan.ts';
import { isOfComponent, isOfPowerSupply, reportComponent, reportPowerSupply } from './ipmi-sensor.ts';

export interface IpmiBmcOptions extends IpmiClientOptions {
  readonly clock: Clock;
  readonly window: number;
  /** Shared with other BMCs, so that equal boards cost the memory of one. */
  readonly pool?: InventoryPool | undefined;
  readonly assumeBmcOwner?: boolean | undefined;
  readonly ignoreScanningDisabled?: boolean | undefined;
  /** Read the input power of Supermicro's power supplies over PMBus; needs more than USER on most boards. */
  readonly supermicroPmbus?: boolean | undefined;
}

/** How long sensor records and thresholds are believed; a restart of the BMC ends the session, and that ends it too. */
const INVENTORY_AGE_MS = 600_000;
const THRESHOLDS_AGE_MS = 3_600_000;

interface Device {
  readonly session: number;
  readonly id: DeviceId;
  readonly fru: FruInventory | undefined;
}

/** A BMC over IPMI. What it has is read once per session; a cycle then costs one request per sensor and three more. */
export class IpmiBmc implements Bmc {
  readonly protocol = 'ipmi';
  readonly #client: IpmiClient;
  readonly #options: IpmiBmcOptions;
  readonly #pool: InventoryPool;
  readonly #cache: InventoryCache;
  readonly #sel = new SelReader();
  #thresholds = new Map<Sensor, Thresholds>();
  #device: Device | undefined;
  #readingDevice: Promise<Device> | undefined;
  #scanning: Promise<IpmiScan> | undefined;
  #inventory: Inventory | undefined;
  #inventoryAt = { session: 0, time: 0 };
  #thresholdsAt = 0;
  /** Commands that the BMC said it does not have, until it is another session's. */
  #lacksPower = 0;

  constructor(options: IpmiBmcOptions) {
    this.#options = options;
    this.#client = new IpmiClient(options);
    this.#pool = options.pool ?? new InventoryPool();
    this.#cache = new InventoryCache(options.assumeBmcOwner, this.#pool);
  }

  async identity(signal: AbortSignal): Promise<Identity> {
    const { fru, id } = await this.#readDevice(signal);
    return {
      manufacturer: fru?.product?.manufacturer ?? fru?.board?.manufacturer ?? manufacturerName(id),
      product: fru?.product?.product,
      board: fru?.board?.product,
      firmware: id.firmware,
    };
  }

  /** Callers at the same time share one scan. */
  sensors(signal: AbortSignal): Promise<IpmiScan> {
    this.#scanning ??= this.#scan(signal).finally(() => {
      this.#scanning = undefined;
    });
    return this.#scanning;
  }

  async chassis(signal: AbortSignal): Promise<Chassis> {
    const status = decodeChassisStatus(await this.#client.request(getChassisStatus, signal));
    return {
      isPowerOn: status.isPowerOn,
      isIntruded: status.isIntruded,
      faults: {
        power_overload: status.isPowerOverloaded,
        power_interlock: status.isInterlocked,
        power: status.hasPowerFault,
        power_control: status.hasPowerControlFault,
        drive: status.hasDriveFault,
        cooling: status.hasFanFault,
      },
    };
  }

  async powerSupplies(signal: AbortSignal): Promise<PowerSupply[]> {
    const scan = await this.sensors(signal);
    const supplies = scan.reports(isOfPowerSupply).flatMap((sensor) => reportPowerSupply(sensor) ?? []);
    return this.#options.supermicroPmbus ? this.#addInputPower(supplies, signal) : supplies;
  }

  async power(signal: AbortSignal): Promise<number | undefined> {
    const { sessionCount } = this.#client;
    if (this.#lacksPower === sessionCount && sessionCount > 0) return undefined;
    try {
      return decodePowerReading(await this.#client.request(getPowerReading, signal))?.current;
    } catch (error) {
      if (!isNotOffered(error)) throw error;
      this.#lacksPower = this.#client.sessionCount;
      return undefined;
    }
  }

  async eventLog(signal: AbortSignal): Promise<EventLog | undefined> {
    try {
      const { counts, info } = await this.#sel.read(this.#ask(signal));
      return { entries: info.entries, freeBytes: info.freeBytes, ...(counts ? { counts } : {}) };
    } catch (error) {
      if (isNotOffered(error)) return undefined;
      throw error;
    }
  }

  /** IPMI knows drives, memory and processors as discrete sensors only. */
  async components(signal: AbortSignal): Promise<Component[]> {
    const scan = await this.sensors(signal);
    return scan.reports(isOfComponent).flatMap((sensor) => reportComponent(sensor) ?? []);
  }

  async clockOffsetSeconds(signal: AbortSignal): Promise<number | undefined> {
    const { clock } = this.#options;
    const askedAt = clock.now();
    const seconds = decodeSelTime(await this.#client.request(getSelTime, signal));
    return seconds === undefined ? undefined : clockOffsetSeconds(seconds * 1000, askedAt, clock.now());
  }

  traffic(): Traffic {
    const { dropped, retries, sent, sessions } = this.#client.statistics;
    return { requests: sent, retries, sessions, dropped };
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #ask(signal: AbortSignal): Ask {
    return (request) => this.#client.request(request, signal);
  }

  async #readDevice(signal: AbortSignal): Promise<Device> {
    // Without a session that is open nothing shows that the BMC is still there.
    const isKnown = this.#client.isOpen && this.#device?.session === this.#client.sessionCount;
    if (this.#device && isKnown) return this.#device;
    this.#readingDevice ??= this.#identify(signal).finally(() => {
      this.#readingDevice = undefined;
    });
    return this.#readingDevice;
  }

  async #identify(signal: AbortSignal): Promise<Device> {
    const ask = this.#ask(signal);
    const id = decodeDeviceId(await ask(getDeviceId));
    const isSame = this.#device !== undefined && this.#device.id.firmware === id.firmware;
    const fru = isSame ? this.#device?.fru : await unlessDamaged(readFru(ask));
    this.#device = { session: this.#client.sessionCount, id, fru };
    return this.#device;
  }

  async #scan(signal: AbortSignal): Promise<IpmiScan> {
    const inventory = await this.#readInventory(signal);
    const { sensors } = inventory;
    const values = new Array<SensorValue | undefined>(sensors.length).fill(undefined);
    let failed = 0;
    let next = 0;
    const work = async () => {
      while (next < sensors.length) {
        const index = next++;
        try {
          values[index] = await this.#read(sensors[index] as Sensor, signal);
        } catch (error) {
          // One sensor that does not answer is that sensor's loss; a BMC that does not answer is everybody's.
          if (!this.#client.isOpen || signal.aborted || codeOf(error) === 'forbidden') throw error;
          failed++;
        }
      }
    };
    await Promise.all(Array.from({ length: this.#options.window }, work));
    if (failed > 0 && failed === sensors.length) throw new SourceError('unavailable', 'no sensor could be read');
    return new IpmiScan(inventory, values, this.#thresholds, failed);
  }

  async #read(sensor: Sensor, signal: AbortSignal): Promise<SensorValue> {
    const ask = this.#ask(signal);
    if (!this.#thresholds.has(sensor))
      this.#thresholds.set(sensor, this.#pool.thresholds(sensor, await readThresholds(ask, sensor)));
    const { ignoreScanningDisabled } = this.#options;
    return readSensor(ask, sensor, { ignoreScanningDisabled });
  }

  async #readInventory(signal: AbortSignal): Promise<Inventory> {
    const { id } = await this.#readDevice(signal);
    const session = this.#client.sessionCount;
    const now = this.#options.clock.now();
    const { session: seenIn, time } = this.#inventoryAt;
    if (this.#inventory && seenIn === session && now - time < INVENTORY_AGE_MS) return this.#inventory;
    const inventory = await this.#cache.refresh(this.#ask(signal), id);
    if (inventory !== this.#inventory || now - this.#thresholdsAt >= THRESHOLDS_AGE_MS) {
      this.#thresholds = new Map();
      this.#thresholdsAt = now;
    }
    this.#inventory = inventory;
    this.#inventoryAt = { session: this.#client.sessionCount, time: now };
    return inventory;
  }

  async #addInputPower(supplies: readonly PowerSupply[], signal: AbortSignal): Promise<PowerSupply[]> {
    const result = [...supplies];
    for (const [index, address] of supermicroPsuAddresses.entries()) {
      const supply = result[index];
      if (!supply?.isPresent) continue;
      const inputWatts = await this.#readInputPower(address, signal);
      if (inputWatts !== undefined) result[index] = { ...supply, inputWatts };
    }
    return result;
  }

  async #readInputPower(address: number, signal: AbortSignal): Promise<number | undefined> {
    try {
      return decodeLinear11(await this.#client.request(readInputPower(address), signal));
    } catch (error) {
      // A power supply that is not there, or has no PMBus, does not acknowledge its address (81h to 84h).
      if (error instanceof CompletionError && error.code !== 'forbidden') return undefined;
      throw error;
    }
  }
}

/** The BMC has no such thing. A missing right is another matter: the operator can do something about that. */
const isNotOffered = (error: unknown): boolean =>
  error instanceof CompletionError && ['unsupported', 'not_found'].includes(error.code);

async function unlessDamaged(reading: Promise<FruInventory | undefined>): Promise<FruInventory | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'protocol' || codeOf(error) === 'forbidden') return undefined;
    throw error;
  }
}
