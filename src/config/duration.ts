import { z } from 'zod';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration such as `500ms`, `30s`, `5m` or `1h`; in the program it is milliseconds. */
export const duration = () =>
  z
    .string()
    .regex(/^\d+(ms|s|m|h|d)$/, 'not a duration: a whole number and a unit, such as 500ms, 30s, 5m or 1h')
    .transform((text) => {
      const unit = text.replace(/^\d+/, '') as keyof typeof units;
      return Number.parseInt(text, 10) * units[unit];
    });
