import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SourceError } from '../../../../../src/core/errors.ts';
import { convertRaw } from '../../../../../src/sources/bmc/client/ipmi/conversion.ts';
import { decodeIdString } from '../../../../../src/sources/bmc/client/ipmi/id-string.ts';
import { decodeSdrRecord } from '../../../../../src/sources/bmc/client/ipmi/sdr-record.ts';
import type { Sensor } from '../../../../../src/sources/bmc/client/ipmi/sdr-sensor.ts';

const dump = readFileSync(new URL('../../fixtures/ipmitool-1.8.19/board.sdr', import.meta.url));

/** `ipmitool sdr dump` writes header and body one after the other, and nothing else. */
function split(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + (bytes[at + 4] as number);
    records.push(bytes.subarray(at, end));
    at = end;
  }
  return records;
}

const sensorsOf = (record: Buffer): readonly Sensor[] => {
  const decoded = decodeSdrRecord(record);
  return decoded.kind === 'sensors' ? decoded.sensors : [];
};

describe('a whole repository', () => {
  const records = split(dump);
  const sensors = records.flatMap(sensorsOf);

  test('has 43 sensors, a controller and a FRU', () => {
    expect(sensors).toHaveLength(43);
    expect(records.map((record) => decodeSdrRecord(record)).slice(0, 2)).toEqual([
      {
        kind: 'mc-locator',
        recordId: 1,
        name: 'X10DRU-i+',
        address: 0x20,
        channel: 0,
        entityId: 7,
        entityInstance: 1,
      },
      {
        kind: 'fru-locator',
        recordId: 2,
        name: 'Builtin FRU',
        address: 0x20,
        fruDeviceId: 0,
        isLogical: true,
        entityId: 7,
        entityInstance: 1,
      },
    ]);
  });

  test('names, numbers and entities are as ipmitool lists them', () => {
    const list = sensors.map(({ entityId, entityInstance, name, number }) => [name, number, entityId, entityInstance]);
    expect(list.slice(0, 3)).toEqual([
      ['CPU1 Temp', 0x01, 3, 1],
      ['CPU2 Temp', 0x02, 3, 2],
      ['System Temp', 0x0b, 7, 1],
    ]);
    expect(list.at(-1)).toEqual(['PS2 Status', 0xc9, 10, 2]);
    expect(new Set(list.map(([, number]) => number)).size).toBe(43);
  });

  test.each([
    ['12V', [10.173, 10.299, 10.74, 12.945, 13.26, 13.386]],
    ['VBAT', [2.376, 2.48, 2.584, 3.494, 3.598, 3.676]],
    ['PCH Temp', [-11, -8, -5, 90, 95, 100]],
    ['FAN5', [300, 500, 700, 25_300, 25_400, 25_500]],
  ])('thresholds of %s are what ipmitool prints', (name, [lnr, lc, lnc, unc, uc, unr]) => {
    const { analog, rawThresholds } = sensors.find((sensor) => sensor.name === name) as Sensor;
    if (!analog || !rawThresholds) throw new Error('not an analogue sensor');
    const values = Object.entries(rawThresholds).map(([key, raw]) => [
      key,
      convertRaw(raw, analog.format, analog.factors, analog.linearization),
    ]);
    expect(Object.fromEntries(values)).toEqual({ lnc, lc, lnr, unc, uc, unr });
  });

  test('every record that is cut short is refused, or has a shorter name', () => {
    for (const record of records)
      for (let length = 0; length < record.length; length++) {
        try {
          expect(decodeSdrRecord(record.subarray(0, length)).kind).not.toBe('other');
        } catch (error) {
          expect(error).toMatchObject({ code: 'protocol' });
        }
      }
  });
});

const compact = (...tail: number[]) =>
  Buffer.from([
    0x2a,
    0x00,
    0x51,
    0x02,
    0x20,
    0x20,
    0x00,
    0x50,
    0x0a,
    0x01,
    0x63,
    0x40,
    0x08,
    0x6f,
    0x0f,
    0x00,
    0x0f,
    0x00,
    0x0f,
    0x00,
    0xc0,
    0x00,
    0x00,
    ...tail,
  ]);

