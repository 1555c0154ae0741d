import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alertsFolder, listShipped, readShipped, secondsOf } from './shipped.ts';

/** What stands in a copy in place of the shipped files' addresses and secrets. */
export type Replacements = Readonly<Record<string, string>>;

/** Copies of the shipped files for a test; the difference is what `differences` allows and nothing else. */
export interface Copies {
  readonly folder: string;
  /** The text of `prometheus.yml` there. */
  readonly prometheus: string;
  /** What they have of their own beside addresses, secrets and durations. */
  readonly differences: readonly string[];
}

const duration = /\b(?:\d+[smhd])+\b/g;

/** What a busy machine needs for a scrape and for an evaluation, and no factor makes shorter. */
const SCRAPE_MS = 1500;
const EVALUATION_MS = 1000;

const floorOf = (line: string, scrapeMs: number): number => {
  if (/scrape_interval|scrape_timeout|refresh_interval/.test(line)) return scrapeMs;
  return line.includes('evaluation_interval') ? EVALUATION_MS : 0;
};

/** Makes everything that waits `factor` times shorter, as far as the machine can follow: a scrape takes up to `scrapeMs`. */
export function hasten(text: string, factor: number, scrapeMs = SCRAPE_MS): string {
  const scaled = (milliseconds: number) => `${Math.max(1, Math.round(milliseconds))}ms`;
  return text
    .split('\n')
    .map((line) => {
      const floor = floorOf(line, scrapeMs);
      const [code = '', ...comment] = line.split(/(?= # )/);
      if (/^\s*(#|summary|description)/.test(code)) return line;
      const short = code.replaceAll(duration, (found) =>
        secondsOf(found) === 0 ? found : scaled(Math.max((secondsOf(found) * 1000) / factor, floor)),
      );
      return [short, ...comment].join('');
    })
    .join('\n');
}

const replace = (text: string, replacements: Replacements): string =>
  Object.entries(replacements).reduce((all, [from, to]) => all.replaceAll(from, to), text);

export function copyShipped(
  factor: number,
  prometheus: Replacements,
  alertmanager: Replacements,
  scrapeMs = SCRAPE_MS,
): Copies {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-alerts-'));
  cpSync(alertsFolder, folder, { recursive: true });
  const write = (path: string, replacements: Replacements) => {
    const text = replace(hasten(readShipped(path), factor, scrapeMs), replacements);
    writeFileSync(join(folder, path), text);
    return text;
  };
  for (const file of listShipped('rules', '.yml')) write(`rules/${file}`, {});
  write('prometheus-ha.yml', prometheus);
  const written = write('prometheus.yml', prometheus);
  return {
    folder,
    prometheus: written,
    differences: [
      ...differences(readShipped('prometheus.yml'), written, prometheus),
      ...differences(readShipped('alertmanager.yml'), write('alertmanager.yml', alertmanager), alertmanager),
    ],
  };
}

/** Lines of a copy that differ from the shipped ones in more than durations and the replacements. */
export function differences(shipped: string, copy: string, replacements: Replacements): string[] {
  const levelled = (text: string) => text.replaceAll(/\b\d+ms\b|\b(?:\d+[smhd])+\b/g, 'T').split('\n');
  const expected = levelled(replace(shipped, replacements));
  const found = levelled(copy);
  if (expected.length !== found.length) return [`${found.length} lines instead of ${expected.length}`];
  return found.filter((line, index) => line !== expected[index]);
}
