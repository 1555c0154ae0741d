import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { z } from 'zod';

/** A value that no log, error, page or JSON can show. */
export class Secret {
  readonly #read: () => string;

  constructor(read: () => string) {
    this.#read = read;
  }

  /** The value itself: hand it to the wire and to nothing else. A file is read anew each time, so it may be rotated. */
  reveal(): string {
    return this.#read();
  }

  toString(): string {
    return '<secret>';
  }

  toJSON(): string {
    return '<secret>';
  }

  [inspect.custom](): string {
    return '<secret>';
  }
}

/** A secret in a file; a final line feed is not part of it. The key's name ends in `_file`. */
export const secretFile = () =>
  z
    .string()
    .min(1)
    .transform((path) => new Secret(() => readFileSync(path, 'utf8').replace(/\r?\n$/, '')));

/** A secret in the environment: `{ env: NAME }`. */
export const secretEnv = () =>
  z
    .strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not the name of an environment variable') })
    .transform(({ env }) => {
      return new Secret(() => {
        const value = process.env[env];
        if (value === undefined) throw new Error(`the environment variable ${env} is not set`);
        return value;
      });
    });
