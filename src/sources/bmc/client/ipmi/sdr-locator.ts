import { decodeTypedString } from './id-string.ts';

export interface EntityAssociationRecord {
  readonly kind: 'entity-association';
  readonly recordId: number;
  readonly containerId: number;
  readonly containerInstance: number;
  readonly contained: readonly { readonly id: number; readonly instance: number }[];
}

export interface FruLocatorRecord {
  readonly kind: 'fru-locator';
  readonly recordId: number;
  readonly name: string;
  readonly address: number;
  readonly fruDeviceId: number;
  /** Whether the BMC answers for it; else it is a bare EEPROM. */
  readonly isLogical: boolean;
  readonly entityId: number;
  readonly entityInstance: number;
}

export interface McLocatorRecord {
  readonly kind: 'mc-locator';
  readonly recordId: number;
  readonly name: string;
  readonly address: number;
  readonly channel: number;
  readonly entityId: number;
  readonly entityInstance: number;
}

const at = (record: Buffer, offset: number): number => record[offset] as number;

export function decodeEntityAssociation(record: Buffer, recordId: number): EntityAssociationRecord {
  const isRange = (at(record, 7) & 0x80) !== 0;
  const pairs = [8, 10, 12, 14].map((offset) => ({ id: at(record, offset), instance: at(record, offset + 1) }));
  const contained = isRange ? [...range(pairs, 0), ...range(pairs, 2)] : pairs;
  return {
    kind: 'entity-association',
    recordId,
    containerId: at(record, 5),
    containerInstance: at(record, 6),
    contained: contained.filter(({ id }) => id !== 0),
  };
}

type Entity = EntityAssociationRecord['contained'][number];

/** Two entries that are the first and the last instance (§43.4). */
function range(pairs: readonly Entity[], index: number): Entity[] {
  const { id, instance: first } = pairs[index] as Entity;
  const { instance: last } = pairs[index + 1] as Entity;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({ id, instance: first + i }));
}

export function decodeFruLocator(record: Buffer, recordId: number): FruLocatorRecord {
  return {
    kind: 'fru-locator',
    recordId,
    name: decodeTypedString(record, 15),
    address: at(record, 5),
    fruDeviceId: at(record, 6),
    isLogical: (at(record, 7) & 0x80) !== 0,
    entityId: at(record, 12),
    entityInstance: at(record, 13),
  };
}

export function decodeMcLocator(record: Buffer, recordId: number): McLocatorRecord {
  return {
    kind: 'mc-locator',
    recordId,
    name: decodeTypedString(record, 15),
    address: at(record, 5),
    channel: at(record, 6) & 0x0f,
    entityId: at(record, 12),
    entityInstance: at(record, 13),
  };
}
