import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../../../src/core/errors.ts';
import { decodeChassisStatus } from '../../../../../src/sources/bmc/client/ipmi/chassis-status.ts';
import { decodeCipherSuites } from '../../../../../src/sources/bmc/client/ipmi/cipher-suite.ts';
import { decodePowerReading } from '../../../../../src/sources/bmc/client/ipmi/dcmi-power.ts';
import { decodeDeviceId, manufacturerName } from '../../../../../src/sources/bmc/client/ipmi/device-id.ts';
import { decodeFru } from '../../../../../src/sources/bmc/client/ipmi/fru.ts';
import { decodeResponse, encodeRequest } from '../../../../../src/sources/bmc/client/ipmi/message.ts';
import { decodeOpenSessionResponse } from '../../../../../src/sources/bmc/client/ipmi/open-session.ts';
import { decodeLinear11 } from '../../../../../src/sources/bmc/client/ipmi/pmbus.ts';
import { decodeRakp2, decodeRakp4 } from '../../../../../src/sources/bmc/client/ipmi/rakp.ts';
import { decodeSessionless } from '../../../../../src/sources/bmc/client/ipmi/rmcp.ts';
import { decodeRmcpPlus } from '../../../../../src/sources/bmc/client/ipmi/rmcp-plus.ts';
import { decodeSelEntry, decodeSelInfo, decodeSelTime } from '../../../../../src/sources/bmc/client/ipmi/sel.ts';
import { decodeSensorReading, decodeThresholds } from '../../../../../src/sources/bmc/client/ipmi/sensor-reading.ts';
import { SequenceWindow } from '../../../../../src/sources/bmc/client/ipmi/sequence-window.ts';
import { describeStatus } from '../../../../../src/sources/bmc/client/ipmi/status.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('wrong checksums of a response are not looked at', () => {
  const response = Buffer.from('811c00200401003344', 'hex');
  expect(decodeResponse(response)).toEqual({
    netFn: 7,
    sequence: 1,
    command: 1,
    completionCode: 0,
    data: Buffer.from('33', 'hex'),
  });
});

test('a request has both checksums and its LUN', () => {
  expect(encodeRequest({ netFn: 4, command: 0x2d, data: [0x41], lun: 1 }, 5).toString('hex')).toBe('2011cf81142d41fd');
});

test('device id', () => {
  const device = decodeDeviceId(hex('20 01 03 88 02 bf 7c2a00 6508'));
  expect(device).toMatchObject({
    firmware: '3.88',
    ipmiVersion: '2.0',
    manufacturerId: 10876,
    productId: 0x865,
    hasSdrRepository: true,
    hasSensorDevice: true,
  });
  expect(manufacturerName(device)).toBe('Supermicro');
  expect(manufacturerName({ ...device, manufacturerId: 99_999 })).toBe('99999');
});

test.each([
  ['on and well', '61 00 00 70', { isPowerOn: true, isIntruded: false, hasFanFault: false }],
  ['off', '60 00 00', { isPowerOn: false }],
  [
    'everything wrong',
    '1f 00 0d',
    {
      isPowerOn: true,
      isPowerOverloaded: true,
      isInterlocked: true,
      hasPowerFault: true,
      hasPowerControlFault: true,
      isIntruded: true,
      hasDriveFault: true,
      hasFanFault: true,
    },
  ],
])('chassis status: %s', (_, bytes, status) => {
  expect(decodeChassisStatus(hex(bytes))).toMatchObject(status);
});

describe('DCMI power reading', () => {
  test('in watts', () => {
    expect(decodePowerReading(hex('dc d400 6000 5501 d000 00000000 e8030000 40'))).toEqual({
      current: 212,
      minimum: 96,
      maximum: 341,
      average: 208,
    });
  });
  test('nothing while the BMC does not measure', () => {
    expect(decodePowerReading(hex('dc 0000 0000 0000 0000 00000000 00000000 00'))).toBeUndefined();
  });
  test('another group is refused', () => {
    expect(() => decodePowerReading(Buffer.alloc(18))).toThrow(/not a DCMI answer/);
  });
});

