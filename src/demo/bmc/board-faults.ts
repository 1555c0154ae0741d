import type { RackFaults } from '../faults.ts';
import { type Board, type BoardSensor, createBoard } from './board.ts';

/** Bits of a power supply's sensor: it is there, and it has failed (IPMI 2.0 table 42-3, type 08h). */
const PRESENT = 0x01;
const FAILED = 0x02;

export type BoardFaults = Pick<RackFaults, 'failedSupplies' | 'readings'>;

/** Returns a function that shows what is broken on a board, and what is not any more as usual again. */
export function createFaultsOf(board: Board, faults: BoardFaults): () => void {
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
  return faults.failedSupplies.has(`${board}/${name.replace(' Status', '')}`) ? PRESENT | FAILED : undefined;
}

const supplyEvent = ({ number, type }: BoardSensor, failed: boolean): Board['events'][number] => ({
  ...{ sensorType: type, sensorNumber: number, deasserted: !failed, readingType: 0x6f },
  data: [0x01, 0xff, 0xff],
});
