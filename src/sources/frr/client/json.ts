import { SourceError } from '../../../core/errors.ts';

/** FRR's JSON is read tolerantly: a field that is missing or of another type is unknown, never 0. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws SourceError protocol */
export function parseJson(text: string, command: string): unknown {
  // A family or a protocol that is not configured prints nothing at all in some versions.
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SourceError('protocol', `the answer to ${command} is not JSON: ${firstLine(text)}`, { cause });
  }
}

export const firstLine = (text: string): string => (text.trim().split('\n', 1)[0] as string).slice(0, 120);

/** `value` as an object; an empty one when it is something else. */
export const objectOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** `value` as a list; an empty one when it is something else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const objectIn = (from: unknown, key: string): JsonObject => objectOf(objectOf(from)[key]);

export const listIn = (from: unknown, key: string): readonly unknown[] => listOf(objectOf(from)[key]);

export function numberIn(from: unknown, key: string): number | undefined {
  const value = objectOf(from)[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Empty text is no text. */
export function textIn(from: unknown, key: string): string | undefined {
  const value = objectOf(from)[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether the key holds true. */
export const isSet = (from: unknown, key: string): boolean => objectOf(from)[key] === true;
