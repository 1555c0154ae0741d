import type { Shape } from './schema.ts';

/** A value as the demo keeps it; absent is the column's default. */
export type Value = string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined;
export type Row = Readonly<Record<string, Value>>;
/** `{ table: { uuid: row } }` */
export type Contents = Readonly<Record<string, Readonly<Record<string, Row>>>>;

const ref = (uuid: string): readonly string[] => ['uuid', uuid];

/** A value in the encoding of RFC 7047 section 5.1. */
export function encodeValue(value: Value, shape: Shape): unknown {
  if (shape === 'map') return ['map', Object.entries(value ?? {})];
  if (shape === 'uuids') {
    const uuids = (value ?? []) as readonly string[];
    return uuids.length === 1 ? ref(uuids[0] as string) : ['set', uuids.map(ref)];
  }
  if (value === undefined)
    return shape.startsWith('optional') ? ['set', []] : { text: '', integer: 0, flag: false }[shape as 'text'];
  return shape === 'optional uuid' ? ref(value as string) : value;
}

/** Whether a server leaves the value out of a whole row. */
export const isDefault = (value: Value, shape: Shape): boolean =>
  value === undefined ||
  (!shape.startsWith('optional') && (value === '' || value === 0 || value === false)) ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** What `modify` says of a column (ovsdb-server(7) section 4.1.14), undefined where nothing has changed. */
export function encodeChange(before: Value, after: Value, shape: Shape): unknown {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  if (shape === 'uuids') {
    const [from, to] = [(before ?? []) as readonly string[], (after ?? []) as readonly string[]];
    return encodeValue([...from.filter((one) => !to.includes(one)), ...to.filter((one) => !from.includes(one))], shape);
  }
  if (shape !== 'map') return encodeValue(after, shape);
  const [from, to] = [(before ?? {}) as Record<string, string>, (after ?? {}) as Record<string, string>];
  const gone = Object.entries(from).filter(([key]) => !(key in to));
  return ['map', [...gone, ...Object.entries(to).filter(([key, value]) => from[key] !== value)]];
}
