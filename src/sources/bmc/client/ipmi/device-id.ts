import { SourceError } from '../../../../core/errors.ts';
import { type IpmiRequest, netFns } from './message.ts';

export interface DeviceId {
  readonly deviceId: number;
  /** `3.88`: major in binary, minor in BCD. */
  readonly firmware: string;
  readonly ipmiVersion: string;
  /** IANA enterprise number. */
  readonly manufacturerId: number;
  readonly productId: number;
  readonly hasSensorDevice: boolean;
  readonly hasSdrRepository: boolean;
  readonly hasSel: boolean;
  readonly hasFruInventory: boolean;
  readonly hasChassis: boolean;
}

export const getDeviceId: IpmiRequest = { netFn: netFns.app, command: 0x01 };

/** Get Device ID, response (IPMI 2.0 §20.1). */
export function decodeDeviceId(data: Buffer): DeviceId {
  if (data.length < 11) throw new SourceError('protocol', 'Get Device ID: the answer is too short');
  const support = data[5] as number;
  const version = data[4] as number;
  return {
    deviceId: data[0] as number,
    firmware: `${(data[2] as number) & 0x7f}.${(data[3] as number).toString(16).padStart(2, '0')}`,
    ipmiVersion: `${version & 0x0f}.${version >> 4}`,
    manufacturerId: data.readUIntLE(6, 3) & 0x0f_ffff,
    productId: data.readUInt16LE(9),
    hasSensorDevice: (support & 0x01) !== 0,
    hasSdrRepository: (support & 0x02) !== 0,
    hasSel: (support & 0x04) !== 0,
    hasFruInventory: (support & 0x08) !== 0,
    hasChassis: (support & 0x80) !== 0,
  };
}

/** Enterprise numbers of those who make servers (https://www.iana.org/assignments/enterprise-numbers). */
const manufacturers: Readonly<Record<number, string>> = {
  2: 'IBM',
  11: 'HP',
  343: 'Intel',
  674: 'Dell',
  5771: 'Cisco',
  7244: 'Quanta',
  10368: 'Fujitsu',
  10876: 'Supermicro',
  15370: 'Gigabyte',
  19046: 'Lenovo',
  2011: 'Huawei',
  37945: 'Inspur',
  47196: 'HPE',
};

/** The maker's name, or the number where we do not know it. */
export const manufacturerName = ({ manufacturerId }: DeviceId): string =>
  manufacturers[manufacturerId] ?? String(manufacturerId);
