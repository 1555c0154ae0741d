import { type IpmiRequest, netFns } from './message.ts';

/** Supermicro's power supplies on the I²C bus behind the BMC: the modules' addresses, 8-bit form. */
export const supermicroPsuAddresses = [0x78, 0x7a] as const;

const MASTER_WRITE_READ = 0x52;
/** Private bus 3 of the BMC, where Supermicro puts the power supplies. */
const PSU_BUS = 0x07;
const READ_PIN = 0x97;

/** Master Write-Read (IPMI 2.0 §22.11) of the input power, PMBus register 97h. */
export const readInputPower = (address: number): IpmiRequest => ({
  netFn: netFns.app,
  command: MASTER_WRITE_READ,
  data: [PSU_BUS, address, 2, READ_PIN],
});

/** LINEAR11 (PMBus 1.3 part II §7.3): five bits of exponent, eleven of mantissa, both signed. */
export function decodeLinear11(data: Buffer): number | undefined {
  if (data.length < 2) return undefined;
  const word = data.readUInt16LE(0);
  const exponent = (word << 16) >> 27;
  const mantissa = (word << 21) >> 21;
  return mantissa * 2 ** exponent;
}
