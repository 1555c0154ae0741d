import { survival } from '../../../src/insights/survival.ts';
import { type Heards, valuesOf } from '../targets.ts';

type Options = { keys?: object; nowMs?: number };

/** Whether each loss is survived and its margins, by the labels of the series. */
function linesOf(heards: Heards, what: string, margins: readonly string[], options: Options): Record<string, number[]> {
  const values = valuesOf(survival, heards, options);
  const lines: Record<string, number[]> = {};
  for (const [series, survives] of values) {
    const labels = new RegExp(`^rackwatch_survives_${what}\\{(.*)\\}$`).exec(series)?.[1];
    if (labels === undefined) continue;
    const found = margins.map((margin) => values.get(`rackwatch_${margin}{${labels}}`));
    const name = labels.replaceAll(/(\w+)="([^"]*)"/g, '$2').replaceAll(',', ' ');
    lines[name] = [survives, ...found.filter((value) => value !== undefined)];
  }
  return lines;
}

/** `member resource name`: survives, bytes, ratio. */
export const memberLosses = (heards: Heards, options: Options = {}): Record<string, number[]> =>
  linesOf(heards, 'member_loss', ['member_loss_margin_bytes', 'member_loss_margin_ratio'], options);

/** `osd member class`: survives, bytes. */
export const osdLosses = (heards: Heards, options: Options = {}): Record<string, number[]> =>
  linesOf(heards, 'osd_loss', ['osd_loss_margin_bytes'], options);
