import { SourceError } from '../../../../core/errors.ts';
import { type ThresholdName, thresholdNames } from './sdr-sensor.ts';

export interface RawReading {
  /** False: the sensor is switched off, or has nothing to say at the moment. `raw` and `states` mean nothing then. */
  readonly isAvailable: boolean;
  readonly isScanning: boolean;
  readonly raw: number;
  /** Threshold sensors: bits in the order of `thresholdNames`. Discrete: bit n is offset n. Undefined: not sent. */
  readonly states: number | undefined;
}

/** Get Sensor Reading, response (IPMI 2.0 §35.14): two to four bytes. */
export function decodeSensorReading(data: Buffer): RawReading {
  if (data.length < 2) throw new SourceError('protocol', 'Get Sensor Reading: the answer is too short');
  const [raw, flags, low, high] = data as unknown as [number, number, number | undefined, number | undefined];
  const isScanning = (flags & 0x40) !== 0;
  return {
    isAvailable: (flags & 0x20) === 0,
    isScanning,
    raw,
    states: low === undefined ? undefined : low | (((high ?? 0) & 0x7f) << 8),
  };
}

/** Get Sensor Thresholds, response (§35.9): which can be read, then one raw byte each. */
export function decodeThresholds(data: Buffer): Partial<Record<ThresholdName, number>> {
  if (data.length < 7) throw new SourceError('protocol', 'Get Sensor Thresholds: the answer is too short');
  const mask = data[0] as number;
  return Object.fromEntries(
    thresholdNames.flatMap((name, bit) => ((mask >> bit) & 1 ? [[name, data[1 + bit] as number]] : [])),
  );
}
