/** What a caller asks of the BMC: a network function (even), a command and its data (IPMI 2.0 §5). */
export interface IpmiRequest {
  readonly netFn: number;
  readonly command: number;
  readonly data?: Uint8Array | readonly number[];
  /** Logical unit of the responder; sensors may live on another than 0. */
  readonly lun?: number;
}

export interface IpmiResponse {
  /** That of the request plus one. */
  readonly netFn: number;
  /** The requester's sequence number, 0 to 63. */
  readonly sequence: number;
  readonly command: number;
  readonly completionCode: number;
  readonly data: Buffer;
}

export const netFns = { chassis: 0x00, sensor: 0x04, app: 0x06, storage: 0x0a, dcmi: 0x2c } as const;

const BMC_ADDRESS = 0x20;
/** The address remote consoles use (§5.5, software id 40h). */
const CONSOLE_ADDRESS = 0x81;

/**
 * LAN message (§13.8): rsAddr, netFn/rsLUN, checksum, rqAddr, rqSeq/rqLUN, command, data, checksum.
 * @param sequence 0 to 63
 */
export function encodeRequest(request: IpmiRequest, sequence: number): Buffer {
  const data = request.data ?? [];
  const bytes = Buffer.alloc(7 + data.length);
  bytes[0] = BMC_ADDRESS;
  bytes[1] = (request.netFn << 2) | (request.lun ?? 0);
  bytes[2] = checksum(bytes, 0, 2);
  bytes[3] = CONSOLE_ADDRESS;
  bytes[4] = sequence << 2;
  bytes[5] = request.command;
  bytes.set(data, 6);
  bytes[bytes.length - 1] = checksum(bytes, 3, bytes.length - 1);
  return bytes;
}

/**
 * Undefined when it is too short to be a response. The checksums are not looked at: the packet around it is
 * authenticated, and some boards (Supermicro X9SCM-iiF, X9DRi-F) send wrong ones.
 */
export function decodeResponse(bytes: Buffer): IpmiResponse | undefined {
  if (bytes.length < 8) return undefined;
  return {
    netFn: (bytes[1] as number) >> 2,
    sequence: (bytes[4] as number) >> 2,
    command: bytes[5] as number,
    completionCode: bytes[6] as number,
    data: bytes.subarray(7, -1),
  };
}

/** Two's complement of the sum, so that the sum over all and the checksum is 0. */
export function checksum(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += bytes[i] as number;
  return -sum & 0xff;
}
