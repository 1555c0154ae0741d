import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simAddress, simPort, startSims, stopSims } from '../../labs/bmc.ts';
import { describeLab, run } from '../../labs/lab.ts';
import { type Rackwatch, startRackwatch } from '../../labs/rackwatch.ts';

const golden = fileURLToPath(new URL('golden/demo.prom', import.meta.url));

describeLab(['bmc', 'prometheus'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'rackwatch-bmc-'));
  let rackwatch: Rackwatch;

  beforeAll(async () => {
    const password = join(folder, 'password');
    writeFileSync(password, 's3cret-mon\n');
    await startSims(2);
    const targets = [1, 2].map((number) => ({ member: `sim${number}`, address: simAddress(number) }));
    const dead = { member: 'dead', address: '127.0.62.99' };
    rackwatch = await startRackwatch({
      sources: {
        bmc: {
          min_age: '1s',
          timeout: '60s',
          defaults: { user: 'monitor', password_file: password, port: simPort },
          targets: [...targets, dead],
          collectors: { power: false },
        },
      },
    });
  });
  afterAll(async () => {
    await rackwatch?.stop();
    await stopSims();
    rmSync(folder, { recursive: true });
  });

  test('two boards and one that is not there, served over HTTP', async () => {
    const page = await rackwatch.scrapeUntil('both boards answer', (seen) =>
      ['sim1', 'sim2'].every((member) => seen.value('bmc_up', { member }) === 1),
    );
    expect(page.value('bmc_up', { member: 'dead' })).toBe(0);
    expect(page.find('bmc_sensor_state', { member: 'sim1', state: 'ok' })).toHaveLength(43);
    expect(page.value('bmc_psu_input_lost', { member: 'sim2', psu: 'PS2' })).toBe(1);
    expect(page.value('bmc_temperature_celsius', { member: 'sim1', sensor: 'CPU2 Temp' })).toBe(91);
    expect(`${page.text}${rackwatch.log()}`).not.toContain('s3cret-mon');
    expect(rackwatch.log()).not.toContain('MaxListenersExceeded');
    const file = join(folder, 'page.prom');
    writeFileSync(file, page.text.replaceAll(/^.*\bnodejs_.*\n/gm, ''));
    await run('sh', ['-c', `promtool check metrics < ${file}`]);
  });

  test('sessions are kept from scrape to scrape', async () => {
    const sent = async () => (await rackwatch.scrape()).value('bmc_requests_total', { member: 'sim1' }) ?? 0;
    const before = await sent();
    const page = await rackwatch.scrapeUntil(
      'the next cycle',
      (seen) => (seen.value('bmc_requests_total', { member: 'sim1' }) ?? 0) > before,
    );
    expect(page.value('bmc_sessions_total', { member: 'sim1' })).toBe(1);
  });

  test('the golden page is good Prometheus text', async () => {
    await run('sh', ['-c', `promtool check metrics < ${golden}`]);
  });
});
