import { SourceError } from '../../../core/errors.ts';

/** A version of FRR. Distributions' suffixes are dropped: `8.4.4`, `10.3`, `10.4-dev` are [8,4,4], [10,3,0], [10,4,0]. */
export type Version = readonly [major: number, minor: number, patch: number];

export interface Build {
  readonly version: Version;
  /** As the router spells it. */
  readonly name: string;
  /** What it runs on, as the router says: `Linux(6.1.0)`. */
  readonly os: string;
}

/** Reads the first line of `show version`: `FRRouting 8.4.4 (frr01) on Linux(6.1.0).` */
export function parseBuild(text: string): Build {
  const line = text.split('\n', 1)[0] as string;
  const match = /^FRRouting ((\d+)\.(\d+)(?:\.(\d+))?\S*)(?: \(.*\) on (.+?))?\.?\s*$/.exec(line);
  if (!match)
    throw new SourceError('protocol', `not the version of an FRR daemon: ${JSON.stringify(line.slice(0, 80))}`);
  const [, name, major, minor, patch = '0', os = ''] = match;
  return { version: [Number(major), Number(minor), Number(patch)], name: name as string, os };
}

export const isAtLeast = (version: Version, bound: Version): boolean => compare(version, bound) >= 0;

function compare(a: Version, b: Version): number {
  for (const index of [0, 1, 2] as const) if (a[index] !== b[index]) return a[index] - b[index];
  return 0;
}
