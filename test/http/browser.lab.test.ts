import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenarios } from '../../src/demo/scenarios/index.ts';
import { startRackwatch } from '../cli/program.ts';
import { describeLab, until } from '../labs/lab.ts';
import { contrast, describeFocus, overflows, readRows } from './in-page.ts';

/** Quiet: it asks nobody but the page. */
const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

interface Focused {
  readonly text: string;
  readonly ring: string;
  readonly marked: boolean;
}

describeLab('chromium', () => {
  const profile = mkdtempSync(join(tmpdir(), 'rackwatch-chromium-'));
  let demo: ReturnType<typeof startRackwatch>;
  let browser: BrowserContext;
  let page: Page;
  let url: string;

  beforeAll(async () => {
    demo = startRackwatch('demo', '--listen', '127.0.0.1:0');
    url = await until(() => /Status page +(\S+)/.exec(demo.output())?.[1], { what: 'the demo says where its page is' });
    const viewport = { width: 1280, height: 900 };
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      args: flags,
      viewport,
    });
    page = await browser.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    demo?.child.kill();
    await demo?.ended;
    rmSync(profile, { recursive: true, force: true });
  });

  const rows = (table: string) => page.evaluate<string[][]>(`(${readRows})('${table}')`);
  const scrollsSideways = () => page.evaluate<boolean>(`(${overflows})(document.documentElement)`);

  test('the demo prints four addresses, and each answers', async () => {
    const addresses = demo.output().match(/http:\S+/g) ?? [];
    expect(addresses.map((address) => address.replace(/^http:\/\/[^/]+/, ''))).toEqual([
      ...['/', '/metrics', '/service-discovery/lxd?port=9100', '/-/ready'],
    ]);
    for (const address of addresses) {
      const isThere = async () => (await fetch(address)).status === 200;
      await until(isThere, { what: `${address} answers` });
    }
  });

  test('shows the simulated rack: its sources with age and errors, its ledger, and a button for each story', async () => {
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(url);
    expect(await page.getByRole('note').textContent()).toBe('Demo: everything shown here is simulated.');
    const targets = await rows('targets');
    expect(new Set(targets.map(([source]) => source))).toEqual(new Set(['lxd', 'ceph', 'ovn', 'frr', 'bmc']));
    expect(targets).toHaveLength(13);
    expect(await page.locator('table.targets th').allTextContents()).toEqual([
      ...['Source', 'Target', 'State', 'Age', 'What failed', 'Took', 'Series'],
    ]);
    expect((await rows('ledger')).map(([, component]) => component)).toContain('ceph_mon');
    const buttons = await page.locator('details button').allTextContents();
    expect(buttons).toEqual(scenarios.map(({ name }) => name));
    expect(await page.getByRole('button').count()).toBeLessThan(10);
    expect(await scrollsSideways()).toBe(false);
    expect(problems).toEqual([]);
  });

  test('a story is started with the keyboard alone, and the page shows the fault', async () => {
    const focused = () => page.evaluate<Focused>(`(${describeFocus})()`);
    const reached: string[] = [];
    for (let steps = 0; steps < 30 && (await focused()).text !== 'psu-fails'; steps++) {
      await page.keyboard.press('Tab');
      const { marked, ring, text } = await focused();
      if (text.startsWith('Hardware')) await page.keyboard.press('Enter');
      expect([text, ring, marked]).toEqual([text, 'solid 3px', true]);
      reached.push(text);
    }
    expect(reached.slice(0, 4)).toEqual(['Metrics', 'Configuration', 'Ready', 'Follow']);
    expect(reached.at(-1)).toBe('psu-fails');
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    const current = page.locator('button[aria-current]');
    expect([await current.textContent(), await current.isVisible()]).toEqual(['psu-fails', true]);
    const isShown = async () => {
      await page.reload();
      return (await rows('ledger')).find((row) => row.includes('psu') && row.includes('abydos'))?.[0] === '△ none';
    };
    await until(isShown, { what: 'the ledger has the power supply', everyMs: 500 });
    expect(await page.locator('.told').textContent()).toContain('PS2 of abydos fails');
  });

  test('a page that follows loads itself again', async () => {
    await page.goto(`${url}?follow`);
    await page.waitForEvent('load', { timeout: 30_000 });
    await page.getByRole('link', { name: 'Stop following' }).press('Enter');
    await page.waitForURL(url);
  });

  test('fits a phone, with buttons that a finger meets', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(url);
    for (const chapter of await page.locator('summary').all()) await chapter.press('Enter');
    expect(await scrollsSideways()).toBe(false);
    expect(await page.evaluate(`[...document.querySelectorAll('.wide')].filter(${overflows}).length`)).toBe(0);
    const sizes = await Promise.all((await page.getByRole('button').all()).map((button) => button.boundingBox()));
    for (const size of sizes) expect(Math.min(size?.height ?? 0, size?.width ?? 0)).toBeGreaterThanOrEqual(24);
    expect(await page.locator('table.targets tbody tr').first().textContent()).toContain('cluster');
  });

  test.each(['light', 'dark'] as const)('has enough contrast where it is %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const selector of ['.good', '.bad', '.dim', 'button', 'a', '.demo'])
      expect(await page.evaluate(`(${contrast})('${selector}')`), selector).toBeGreaterThanOrEqual(4.5);
  });
});
