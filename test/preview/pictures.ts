import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Dashboard, Order } from './page/model.ts';
import { openSite } from './site.ts';

/** A laptop. */
const WIDTH = 1440;
/** Milliseconds: Grafana's components are large, and a machine may be busy. */
const PATIENCE = 180_000;

export interface Drawing {
  readonly chromium: string;
  readonly dashboards: readonly (readonly [name: string, dashboard: object])[];
  readonly out: string;
  readonly prometheus: string;
  readonly interval: number;
  readonly from?: string;
  readonly say: (line: string) => void;
}

/** Draws each dashboard to `<out>/<name>.png`; returns what went wrong, by dashboard. */
export async function drawAll(drawing: Drawing): Promise<readonly string[]> {
  const { dashboards, from, interval, out, prometheus, say } = drawing;
  const orders = dashboards.map(([name, dashboard]) => {
    const order: Order = { dashboard: dashboard as Dashboard, choices: telling, interval, ...(from ? { from } : {}) };
    return [name, order] as const;
  });
  const [first] = orders;
  if (!first) return [];
  const site = await openSite(prometheus, first[1]);
  // As root, which Chromium's sandbox does not allow.
  const browser = await chromium.launch({ executablePath: drawing.chromium, args: ['--no-sandbox'] });
  const complaints: string[] = [];
  try {
    for (const [name, order] of orders) {
      site.order = order;
      const path = join(out, `${name}.png`);
      complaints.push(...(await draw(browser, site.url, path)).map((text) => `${name}: ${text}`));
      say(path);
    }
  } finally {
    await browser.close();
    await site.close();
  }
  return complaints;
}

/** Of variables with one value, where the first in the alphabet tells little. */
const telling = { project: 'infra', name: 'frr1' };

async function draw(browser: Browser, url: string, path: string): Promise<readonly string[]> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 900 } });
  page.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  try {
    await page.goto(url);
    await page.waitForFunction(() => window.progress?.isDone());
    // As high as the dashboard: tables draw only the rows that are in sight.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: WIDTH, height });
    await settle(page);
    await page.screenshot({ path, animations: 'disabled' });
    complaints.push(...(await page.evaluate(() => window.progress.complaints())));
  } catch (error) {
    complaints.push(String(error), ...(await page.evaluate(() => window.progress?.complaints() ?? [])));
  } finally {
    await page.close();
  }
  return complaints;
}

/** Until what is seen has not changed for ten frames, and all is loaded. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate(async () => {
    await document.fonts.ready;
    let before = -1;
    for (let still = 0; still < 10; ) {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const now = document.body.innerHTML.length;
      still = now === before ? still + 1 : 0;
      before = now;
    }
  });
}
