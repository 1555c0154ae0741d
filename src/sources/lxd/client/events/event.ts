import { SourceError } from '../../../../core/errors.ts';
import type { Operation } from '../api.ts';
import { type Maintenance, maintenanceOf } from '../maintenance.ts';

/** What rackwatch wants to know of LXD's events. https://documentation.ubuntu.com/lxd/latest/reference/events/ */
export type LxdEvent =
  | {
      readonly kind: 'lifecycle';
      readonly action: string;
      /** Set where the event is about a member. */
      readonly member?: string;
      /** Milliseconds since the epoch. */
      readonly at: number;
    }
  | {
      readonly kind: 'maintenance';
      readonly maintenance: Maintenance;
      readonly succeeded: boolean;
      readonly at: number;
    };

const MEMBER = /^\/1\.0\/cluster\/members\/([^/?]+)/;

/** Undefined for an event that says nothing of interest. @throws SourceError protocol for what is no event of LXD */
export function decodeEvent(text: string): LxdEvent | undefined {
  const { metadata, timestamp, type } = parse(text);
  const at = Date.parse(String(timestamp));
  if (typeof type !== 'string' || !(at > 0)) throw notAnEvent();
  if (!isObject(metadata)) return undefined;
  if (type === 'lifecycle') return lifecycleOf(metadata, at);
  if (type !== 'operation' || typeof metadata['description'] !== 'string') return undefined;
  const operation = metadata as unknown as Operation;
  const maintenance = maintenanceOf(operation);
  return maintenance && { kind: 'maintenance', maintenance, succeeded: operation.status === 'Success', at };
}

function lifecycleOf({ action, source }: Readonly<Record<string, unknown>>, at: number): LxdEvent | undefined {
  if (typeof action !== 'string') return undefined;
  const member = MEMBER.exec(String(source))?.[1];
  return { kind: 'lifecycle', action, at, ...(member === undefined ? {} : { member: decodeURIComponent(member) }) };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // JSON.parse quotes the text in its message; an operation's event may hold a secret.
    throw notAnEvent();
  }
  if (!isObject(value)) throw notAnEvent();
  return value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const notAnEvent = (): SourceError => new SourceError('protocol', 'a message of /1.0/events is no event of LXD');
