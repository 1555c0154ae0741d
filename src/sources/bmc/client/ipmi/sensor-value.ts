import { SourceError } from '../../../../core/errors.ts';
import { convertRaw, decodeFactors, isNonLinear } from './conversion.ts';
import { netFns } from './message.ts';
import type { Ask } from './sdr-repository.ts';
import type { Sensor, ThresholdName } from './sdr-sensor.ts';
import { decodeSensorReading, decodeThresholds } from './sensor-reading.ts';
import { CompletionError, completionCodes } from './status.ts';

export interface SensorValue {
  /** False when the sensor has no reading: nothing is plugged in, or it is switched off. */
  readonly isAvailable: boolean;
  /** In the sensor's unit; only for analogue sensors. */
  readonly value?: number;
  /** Threshold sensors: crossed thresholds in the order of `thresholdNames`. Discrete ones: bit n is offset n. */
  readonly states?: number;
}

export type Thresholds = Readonly<Partial<Record<ThresholdName, number>>>;

export interface ReadOptions {
  /** Trust a reading although the BMC says that it does not scan the sensor (Dell R410, R610; HP rx3600). */
  readonly ignoreScanningDisabled?: boolean | undefined;
}

const GET_FACTORS = 0x23;
const GET_THRESHOLDS = 0x27;
const GET_READING = 0x2d;
const THRESHOLD = 0x01;
/** The BMC knows the sensor and has nothing to say about it. */
const isAbsence: ReadonlySet<number> = new Set([
  completionCodes.notPresent,
  completionCodes.illegalForSensor,
  completionCodes.notInThisState,
]);

export const isThresholdSensor = ({ eventReadingType }: Sensor): boolean => eventReadingType === THRESHOLD;

/** Get Sensor Reading (IPMI 2.0 §35.14), converted. */
export async function readSensor(ask: Ask, sensor: Sensor, options: ReadOptions = {}): Promise<SensorValue> {
  const data = await unlessAbsent(ask(request(sensor, GET_READING)));
  if (!data) return { isAvailable: false };
  const { isAvailable, isScanning, raw, states } = decodeSensorReading(data);
  if (!isAvailable || (!isScanning && !options.ignoreScanningDisabled)) return { isAvailable: false };
  const value = await convert(ask, sensor, raw);
  const shown = states !== undefined && isThresholdSensor(sensor) ? states & 0x3f : states;
  // Written out: an object that others are spread into has a hidden class of its own in V8.
  if (value === undefined) return shown === undefined ? { isAvailable: true } : { isAvailable: true, states: shown };
  return shown === undefined ? { isAvailable: true, value } : { isAvailable: true, value, states: shown };
}

/**
 * Get Sensor Thresholds (§35.9), converted. Where the sensor has none to tell, those of its record that are marked as
 * readable.
 */
export async function readThresholds(ask: Ask, sensor: Sensor): Promise<Thresholds> {
  if (!isThresholdSensor(sensor) || !sensor.analog || (sensor.readableMask & 0x3f) === 0) return {};
  const raw = await readRawThresholds(ask, sensor);
  const entries: [string, number][] = [];
  for (const [name, byte] of Object.entries(raw)) {
    const value = await convert(ask, sensor, byte);
    if (value !== undefined) entries.push([name, value]);
  }
  return Object.fromEntries(entries);
}

async function readRawThresholds(ask: Ask, sensor: Sensor): Promise<Thresholds> {
  try {
    return decodeThresholds(await ask(request(sensor, GET_THRESHOLDS)));
  } catch (error) {
    if (!(error instanceof CompletionError)) throw error;
    const own = Object.entries(sensor.rawThresholds ?? {});
    return Object.fromEntries(own.filter((_, index) => (sensor.readableMask >> index) & 1));
  }
}

/**
 * An analogue value also for a discrete sensor whose record has a unit and a slope: HP's DL380 G7 has such.
 * Undefined for discrete sensors.
 */
async function convert(ask: Ask, sensor: Sensor, raw: number): Promise<number | undefined> {
  const { analog } = sensor;
  if (!analog) return undefined;
  if (!isThresholdSensor(sensor) && (analog.baseUnit === 0 || analog.factors.m === 0)) return undefined;
  const { format, linearization } = analog;
  if (!isNonLinear(linearization)) return convertRaw(raw, format, analog.factors, linearization);
  const data = await ask(request(sensor, GET_FACTORS, raw));
  if (data.length < 7) throw new SourceError('protocol', 'Get Sensor Reading Factors: the answer is too short');
  return convertRaw(raw, format, decodeFactors(data.subarray(1, 7)), linearization);
}

const request = ({ lun, number }: Sensor, command: number, ...more: number[]) => ({
  netFn: netFns.sensor,
  command,
  lun,
  data: [number, ...more],
});

async function unlessAbsent(answer: Promise<Buffer>): Promise<Buffer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CompletionError && isAbsence.has(error.completionCode)) return undefined;
    throw error;
  }
}