test.each([
  ['a value and crossed thresholds', '5b c0 d8', { isAvailable: true, isScanning: true, raw: 0x5b, states: 0xd8 }],
  ['discrete', '00 c0 0b 80', { isAvailable: true, isScanning: true, raw: 0, states: 0x0b }],
  ['states above 7', '00 c0 00 81', { states: 0x100 }],
  ['unavailable', '00 e0 c0', { isAvailable: false }],
  ['not scanned', '00 80 c0', { isAvailable: true, isScanning: false }],
  ['two bytes only', '2f 40', { raw: 0x2f, states: undefined }],
])('sensor reading: %s', (_, bytes, reading) => {
  expect(decodeSensorReading(hex(bytes))).toMatchObject(reading);
});

test('thresholds: only those that can be read', () => {
  expect(decodeThresholds(hex('1b 01 02 03 04 05 06'))).toEqual({ lnc: 1, lc: 2, unc: 4, uc: 5 });
});

describe('event log', () => {
  test('info', () => {
    expect(decodeSelInfo(hex('51 0900 801f 04030201 08070605 82'))).toEqual({
      entries: 9,
      freeBytes: 0x1f80,
      lastAddition: 0x01020304,
      lastErasure: 0x05060708,
      hasOverflowed: true,
    });
  });
  test.each([
    [
      'an event',
      '0200 0100 02 d2040000 2000 04 08 c9 6f 03 ff ff',
      { kind: 'power_supply', isDeassertion: false, sensorNumber: 0xc9, offset: 3 },
    ],
    ['a deassertion', '0300 0200 02 d2040000 2000 04 05 aa ef 00 ff ff', { isDeassertion: true }],
    ['OEM with time', '0400 0300 c0 d2040000 7c2a00 010203040506', { kind: 'oem' }],
    ['OEM without', 'ffff 0400 e0 7c2a 0102030405060708090a0b', { kind: 'oem' }],
    ['an unknown type', '0200 0100 02 d2040000 2000 04 c5 01 6f 00 ff ff', { kind: 'oem' }],
  ])('%s', (_, bytes, entry) => {
    expect(decodeSelEntry(hex(bytes)).entry).toMatchObject(entry);
  });
});

/** Fills with zeros up to the size, and ends with the byte that makes the sum 0. */
const summed = (bytes: readonly number[], size: number): Buffer => {
  const padded = [...bytes, ...Array.from({ length: size - 1 - bytes.length }, () => 0)];
  return Buffer.from([...padded, 256 - (padded.reduce((a, b) => a + b, 0) % 256)]);
};

describe('FRU', () => {
  const header = summed([1, 0, 0, 1, 5, 0, 0], 8);
  const board = summed([1, 4, 25, 0x5a, 0x9c, 0x0a, ...hex('c54d616b6572 c5426f617264 c2534e c2504e c1')], 32);
  const product = summed([1, 3, 25, ...hex('c54d616b6572 c3426f78 c0 c2763100 c1')], 24);

  test('board and product', () => {
    expect(decodeFru(Buffer.concat([header, board, product]))).toEqual({
      board: { manufacturer: 'Maker', product: 'Board', serial: 'SN', part: 'PN' },
      product: { manufacturer: 'Maker', product: 'Box', version: 'v1' },
    });
  });
  test('a header without its sum is refused', () => {
    expect(() => decodeFru(Buffer.alloc(16))).toThrow(/no valid header/);
  });
  test('an area that is damaged, cut or not there is left out', () => {
    const damaged = Buffer.from(product);
    damaged[9] = 0x7a;
    expect(decodeFru(Buffer.concat([header, board, damaged]))).not.toHaveProperty('product');
    expect(decodeFru(Buffer.concat([header, board, product.subarray(0, 20)]))).not.toHaveProperty('product');
    expect(decodeFru(summed([1, 0, 0, 0, 0, 0, 0], 8))).toEqual({});
  });
});

