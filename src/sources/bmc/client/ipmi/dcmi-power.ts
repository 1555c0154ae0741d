import { SourceError } from '../../../../core/errors.ts';
import { type IpmiRequest, netFns } from './message.ts';

export interface PowerReading {
  /** Watts; the extremes and the average are those of the BMC's own sampling period. */
  readonly current: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly average: number;
}

const DCMI_GROUP = 0xdc;
const SYSTEM_POWER_STATISTICS = 0x01;

export const getPowerReading: IpmiRequest = {
  netFn: netFns.dcmi,
  command: 0x02,
  data: [DCMI_GROUP, SYSTEM_POWER_STATISTICS, 0x00, 0x00],
};

/** Get Power Reading, response (DCMI 1.5 §6.6.1); undefined when the BMC does not measure at the moment. */
export function decodePowerReading(data: Buffer): PowerReading | undefined {
  if (data.length < 18 || data[0] !== DCMI_GROUP)
    throw new SourceError('protocol', 'DCMI Get Power Reading: not a DCMI answer');
  if (((data[17] as number) & 0x40) === 0) return undefined;
  return {
    current: data.readUInt16LE(1),
    minimum: data.readUInt16LE(3),
    maximum: data.readUInt16LE(5),
    average: data.readUInt16LE(7),
  };
}
