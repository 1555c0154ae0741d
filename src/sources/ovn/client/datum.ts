import { SourceError } from '../../../core/errors.ts';
import { isObject } from './messages.ts';

/** A value of a row: an atom, an optional atom, a set or a map (RFC 7047 section 5.1). UUIDs are plain strings. */
export type Datum = Atom | undefined | ReadonlySet<Atom> | ReadonlyMap<Atom, Atom>;
export type Atom = string | number | boolean;
type AtomKind = 'string' | 'number' | 'boolean';

/** The type of a column, as the server's schema gives it. */
export interface ColumnType {
  readonly shape: 'scalar' | 'optional' | 'set' | 'map';
  readonly key: AtomKind;
  readonly value?: AtomKind;
  /** Whether `modify` carries a difference; with at most one element it carries the new value. */
  readonly differs: boolean;
}

const EMPTY_SET: ReadonlySet<Atom> = new Set();
const EMPTY_MAP: ReadonlyMap<Atom, Atom> = new Map();
const zeros = { string: '', number: 0, boolean: false } as const;
const atomKinds: Readonly<Record<string, AtomKind>> = {
  string: 'string',
  uuid: 'string',
  integer: 'number',
  real: 'number',
  boolean: 'boolean',
};

/** Reads a `<type>` of RFC 7047 section 3.2. */
export function decodeColumnType(json: unknown): ColumnType {
  const { key, value, min = 1, max = 1 } = isObject(json) ? json : { key: json };
  const single = max === 1;
  const base = { key: decodeAtomKind(key), differs: !single };
  if (value !== undefined) return { ...base, shape: 'map', value: decodeAtomKind(value) };
  if (!single) return { ...base, shape: 'set' };
  return { ...base, shape: min === 0 ? 'optional' : 'scalar' };
}

function decodeAtomKind(json: unknown): AtomKind {
  const name = typeof json === 'string' ? json : (json as { type?: unknown } | undefined)?.type;
  const kind = atomKinds[String(name)];
  if (!kind) throw new SourceError('protocol', `the schema has the unknown type ${String(name)}`);
  return kind;
}

/** What a column has when the server leaves it out of `initial` or `insert`. */
export function defaultDatum({ shape, key }: ColumnType): Datum {
  if (shape === 'scalar') return key === 'string' ? '' : zeros[key];
  if (shape === 'optional') return undefined;
  return shape === 'set' ? EMPTY_SET : EMPTY_MAP;
}

/** @throws SourceError `protocol` when the value is not of the column's type */
export function decodeDatum(json: unknown, type: ColumnType): Datum {
  if (type.shape === 'scalar') return decodeAtom(json, type.key);
  if (type.shape === 'map') return decodeMap(json, type);
  if (type.shape === 'optional') {
    const elements = elementsOf(json);
    if (elements.length > 1) throw new SourceError('protocol', 'an optional value has more than one element');
    return elements.length === 0 ? undefined : decodeAtom(elements[0], type.key);
  }
  const elements = elementsOf(json);
  return elements.length === 0 ? EMPTY_SET : new Set(elements.map((element) => decodeAtom(element, type.key)));
}

/**
 * Applies what `modify` says of one column. For a set it is the symmetric difference; for a map, a key with the value
 * that is held is removed, any other pair is put (ovsdb-server(7), section 4.1.14 "Update2 Notification"). The sets
 * and maps belong to the replica and change in place, so that the cost follows the change.
 */
export function applyDatum(held: Datum, json: unknown, type: ColumnType): Datum {
  if (!type.differs) return decodeDatum(json, type);
  if (type.shape === 'map') {
    const map = held === EMPTY_MAP ? new Map<Atom, Atom>() : (held as Map<Atom, Atom>);
    for (const [key, value] of decodeMap(json, type)) {
      if (map.get(key) === value) map.delete(key);
      else map.set(key, value);
    }
    return map;
  }
  const set = held === EMPTY_SET ? new Set<Atom>() : (held as Set<Atom>);
  for (const element of elementsOf(json)) {
    const atom = decodeAtom(element, type.key);
    if (!set.delete(atom)) set.add(atom);
  }
  return set;
}

function decodeMap(json: unknown, { key, value }: ColumnType): ReadonlyMap<Atom, Atom> {
  if (!Array.isArray(json) || json[0] !== 'map' || !Array.isArray(json[1]))
    throw new SourceError('protocol', 'a map is not encoded as a map');
  if (json[1].length === 0) return EMPTY_MAP;
  const map = new Map<Atom, Atom>();
  for (const pair of json[1]) {
    if (!Array.isArray(pair) || pair.length !== 2) throw new SourceError('protocol', 'a map has something but pairs');
    map.set(decodeAtom(pair[0], key), decodeAtom(pair[1], value as AtomKind));
  }
  return map;
}

/** A set of exactly one element is written as the bare element. */
function elementsOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) && json[0] === 'set' && Array.isArray(json[1]) ? json[1] : [json];
}

function decodeAtom(json: unknown, kind: AtomKind): Atom {
  const atom = Array.isArray(json) && json.length === 2 && json[0] === 'uuid' ? json[1] : json;
  if (typeof atom !== kind) throw new SourceError('protocol', `a value is not a ${kind}`);
  return atom as Atom;
}
