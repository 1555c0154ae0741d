/** What a simulated board has: sensors as a Supermicro X10DRU's BMC numbers them, an event log, an inventory. */
export interface BoardSensor {
  readonly number: number;
  readonly name: string;
  readonly type: number;
  readonly entity: number;
  readonly instance: number;
  /** Absent on discrete sensors. */
  readonly scale?: Scale;
  /** Real value, or what is asserted of a discrete sensor, bit by bit; undefined: nothing to read. */
  value: number | undefined;
}

export interface Scale {
  readonly unit: number;
  readonly m: number;
  readonly b: number;
  readonly exponent: number;
  readonly signed: boolean;
  /** Lower non-recoverable, critical, non-critical, upper non-critical, critical, non-recoverable. */
  readonly limits: readonly [number, number, number, number, number, number];
}

export interface BoardEvent {
  readonly sensorType: number;
  readonly sensorNumber: number;
  readonly deasserted: boolean;
  readonly readingType: number;
  readonly data: readonly [number, number, number];
}

/** A drive behind a controller that the BMC knows. */
export interface BoardDrive {
  readonly name: string;
  isFailing: boolean;
}

export interface Board {
  readonly name: string;
  readonly sensors: BoardSensor[];
  readonly events: BoardEvent[];
  /** When the log was last cleared, in seconds after its first entry. */
  eventsClearedAt: number;
  /** Only a BMC with Redfish tells of them; none where the controller is no friend of the BMC. */
  readonly drives: BoardDrive[];
  /** Faults of the chassis that hold. */
  readonly chassisFaults: Set<string>;
  readonly inventory: { readonly board: readonly string[]; readonly product: readonly string[] };
  powerOn: boolean;
  intruded: boolean;
  watts: number;
}

const temperature = { unit: 1, m: 1, b: 0, exponent: 0, signed: true };
const rpm = { unit: 18, m: 100, b: 0, exponent: 0, signed: false };
const volts = (m: number, b: number) => ({ unit: 4, m, b, exponent: -3, signed: false });

type Row = readonly [number: number, name: string, value: number];

const cpuLimits = [0, 0, 0, 85, 90, 92] as const;
const boardLimits = [-9, -7, -5, 80, 85, 90] as const;
const dimmLimits = [1, 2, 4, 80, 85, 90] as const;
const fanLimits = [300, 500, 700, 25_300, 25_400, 25_500] as const;

const cpus: readonly Row[] = [
  [0x01, 'CPU1 Temp', 47],
  [0x02, 'CPU2 Temp', 49],
];
const boards: readonly Row[] = [
  [0x0a, 'PCH Temp', 41],
  [0x0b, 'System Temp', 27],
  [0x0c, 'Peripheral Temp', 36],
  [0x10, 'VcpuVRM1 Temp', 38],
  [0x11, 'VcpuVRM2 Temp', 39],
  [0x12, 'VmemABVRM Temp', 35],
  [0x13, 'VmemCDVRM Temp', 36],
  [0x14, 'VmemEFVRM Temp', 37],
  [0x15, 'VmemGHVRM Temp', 36],
];
const dimms: readonly Row[] = [
  [0xb0, 'P1-DIMMA1 Temp', 33],
  [0xb4, 'P1-DIMMB1 Temp', 34],
  [0xb8, 'P1-DIMMC1 Temp', 34],
  [0xbc, 'P1-DIMMD1 Temp', Number.NaN],
  [0xd0, 'P2-DIMME1 Temp', 35],
  [0xd4, 'P2-DIMMF1 Temp', 35],
  [0xd8, 'P2-DIMMG1 Temp', 36],
  [0xdc, 'P2-DIMMH1 Temp', Number.NaN],
];
const fans: readonly Row[] = [
  [0x41, 'FAN1', 5300],
  [0x42, 'FAN2', 5400],
  [0x43, 'FAN3', 5300],
  [0x44, 'FAN4', 5500],
  [0x45, 'FAN5', 5400],
  [0x46, 'FAN6', Number.NaN],
];
/** Nominal volts, M, B; the limits are 15 and 10 percent (and a little) away. */
const rails: readonly (readonly [number, string, number, number, number])[] = [
  [0x30, '12V', 12, 63, 30],
  [0x31, '5VCC', 5, 26, 8],
  [0x32, '3.3VCC', 3.3, 17, 1],
  [0x33, 'VBAT', 3, 26, 10],
  [0x34, 'Vcpu1', 1.8, 9, 0],
  [0x35, 'Vcpu2', 1.8, 9, 0],
  [0x36, 'VDIMMAB', 1.2, 9, 3],
  [0x37, 'VDIMMCD', 1.2, 9, 3],
  [0x38, 'VDIMMEF', 1.2, 9, 3],
  [0x39, 'VDIMMGH', 1.2, 9, 3],
  [0x3a, '5VSB', 5, 26, 6],
  [0x3b, '3.3VSB', 3.3, 17, 1],
  [0x3c, '1.5V PCH', 1.5, 9, 6],
  [0x3d, '1.2V BMC', 1.2, 9, 3],
  [0x3e, '1.05V PCH', 1.05, 9, 6],
];

