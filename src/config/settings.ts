import { z } from 'zod';
import type { SettingDefaults } from '../core/source.ts';
import { duration } from './duration.ts';

/** The keys that every source takes. `loadConfig` adds them to the source's own. */
export const targetSettings = (
  collectors: readonly { name: string; help: string }[],
  { min_age = '5s', timeout = '9s', stale_after = '3m' }: SettingDefaults = {},
) => ({
  min_age: duration()
    .prefault(min_age)
    .describe('A snapshot younger than this answers a scrape without asking the source again.'),
  timeout: duration().prefault(timeout).describe('Upper bound of one collection cycle.'),
  stale_after: duration()
    .prefault(stale_after)
    .describe('A snapshot older than this is withdrawn: a gap is true, an old value is not.'),
  collectors: z
    .strictObject(
      Object.fromEntries(collectors.map(({ name, help }) => [name, z.boolean().default(true).describe(help)] as const)),
    )
    .prefault({})
    .describe('Turns collectors off: `name: false`.'),
});