test.each([
  ['d400', 212],
  ['cd f9', 230.5],
  ['9021', 6400],
  ['ff07', -1],
  ['00', undefined],
])('LINEAR11 %s', (bytes, value) => {
  expect(decodeLinear11(hex(bytes))).toBe(value);
});

describe('cipher suites on offer', () => {
  test.each([
    [
      '3 and 17, strongest first',
      'c0 03 01 41 81 c0 11 03 44 81',
      [
        [3, 4, 1],
        [1, 1, 1],
      ],
    ],
    ['weak ones are left out', 'c0 00 00 40 80 c0 01 01 40 80 c0 02 01 41 80 c0 08 02 42 81', []],
    ['an OEM suite of known algorithms', 'c1 80 7c2a00 03 41 81', [[3, 1, 1]]],
    ['garbage', '01 02 03 ff', []],
    ['cut', 'c0', []],
  ])('%s', (_, bytes, suites) => {
    expect(
      decodeCipherSuites(hex(bytes)).map((suite) => [suite.authentication, suite.integrity, suite.confidentiality]),
    ).toEqual(suites);
  });
});

describe('session sequence window', () => {
  const accept = (...numbers: number[]) => {
    const window = new SequenceWindow();
    return numbers.map((number) => window.accept(number));
  };
  test('takes each number once, in any order', () => {
    expect(accept(1, 2, 2, 4, 3, 3, 4, 5)).toEqual([true, true, false, true, true, false, false, true]);
  });
  test('refuses what is too old or too far ahead', () => {
    expect(accept(100, 84, 83, 115, 131)).toEqual([true, true, false, true, false]);
  });
  test('never takes 0', () => {
    expect(accept(0)).toEqual([false]);
  });
});

test.each([
  [0x01, 'unavailable'],
  [0x0d, 'auth'],
  [0x09, 'forbidden'],
  [0x11, 'unsupported'],
  [0x77, 'protocol'],
])('status %i is %s', (status, code) => {
  expect(describeStatus('RAKP 1', status).code).toBe(code);
});

test.each([
  ['the first second that counts from 1970', '01000020', 0x20000001],
  ['2026-01-01T00:00:00Z', '00b95569', 1_767_225_600],
  ['a clock that was never set counts from the start', '10270000', undefined],
  ['the last second that does', '00000020', undefined],
  ['no time', 'ffffffff', undefined],
])('the time of the event log: %s', (_name, bytes, seconds) => {
  expect(decodeSelTime(hex(bytes))).toBe(seconds);
});

test('decoders of content throw nothing but protocol errors, whatever the bytes', () => {
  const decoders = [
    decodeDeviceId,
    decodeChassisStatus,
    decodePowerReading,
    decodeSensorReading,
    decodeThresholds,
    decodeSelInfo,
    decodeSelEntry,
    decodeSelTime,
    decodeFru,
  ];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(...decoders), (bytes, decode) => {
      try {
        decode(Buffer.from(bytes));
      } catch (error) {
        if (!(error instanceof SourceError) || error.code !== 'protocol') throw error;
      }
    }),
  );
});

test('decoders of datagrams never throw', () => {
  const decoders = [
    decodeSessionless,
    decodeRmcpPlus,
    decodeResponse,
    decodeOpenSessionResponse,
    decodeRakp2,
    decodeRakp4,
    decodeCipherSuites,
    decodeLinear11,
  ];
  const start = fc.constantFrom([], [6, 0, 0xff, 7, 6], [6, 0, 0xff, 7, 0]);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 96 }), fc.constantFrom(...decoders), (head, bytes, decode) => {
      decode(Buffer.from([...head, ...bytes]));
    }),
  );
});

test('a FRU whose sums are right and whose fields are random is decoded', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(255), { minLength: 29, maxLength: 29 }), (bytes) => {
      const fru = Buffer.concat([summed([1, 0, 0, 1, 0, 0, 0], 8), summed([1, 4, ...bytes], 32)]);
      expect(decodeFru(fru)).toHaveProperty('board');
    }),
  );
});
