/**
 * What a BMC tells of its server, in one vocabulary whatever the protocol. A property that is missing is unknown: the
 * BMC does not offer it, or the login may not read it.
 */
export interface Bmc {
  readonly protocol: 'ipmi' | 'redfish';
  identity(signal: AbortSignal): Promise<Identity>;
  sensors(signal: AbortSignal): Promise<SensorScan>;
  chassis(signal: AbortSignal): Promise<Chassis>;
  powerSupplies(signal: AbortSignal): Promise<readonly PowerSupply[]>;
  /** Watts that the whole server draws. */
  power(signal: AbortSignal): Promise<number | undefined>;
  eventLog(signal: AbortSignal): Promise<EventLog | undefined>;
  components(signal: AbortSignal): Promise<readonly Component[]>;
  /** How far the BMC's clock is ahead of ours, to the second; undefined where it was never set. */
  clockOffsetSeconds(signal: AbortSignal): Promise<number | undefined>;
  traffic(): Traffic;
  close(): Promise<void>;
}

export interface Identity {
  readonly manufacturer?: string | undefined;
  readonly product?: string | undefined;
  readonly board?: string | undefined;
  readonly firmware?: string | undefined;
}

export const healthStates = ['ok', 'noncritical', 'critical', 'nonrecoverable', 'absent'] as const;
export type HealthState = (typeof healthStates)[number];

export type ThresholdLabel = `${'lower' | 'upper'}_${'noncritical' | 'critical' | 'nonrecoverable'}`;

/** Celsius, RPM, share of full speed, volts, amperes, watts. */
export type Quantity = 'temperature' | 'fan_rpm' | 'fan_ratio' | 'voltage' | 'current' | 'power' | 'other';

export interface SensorReport {
  readonly name: string;
  /** The BMC's number of the sensor; unlike a record's id it stays the same over firmware updates. */
  readonly number: string;
  /** The specification's word for the sensor's type: `temperature`, `fan`, `power_supply`. */
  readonly kind: string;
  readonly quantity?: Quantity;
  /** For quantity `other`. */
  readonly unit?: string;
  readonly value?: number;
  readonly health?: HealthState;
  readonly thresholds: Readonly<Partial<Record<ThresholdLabel, number>>>;
  /** Of a discrete sensor: every state that it can tell, and whether it is in it. */
  readonly states: readonly { readonly name: string; readonly isAsserted: boolean }[];
}

export interface SensorScan {
  readonly sensors: readonly SensorReport[];
  /** Sensors that are not among them, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

export interface Chassis {
  readonly isPowerOn?: boolean;
  readonly isIntruded?: boolean;
  readonly faults: Readonly<Partial<Record<ChassisFault, boolean>>>;
}

type ChassisFault = 'power_overload' | 'power_interlock' | 'power' | 'power_control' | 'drive' | 'cooling';

export interface PowerSupply {
  readonly name: string;
  readonly isPresent?: boolean;
  readonly hasFailed?: boolean;
  readonly isFailurePredicted?: boolean;
  readonly isInputLost?: boolean;
  readonly isInputOutOfRange?: boolean;
  readonly hasConfigurationError?: boolean;
  readonly inputWatts?: number;
  readonly outputWatts?: number;
}

export interface EventLog {
  readonly entries: number;
  readonly freeBytes?: number;
  /** Entries since the log was first seen, by kind; missing until all of them have been read. */
  readonly counts?: ReadonlyMap<string, number>;
}

export type ComponentKind = 'drive' | 'memory' | 'processor' | 'system';
export const componentHealthStates = ['ok', 'warning', 'critical', 'absent'] as const;
export type ComponentHealth = (typeof componentHealthStates)[number];

export interface Component {
  readonly kind: ComponentKind;
  readonly name: string;
  readonly health: ComponentHealth;
  /** Drives: share of the rated life that is left. */
  readonly lifeLeftRatio?: number;
}

/** Counts since the start. */
export interface Traffic {
  readonly requests: number;
  readonly retries: number;
  readonly sessions: number;
  /** Datagrams thrown away, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}
