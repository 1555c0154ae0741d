import { App } from '../app.ts';
import { loadConfig } from '../config/load.ts';
import { insights } from '../insights/index.ts';
import { sources } from '../sources/index.ts';
import { createLogger } from '../telemetry/logger.ts';
import { wantsColour } from './doctor/colour.ts';
import { examine } from './doctor/examination.ts';
import { isWell } from './doctor/report.ts';
import { renderReport } from './doctor/text.ts';
import type { CliOptions } from './run.ts';

/** Reads everything once and says what is not reached, not allowed, not joined, and what breaks next; 1 if any of the first three. */
export async function doctor({ config: file = '', json = false }: CliOptions): Promise<number> {
  const config = loadConfig(file, sources, insights);
  const app = new App({ config, sources, insights, log: createLogger('silent') });
  try {
    const report = await examine(app, sources, insights);
    const text = json
      ? `${JSON.stringify(report, null, 2)}\n`
      : renderReport(report, { colour: wantsColour(process.stdout, process.env) });
    await new Promise((resolve) => process.stdout.write(text, resolve));
    return isWell(report) ? 0 : 1;
  } finally {
    await app.close();
  }
}