/** An X10 board with 43 sensors, all well: one fan header and two memory slots are empty. */
export function createBoard(name: string): Board {
  const analog = (
    rows: readonly Row[],
    type: number,
    entity: number,
    scale: Omit<Scale, 'limits'>,
    limits: Scale['limits'],
  ) =>
    rows.map(([number, label, value], index) => ({
      number,
      name: label,
      type,
      entity,
      instance: index + 1,
      scale: { ...scale, limits },
      value: Number.isNaN(value) ? undefined : value,
    }));
  const discrete = (number: number, label: string, type: number, instance: number, value: number): BoardSensor => ({
    number,
    name: label,
    type,
    entity: type === 8 ? 10 : 23,
    instance,
    value,
  });
  return {
    name,
    sensors: [
      ...analog(cpus, 1, 3, temperature, cpuLimits),
      ...analog(boards, 1, 7, temperature, boardLimits),
      ...analog(dimms, 1, 32, temperature, dimmLimits),
      ...analog(fans, 4, 29, rpm, fanLimits),
      ...rails.flatMap(([number, label, nominal, m, b]) => {
        const limits = [0.84, 0.85, 0.9, 1.1, 1.15, 1.16].map((share) => nominal * share);
        return analog([[number, label, nominal]], 2, 7, volts(m, b), limits as unknown as Scale['limits']);
      }),
      discrete(0xaa, 'Chassis Intru', 5, 1, 0),
      discrete(0xc8, 'PS1 Status', 8, 1, 0x01),
      discrete(0xc9, 'PS2 Status', 8, 2, 0x01),
    ],
    events: [
      { sensorType: 0x08, sensorNumber: 0xc9, deasserted: false, readingType: 0x6f, data: [0x03, 0xff, 0xff] },
      { sensorType: 0x08, sensorNumber: 0xc9, deasserted: true, readingType: 0x6f, data: [0x03, 0xff, 0xff] },
      { sensorType: 0x0c, sensorNumber: 0xff, deasserted: false, readingType: 0x6f, data: [0xa0, 0x00, 0x21] },
    ],
    eventsClearedAt: 0,
    drives: [],
    chassisFaults: new Set(),
    inventory: {
      board: ['Supermicro', 'X10DRU-i+', `OM-${name}`, 'X10DRU-i+'],
      product: ['Supermicro', 'SYS-6028U-TR4+', 'SYS-6028U', '0123', `S-${name}`],
    },
    powerOn: true,
    intruded: false,
    watts: 212,
  };
}

export function findSensor(board: Board, name: string): BoardSensor {
  const sensor = board.sensors.find((candidate) => candidate.name === name);
  if (!sensor) throw new Error(`${board.name} has no sensor ${name}`);
  return sensor;
}
