import type { RackFaults, SupplyState } from '../faults.ts';
import { type Board, type BoardEvent, type BoardSensor, createBoard } from './board.ts';

/** Bits of a power supply's sensor: it is there, and it has failed (IPMI 2.0 table 42-3, type 08h). */
const PRESENT = 0x01;
const FAILED = 0x02;

/** Of the same table: predictive failure is bit 2, lost input bit 3; one that is pulled out asserts nothing. */
const supplyBits: Readonly<Record<SupplyState, number>> = {
  removed: 0,
  failure_predicted: PRESENT | 0x04,
  input_lost: PRESENT | 0x08,
};

export type BoardFaults = Pick<
  RackFaults,
  | 'failedSupplies'
  | 'supplyStates'
  | 'readings'
  | 'chassisFaults'
  | 'failingDrives'
  | 'memoryErrors'
  | 'fullEventLogs'
  | 'silentBmcs'
>;

/** Returns a function that shows what is broken on a board, and what is not any more as usual again. */
export function createFaultsOf(board: Board, faults: BoardFaults): () => void {
  const showLog = createLogFaults(board, faults);
  const showSensors = createSensorFaults(board, faults);
  return () => {
    showSensors();
    for (const kind of ['cooling', 'drive']) {
      if (faults.chassisFaults.has(`${board.name}/${kind}`)) board.chassisFaults.add(kind);
      else board.chassisFaults.delete(kind);
    }
    for (const drive of board.drives) drive.isFailing = faults.failingDrives.has(`${board.name}/${drive.name}`);
    showLog();
  };
}

function createSensorFaults(board: Board, faults: BoardFaults): () => void {
  const nominal = new Map(createBoard(board.name).sensors.map(({ name, value }) => [name, value]));
  const broken = new Set<string>();
  const show = (sensor: BoardSensor) => {
    const fault = faultOf(board, sensor, faults);
    const isBroken = fault !== undefined;
    if (isBroken === broken.has(sensor.name)) return;
    if (isBroken) broken.add(sensor.name);
    else broken.delete(sensor.name);
    sensor.value = fault ?? nominal.get(sensor.name);
    if (sensor.type === 8) board.events.push(supplyEvent(sensor, isBroken));
  };
  return () => {
    for (const sensor of board.sensors) show(sensor);
  };
}

function faultOf({ name: board }: Board, { name, type }: BoardSensor, faults: BoardFaults): number | undefined {
  if (type !== 8) return faults.readings.get(`${board}/${name}`);
  const supply = `${board}/${name.replace(' Status', '')}`;
  if (faults.failedSupplies.has(supply)) return PRESENT | FAILED;
  const state = faults.supplyStates.get(supply);
  return state && supplyBits[state];
}

const supplyEvent = ({ number, type }: BoardSensor, failed: boolean): BoardEvent => ({
  ...{ sensorType: type, sensorNumber: number, deasserted: !failed, readingType: 0x6f },
  data: [0x01, 0xff, 0xff],
});

/** A correctable error of a memory module (table 42-3, type 0Ch, offset 0). */
const memoryError: BoardEvent = {
  ...{ sensorType: 0x0c, sensorNumber: 0xff, deasserted: false, readingType: 0x6f },
  data: [0xa0, 0x00, 0x21],
};
/** A fan that was too slow for a moment, and a log that was cleared (type 10h, offset 2). */
const fanEvent: BoardEvent = {
  ...{ sensorType: 0x04, sensorNumber: 0x41, deasserted: false, readingType: 0x01 },
  data: [0x00, 0x05, 0x07],
};
const cleared: BoardEvent = {
  ...{ sensorType: 0x10, sensorNumber: 0xff, deasserted: false, readingType: 0x6f },
  data: [0x02, 0xff, 0xff],
};

/** So many of its 512 entries has a log that is nearly full. */
const NEARLY_FULL = 470;

/** Entries stay in the log when what they tell of is over; a full log is cleared by whoever saves it. */
function createLogFaults(board: Board, { fullEventLogs, memoryErrors }: BoardFaults): () => void {
  let logged = 0;
  let wasFull = false;
  return () => {
    const errors = memoryErrors.get(board.name) ?? 0;
    for (; logged < errors; logged++) board.events.push(memoryError);
    logged = errors;
    const isFull = fullEventLogs.has(board.name);
    if (isFull) while (board.events.length < NEARLY_FULL) board.events.push(fanEvent);
    else if (wasFull) {
      board.eventsClearedAt += board.events.length + 1;
      board.events.splice(0, board.events.length, cleared);
    }
    wasFull = isFull;
  };
}
