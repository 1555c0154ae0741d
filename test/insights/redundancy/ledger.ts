import { redundancy } from '../../../src/insights/redundancy.ts';
import { type Heards, valuesOf } from '../targets.ts';

/** The ledger: current, expected, minimum and tolerated faults by the labels of each line. */
export function ledgerOf(heards: Heards, options: { keys?: object; nowMs?: number } = {}): Record<string, number[]> {
  const values = valuesOf(redundancy, heards, options);
  const lines: Record<string, number[]> = {};
  for (const [series, current] of values) {
    const labels = /^rackwatch_redundancy_current\{(.*)\}$/.exec(series)?.[1];
    if (labels === undefined) continue;
    const of = (what: string) => values.get(`rackwatch_redundancy_${what}{${labels}}`) as number;
    const name = labels.replaceAll(/(\w+)="([^"]*)"/g, '$2').replaceAll(',', ' ');
    lines[name] = [current, of('expected'), of('minimum'), of('faults_tolerated')];
  }
  return lines;
}
