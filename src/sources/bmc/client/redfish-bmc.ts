import { type Clock, clockOffsetSeconds } from '../../../core/clock.ts';
import type { Bmc, Chassis, Component, EventLog, Identity, PowerSupply, SensorScan, Traffic } from './hardware.ts';
import { readComponents } from './redfish/components.ts';
import { RedfishConnection, type RedfishOptions } from './redfish/connection.ts';
import { countLogEntries } from './redfish/event-log.ts';
import { reportPower, reportPowerSupplies } from './redfish/power.ts';
import { objectOf, pathOf, textOf } from './redfish/resource.ts';
import { reportSensors } from './redfish/sensors.ts';
import { type RedfishTree, walk } from './redfish/walk.ts';

export interface RedfishBmcOptions extends RedfishOptions {
  readonly clock: Clock;
}

/** Modules, processors, drives and the log cost a request each, and a BMC takes its time over every one. */
const SLOW_AGE_MS = 300_000;

/** A BMC over Redfish. Everything that is asked at the same time shares one walk. */
export class RedfishBmc implements Bmc {
  readonly protocol = 'redfish';
  readonly #connection: RedfishConnection;
  readonly #components: Aged<Component[]>;
  readonly #entries: Aged<number | undefined>;
  readonly #clock: Clock;
  #walking: Promise<RedfishTree> | undefined;

  constructor(options: RedfishBmcOptions) {
    this.#clock = options.clock;
    this.#connection = new RedfishConnection(options);
    this.#components = new Aged(options.clock);
    this.#entries = new Aged(options.clock);
  }

  async identity(signal: AbortSignal): Promise<Identity> {
    const { managers, systems } = await this.#tree(signal);
    const [system = {}] = systems;
    return {
      manufacturer: textOf(system, 'Manufacturer'),
      product: textOf(system, 'Model', 'SKU'),
      firmware: managers.map((manager) => textOf(manager, 'FirmwareVersion')).find((version) => version !== undefined),
    };
  }

  async sensors(signal: AbortSignal): Promise<SensorScan> {
    return { sensors: reportSensors((await this.#tree(signal)).chassis), skipped: {} };
  }

  async chassis(signal: AbortSignal): Promise<Chassis> {
    const { chassis, systems } = await this.#tree(signal);
    const power = systems.map((system) => textOf(system, 'PowerState')).find((state) => state !== undefined);
    const intrusion = chassis
      .map((tree) => textOf(objectOf(tree.chassis, 'PhysicalSecurity'), 'IntrusionSensor'))
      .find((state) => state !== undefined);
    return {
      ...(power === undefined ? {} : { isPowerOn: power === 'On' || power === 'PoweringOff' }),
      ...(intrusion === undefined ? {} : { isIntruded: intrusion !== 'Normal' }),
      faults: {},
    };
  }

  async powerSupplies(signal: AbortSignal): Promise<PowerSupply[]> {
    return reportPowerSupplies(await this.#tree(signal));
  }

  async power(signal: AbortSignal): Promise<number | undefined> {
    return reportPower(await this.#tree(signal));
  }

  async eventLog(signal: AbortSignal): Promise<EventLog | undefined> {
    const { managers, systems } = await this.#tree(signal);
    const owners = [...managers, ...systems];
    const entries = await this.#entries.get(() => countLogEntries(this.#connection, owners, signal));
    return entries === undefined ? undefined : { entries };
  }

  async components(signal: AbortSignal): Promise<Component[]> {
    const { systems } = await this.#tree(signal);
    return this.#components.get(() => readComponents(this.#connection, systems, signal));
  }

  /** The manager is read once more by itself: a walk takes too long to know when in it the time was told. */
  async clockOffsetSeconds(signal: AbortSignal): Promise<number | undefined> {
    const { managers } = await this.#tree(signal);
    const path = managers.map(pathOf).find((one) => one !== undefined);
    if (path === undefined) return undefined;
    const askedAt = this.#clock.now();
    const manager = await this.#connection.get(path, signal);
    const told = Date.parse((manager && textOf(manager, 'DateTime')) ?? '');
    return clockOffsetSeconds(told, askedAt, this.#clock.now());
  }

  traffic(): Traffic {
    const { requests, sessions } = this.#connection;
    return { requests, retries: 0, sessions, dropped: {} };
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #tree(signal: AbortSignal): Promise<RedfishTree> {
    this.#walking ??= walk(this.#connection, signal).finally(() => {
      this.#walking = undefined;
    });
    return this.#walking;
  }
}

/** A result that is used again until it is five minutes old. */
class Aged<T> {
  readonly #clock: Clock;
  #value: { readonly result: T; readonly at: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(read: () => Promise<T>): Promise<T> {
    const now = this.#clock.now();
    if (!this.#value || now - this.#value.at >= SLOW_AGE_MS) this.#value = { result: await read(), at: now };
    return this.#value.result;
  }
}
