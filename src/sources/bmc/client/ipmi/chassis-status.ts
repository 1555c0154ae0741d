import { SourceError } from '../../../../core/errors.ts';
import { type IpmiRequest, netFns } from './message.ts';

export interface ChassisStatus {
  readonly isPowerOn: boolean;
  readonly isPowerOverloaded: boolean;
  readonly isInterlocked: boolean;
  readonly hasPowerFault: boolean;
  readonly hasPowerControlFault: boolean;
  readonly isIntruded: boolean;
  readonly hasDriveFault: boolean;
  readonly hasFanFault: boolean;
}

export const getChassisStatus: IpmiRequest = { netFn: netFns.chassis, command: 0x01 };

/** Get Chassis Status, response (IPMI 2.0 §28.2): power state, last power event, miscellaneous state. */
export function decodeChassisStatus(data: Buffer): ChassisStatus {
  if (data.length < 3) throw new SourceError('protocol', 'Get Chassis Status: the answer is too short');
  const [power, , misc] = data as unknown as [number, number, number];
  return {
    isPowerOn: (power & 0x01) !== 0,
    isPowerOverloaded: (power & 0x02) !== 0,
    isInterlocked: (power & 0x04) !== 0,
    hasPowerFault: (power & 0x08) !== 0,
    hasPowerControlFault: (power & 0x10) !== 0,
    isIntruded: (misc & 0x01) !== 0,
    hasDriveFault: (misc & 0x04) !== 0,
    hasFanFault: (misc & 0x08) !== 0,
  };
}
