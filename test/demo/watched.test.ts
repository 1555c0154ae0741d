import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { startDemoRack } from '../../src/demo/index.ts';
import { sources } from '../../src/sources/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';

test('every collector of every source succeeds on the rack', { timeout: 90_000 }, async () => {
  const rack = await startDemoRack();
  // Time enough on a machine that has much else to do.
  const patient = Object.entries(rack.sources).map(([name, source]) => [name, { ...source, timeout: '60s' }]);
  const text = stringify({ sources: Object.fromEntries(patient), scrape_timeout: '60s' });
  const config = parseConfig(configSchema(sources), text, 'demo');
  const app = new App({ config, sources, insights: [], log: createLogger('silent') });
  try {
    const page = Buffer.concat(await app.scrape(app.deadline())).toString('utf8');
    const outcomes = page.split('\n').filter((line) => line.startsWith('rackwatch_collector_success{'));
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.filter((line) => !line.endsWith(' 1'))).toEqual([]);
    expect(page.match(/^lxd_instance_info\{/gm)).toHaveLength(63);
    expect(page.match(/^lxd_link_up\{.*role="wan"\} 1$/gm)).toHaveLength(3);
  } finally {
    await app.close();
    await rack.close();
  }
});
