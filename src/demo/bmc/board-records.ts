import type { Board, BoardEvent, BoardSensor, Scale } from './board.ts';

/** The board's sensor data records in the order of their ids, which begin at 1 (IPMI 2.0 §43). */
export function buildSensorRecords(board: Board): Buffer[] {
  const controller = named([0x20, 0, 0, 0x8f, 0, 0, 0, 7, 1, 0], 'X10DRU-i+');
  const inventory = named([0x20, 0, 0x80, 0, 0, 0x10, 0, 7, 1, 0], 'Builtin FRU');
  const bodies: [type: number, body: number[]][] = [
    [0x12, controller],
    [0x11, inventory],
    ...board.sensors.map((sensor): [number, number[]] =>
      sensor.scale ? [0x01, fullRecord(sensor, sensor.scale)] : [0x02, compactRecord(sensor)],
    ),
  ];
  return bodies.map(([type, body], index) =>
    Buffer.from([(index + 1) & 0xff, (index + 1) >> 8, 0x51, type, body.length, ...body]),
  );
}

const named = (body: number[], name: string): number[] => [...body, 0xc0 | name.length, ...Buffer.from(name, 'latin1')];

function fullRecord(sensor: BoardSensor, scale: Scale): number[] {
  const { b, exponent, limits, m, signed, unit } = scale;
  const [lnr, lc, lnc, unc, uc, unr] = limits.map((limit) => rawOf(scale, limit)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const head = [0x20, 0, sensor.number, sensor.entity, sensor.instance, 0x7f, 0x68, sensor.type, 0x01];
  const masks = [0x95, 0x7a, 0x95, 0x7a, 0x3f, 0x00];
  const conversion = [signed ? 0x80 : 0, unit, 0, 0, m & 0xff, (m >> 2) & 0xc0, b & 0xff, (b >> 2) & 0xc0, 0];
  const span = [(exponent & 0x0f) << 4, 0, 0, 0, 0, signed ? 0x7f : 0xff, signed ? 0x80 : 0];
  return named([...head, ...masks, ...conversion, ...span, unr, uc, unc, lnr, lc, lnc, 2, 2, 0, 0, 0], sensor.name);
}

function compactRecord(sensor: BoardSensor): number[] {
  const head = [0x20, 0, sensor.number, sensor.entity, sensor.instance, 0x63, 0x40, sensor.type, 0x6f];
  const masks = [0xff, 0x00, 0xff, 0x00, 0xff, 0x00];
  return named([...head, ...masks, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], sensor.name);
}

/** The byte that stands for a value. */
export function rawOf({ b, exponent, m }: Scale, value: number): number {
  return Math.round((value / 10 ** exponent - b) / m) & 0xff;
}

/** Reading, flags, states: what Get Sensor Reading answers (§35.14). */
export function buildReading({ scale, value }: BoardSensor): number[] {
  if (value === undefined) return [0x00, 0xa0, 0xc0, 0x00];
  if (!scale) return [0x00, 0xc0, value & 0xff, 0x80 | (value >> 8)];
  const [lnr, lc, lnc, unc, uc, unr] = scale.limits;
  const crossed = [value <= lnc, value <= lc, value <= lnr, value >= unc, value >= uc, value >= unr];
  return [rawOf(scale, value), 0xc0, crossed.reduce((bits, hit, bit) => bits | (hit ? 1 << bit : 0), 0xc0)];
}

/** One record of the event log (§32.1). */
export function buildEventRecord(event: BoardEvent, id: number, seconds: number): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16LE(id, 0);
  record[2] = 0x02;
  record.writeUInt32LE(seconds, 3);
  record.set([0x20, 0x00, 0x04, event.sensorType, event.sensorNumber], 7);
  record.set([event.readingType | (event.deasserted ? 0x80 : 0), ...event.data], 12);
  return record;
}

/** The inventory device: common header, board area, product area, padded to 256 bytes. */
export function buildInventory({ inventory }: Board): Buffer {
  const fields = (texts: readonly string[]) =>
    texts.flatMap((text) => [0xc0 | text.length, ...Buffer.from(text, 'latin1')]);
  const board = area([1, 0, 25, 0x20, 0x5a, 0x9c, ...fields(inventory.board), 0xc0, 0xc1]);
  const product = area([1, 0, 25, ...fields(inventory.product), 0xc0, 0xc0, 0xc1]);
  const header = summed([1, 0, 0, 1, 1 + board.length / 8, 0, 0]);
  const bytes = Buffer.alloc(256);
  bytes.set([...header, ...board, ...product]);
  return bytes;
}

/** Pads to a multiple of eight, notes the length in units of eight, ends with the sum that makes the total 0. */
function area(body: number[]): number[] {
  const padded = [...body];
  while (padded.length % 8 !== 7) padded.push(0);
  padded[1] = (padded.length + 1) / 8;
  return summed(padded);
}

const summed = (bytes: number[]): number[] => [...bytes, -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff];
