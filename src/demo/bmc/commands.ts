import type { Board } from './board.ts';
import { buildEventRecord, buildInventory, buildReading, buildSensorRecords, rawOf } from './board-records.ts';

/** Runs one command: completion code and data. `privilege` is the session's: 2 USER, 4 ADMINISTRATOR. */
export type RunCommand = (netFn: number, command: number, data: Buffer, privilege: number) => number[];

const USER = 2;
const ADMINISTRATOR = 4;
const DENIED = [0xd4];
const UNKNOWN = [0xc1];
const NOT_PRESENT = [0xcb];
/** X10 firmware sends sensor data records in pieces. */
const MAX_PIECE = 36;
const EVENT_SPACE = 512;

interface Context {
  readonly board: Board;
  readonly records: readonly Buffer[];
  readonly inventory: Buffer;
  readonly started: number;
  reservation: number;
}

interface Command {
  readonly privilege: number;
  run(context: Context, data: Buffer): number[];
}

/** The commands that a monitor sends, answered for one board. */
export function createCommands(board: Board): RunCommand {
  const context: Context = {
    board,
    records: buildSensorRecords(board),
    inventory: buildInventory(board),
    started: 1_760_000_000,
    reservation: 0,
  };
  return (netFn, command, data, privilege) => {
    const known = commands[(netFn << 8) | command];
    if (!known) return UNKNOWN;
    return privilege < known.privilege ? DENIED : known.run(context, data);
  };
}

const u16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];

const commands: Readonly<Record<number, Command>> = {
  // Get Device ID: firmware 3.88, IPMI 2.0, Supermicro (10876), product 0865h.
  1537: {
    privilege: USER,
    run: () => [0, 0x20, 0x01, 0x03, 0x88, 0x02, 0xbf, 0x7c, 0x2a, 0x00, 0x65, 0x08, 0, 0, 0, 0],
  },
  1595: { privilege: USER, run: (_, data) => [0, data[0] ?? 0] },
  // Master Write-Read: the power supplies behind the private bus, READ_PIN in watts as LINEAR11.
  1618: { privilege: ADMINISTRATOR, run: readPowerSupply },
  1: {
    privilege: USER,
    run: ({ board }) => [0, board.powerOn ? 0x61 : 0x60, 0x00, chassisBits(board), 0x70],
  },
  1063: { privilege: USER, run: readLimits },
  1069: { privilege: USER, run: readSensor },
  2576: { privilege: USER, run: ({ inventory }) => [0, ...u16(inventory.length), 0] },
  2577: { privilege: USER, run: readInventory },
  2592: {
    privilege: USER,
    run: ({ records, started }) => [
      0,
      0x51,
      ...u16(records.length),
      ...u16(0x1000),
      ...u32(started),
      ...u32(started),
      0x02,
    ],
  },
  2594: { privilege: USER, run: (context) => [0, ...u16(++context.reservation)] },
  2595: { privilege: USER, run: readRecord },
  2624: { privilege: USER, run: readEventLogInfo },
  2627: { privilege: USER, run: readEvent },
  // Get SEL Time.
  2632: { privilege: USER, run: () => [0, ...u32(Math.floor(Date.now() / 1000))] },
  11266: { privilege: USER, run: readPower },
};

/** Miscellaneous chassis state (IPMI 2.0 §28.2): bit 0 intrusion, bit 2 drive fault, bit 3 cooling fault. */
const chassisBits = ({ chassisFaults, intruded }: Board): number =>
  (intruded ? 0x01 : 0) | (chassisFaults.has('drive') ? 0x04 : 0) | (chassisFaults.has('cooling') ? 0x08 : 0);

function readPowerSupply({ board }: Context, data: Buffer): number[] {
  if (data[0] !== 0x07 || data[3] !== 0x97) return [0xcc];
  const name = { 120: 'PS1 Status', 122: 'PS2 Status' }[data[1] as number];
  const supply = board.sensors.find((sensor) => sensor.name === name);
  if (!supply) return [0x83];
  const supplies = board.sensors.filter((sensor) => sensor.type === 8 && sensor.value === 0x01);
  return [0, ...u16(supply.value === 0x01 ? Math.round(board.watts / supplies.length) & 0x3ff : 0)];
}

function readSensor({ board }: Context, data: Buffer): number[] {
  const sensor = board.sensors.find(({ number }) => number === data[0]);
  return sensor ? [0, ...buildReading(sensor)] : NOT_PRESENT;
}

function readLimits({ board }: Context, data: Buffer): number[] {
  const scale = board.sensors.find(({ number }) => number === data[0])?.scale;
  if (!scale) return NOT_PRESENT;
  const [lnr, lc, lnc, unc, uc, unr] = scale.limits.map((limit) => rawOf(scale, limit)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return [0, 0x3f, lnc, lc, lnr, unc, uc, unr];
}

function readInventory({ inventory }: Context, data: Buffer): number[] {
  const offset = data.readUInt16LE(1);
  const piece = inventory.subarray(offset, offset + (data[3] ?? 0));
  return [0, piece.length, ...piece];
}

function readRecord({ records, reservation }: Context, data: Buffer): number[] {
  const id = Math.max(1, data.readUInt16LE(2));
  const [offset, count] = [data[4] ?? 0, data[5] ?? 0];
  const record = records[id - 1];
  if (!record) return NOT_PRESENT;
  if (offset > 0 && data.readUInt16LE(0) !== reservation) return [0xc5];
  const piece = record.subarray(offset, offset + count);
  if (piece.length > MAX_PIECE) return [0xca];
  return [0, ...u16(id === records.length ? 0xffff : id + 1), ...piece];
}

function readEventLogInfo({ board, started }: Context): number[] {
  const { length } = board.events;
  return [
    0,
    0x51,
    ...u16(length),
    ...u16((EVENT_SPACE - length) * 16),
    ...u32(started + length),
    ...u32(started + board.eventsClearedAt),
    0x02,
  ];
}

function readEvent({ board, started }: Context, data: Buffer): number[] {
  const asked = data.readUInt16LE(2);
  const last = board.events.length;
  const id = asked === 0xffff ? last : Math.max(1, asked);
  const event = board.events[id - 1];
  if (!event) return NOT_PRESENT;
  return [0, ...u16(id === last ? 0xffff : id + 1), ...buildEventRecord(event, id, started + id)];
}

function readPower({ board, started }: Context, data: Buffer): number[] {
  if (data[0] !== 0xdc || data[1] !== 0x01) return [0xcc];
  const { watts } = board;
  return [0, 0xdc, ...u16(watts), ...u16(96), ...u16(341), ...u16(208), ...u32(started), ...u32(60_000), 0x40];
}