describe('single records', () => {
  test('a shared compact record is several sensors, numbered', () => {
    const record = compact(0x03, 0x81, 0, 0, 0, 0, 0, 0, 0xc2, 0x50, 0x53);
    expect(sensorsOf(record).map(({ entityInstance, name, number }) => [name, number, entityInstance])).toEqual([
      ['PS1', 0x50, 1],
      ['PS2', 0x51, 2],
      ['PS3', 0x52, 3],
    ]);
  });

  test('… or lettered, past Z', () => {
    const record = compact(0x13, 0x19, 0, 0, 0, 0, 0, 0, 0xc2, 0x50, 0x53);
    expect(sensorsOf(record).map(({ name }) => name)).toEqual(['PSZ', 'PSAA', 'PSAB']);
  });

  test('an event-only sensor is not readable', () => {
    const record = Buffer.from([1, 0, 0x51, 3, 14, 0x20, 0, 0x99, 7, 1, 0x0f, 0x6f, 0x01, 0, 0, 0, 0xc2, 0x42, 0x49]);
    expect(decodeSdrRecord(record)).toMatchObject({ kind: 'sensors', isReadable: false, sensors: [{ name: 'BI' }] });
  });

  test('an entity association, as a list and as ranges', () => {
    const list = Buffer.from([1, 0, 0x51, 8, 11, 0x13, 1, 0x00, 0x0a, 1, 0x0a, 2, 0, 0, 0, 0]);
    expect(decodeSdrRecord(list)).toEqual({
      kind: 'entity-association',
      recordId: 1,
      containerId: 0x13,
      containerInstance: 1,
      contained: [
        { id: 10, instance: 1 },
        { id: 10, instance: 2 },
      ],
    });
    const range = Buffer.from([1, 0, 0x51, 8, 11, 0x13, 1, 0x80, 0x20, 1, 0x20, 4, 0, 0, 0, 0]);
    expect(decodeSdrRecord(range)).toMatchObject({ contained: [1, 2, 3, 4].map((instance) => ({ id: 32, instance })) });
  });

  test('a record of another type is passed on by its number', () => {
    expect(decodeSdrRecord(Buffer.from([9, 1, 0x51, 0xc0, 0]))).toEqual({
      kind: 'other',
      recordId: 0x109,
      recordType: 0xc0,
    });
  });

  test('random bytes give a record or a protocol error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(1, 2, 3, 8, 0x11, 0x12), (bytes, type) => {
        if (bytes.length > 3) bytes[3] = type;
        try {
          decodeSdrRecord(Buffer.from(bytes));
        } catch (error) {
          if (!(error instanceof SourceError) || error.code !== 'protocol') throw error;
        }
      }),
    );
  });
});

describe('names', () => {
  test.each([
    ['Latin-1', 3, '5465 6d70 20b0', 'Temp °'],
    ['ends at a NUL', 3, '46414e3100ffff', 'FAN1'],
    ['BCD plus', 1, '12 3a bc de', '123 -.:,'],
    // "IPMI" packed: 29h 30h 2Dh 29h, six bits each, lowest first.
    ['packed 6-bit ASCII', 2, '29dca6', 'IPMI'],
    ['two-byte characters', 0, '4600 4100 4e00', 'FAN'],
    ['control characters', 3, '460a 410d 4e1b', 'FAN'],
    ['nothing', 3, '', ''],
  ])('%s', (_, encoding, hex, name) => {
    expect(decodeIdString(encoding, Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toBe(name);
  });
});

describe('conversion', () => {
  const factors = (m: number, b = 0, bExponent = 0, resultExponent = 0) => ({ m, b, bExponent, resultExponent });
  test.each([
    ['unsigned', 200, 0, factors(1), 0, 200],
    ['two’s complement', 0xf6, 2, factors(1), 0, -10],
    ['one’s complement', 0xf5, 1, factors(1), 0, -10],
    ['one’s complement minus zero', 0xff, 1, factors(1), 0, 0],
    ['exponents', 193, 0, factors(63, 30, 0, -3), 0, 12.189],
    ['B exponent', 10, 0, factors(2, 5, 2, 0), 0, 520],
    ['ln', 1, 0, factors(1), 1, 0],
    ['log10', 100, 0, factors(1), 2, 2],
    ['log2', 8, 0, factors(1), 3, 3],
    ['e to the x', 0, 0, factors(1), 4, 1],
    ['10 to the x', 3, 0, factors(1), 5, 1000],
    ['2 to the x', 5, 0, factors(1), 6, 32],
    ['1/x', 4, 0, factors(1), 7, 0.25],
    ['square', 12, 0, factors(1), 8, 144],
    ['cube', 3, 0, factors(1), 9, 27],
    ['square root', 49, 0, factors(1), 10, 7],
    ['cube root', 27, 0, factors(1), 11, 3],
    ['non-linear', 7, 0, factors(3), 0x70, 21],
    ['1/0', 0, 0, factors(1), 7, undefined],
    ['root of a negative', 0x80, 2, factors(1), 10, undefined],
    ['unknown', 1, 0, factors(1), 0x20, undefined],
  ] as const)('%s', (_, raw, format, f, linearization, value) => {
    const converted = convertRaw(raw, format, f, linearization);
    if (value === undefined) expect(converted).toBeUndefined();
    else expect(converted).toBeCloseTo(value, 10);
  });
});
