import { secondsOf } from './shipped.ts';

/** For the copies of the rules: what waits, and what looks back, in seconds. */
const WAIT_SECONDS = 3;
const LEAST_RANGE_SECONDS = 12;
const MOST_RANGE_SECONDS = 60;

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/**
 * Makes every rule wait three seconds at most, and look back for a minute at most: time enough for a person's day
 * of waiting to pass in a test, and for three scrapes in the shortest range. Expressions stay as they are otherwise.
 */
export function squeeze(rules: string, factor: number): string {
  const wait = (duration: string) => `${Math.round(Math.min(WAIT_SECONDS, secondsOf(duration)) * 1000)}ms`;
  const range = (duration: string) =>
    `${Math.round(clamp(secondsOf(duration) / factor, LEAST_RANGE_SECONDS, MOST_RANGE_SECONDS) * 1000)}ms`;
  return rules
    .split('\n')
    .map((line) => {
      if (/^\s*(#|summary|description)/.test(line)) return line;
      return line
        .replace(/^(\s*(?:for|keep_firing_for): )(\w+)/, (_, key: string, duration: string) => key + wait(duration))
        .replaceAll(/\[(\w+)(:\w+)?\]/g, (_, duration: string, step?: string) =>
          step === undefined ? `[${range(duration)}]` : `[${range(duration)}:2000ms]`,
        );
    })
    .join('\n');
}
