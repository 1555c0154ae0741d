import { decodeSdrRecord, type SdrRecord } from './sdr-record.ts';
import type { Sensor } from './sdr-sensor.ts';

/** Why a sensor that the repository names is not read. */
type SkipReason = 'event_only' | 'system_software' | 'other_controller' | 'undecodable';

export interface Inventory {
  readonly records: readonly SdrRecord[];
  /** Those that can be read, each number and LUN once. */
  readonly sensors: readonly Sensor[];
  readonly skipped: Readonly<Record<SkipReason, number>>;
}

const BMC_ADDRESS = 0x20;

/**
 * Sorts a BMC's sensor data records; those that cannot be decoded are counted and passed over.
 * @param assumeBmcOwner take sensors of every owner for the BMC's own (Fujitsu RX300)
 */
export function decodeInventory(rawRecords: readonly Buffer[], assumeBmcOwner: boolean): Inventory {
  const records: SdrRecord[] = [];
  const skipped = { event_only: 0, system_software: 0, other_controller: 0, undecodable: 0 };
  const sensors = new Map<number, Sensor>();
  for (const raw of rawRecords) {
    const record = unlessDamaged(raw);
    if (record) records.push(record);
    else skipped.undecodable++;
    if (record?.kind !== 'sensors') continue;
    for (const sensor of record.sensors) {
      const reason = record.isReadable ? skipReason(sensor, assumeBmcOwner) : 'event_only';
      if (reason) skipped[reason]++;
      else sensors.set((sensor.lun << 8) | sensor.number, sensor);
    }
  }
  return { records, sensors: [...sensors.values()], skipped };
}

function unlessDamaged(raw: Buffer): SdrRecord | undefined {
  try {
    return decodeSdrRecord(raw);
  } catch {
    return undefined;
  }
}

function skipReason({ ownerId }: Sensor, assumeBmcOwner: boolean): SkipReason | undefined {
  if ((ownerId & 0x01) !== 0) return 'system_software';
  return ownerId === BMC_ADDRESS || assumeBmcOwner ? undefined : 'other_controller';
}
