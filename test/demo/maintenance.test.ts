import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { App } from '../../src/app.ts';
import { parseConfig } from '../../src/config/problems.ts';
import { configSchema } from '../../src/config/schema.ts';
import { startLxd } from '../../src/demo/lxd/index.ts';
import type { DemoPart } from '../../src/demo/part.ts';
import { RackState } from '../../src/demo/state.ts';
import { instances } from '../../src/insights/instances.ts';
import { maintenance } from '../../src/insights/maintenance.ts';
import { sources } from '../../src/sources/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { Page } from '../labs/page.ts';
import { createClock } from './manual-clock.ts';

const clock = createClock();
const state = new RackState(clock);
let part: DemoPart;
let app: App;

beforeAll(async () => {
  part = await startLxd(state, 0);
  const text = stringify({
    sources: { lxd: { ...part.config, min_age: '0s', timeout: '60s' } },
    scrape_timeout: '60s',
  });
  const insights = [maintenance, instances];
  const config = parseConfig(configSchema(sources, insights), text, 'demo');
  app = new App({ config, sources, insights, log: createLogger('silent') });
}, 60_000);

afterAll(async () => {
  await app?.close();
  await part?.close();
});

/** Scrapes until the page shows this phase of langara. */
async function phase(wanted: string): Promise<Page> {
  return vi.waitFor(
    async () => {
      const page = new Page(Buffer.concat(await app.scrape(app.deadline())).toString());
      const shown = page.find('rackwatch_member_maintenance_phase', { member: 'langara' });
      expect(shown.find(({ value }) => value === 1)?.labels.phase ?? 'none').toBe(wanted);
      return page;
    },
    { timeout: 60_000, interval: 1000 },
  );
}

const start = (page: Page) => page.value('rackwatch_member_maintenance_start_timestamp_seconds', { member: 'langara' });
const pinned = { name: 'dns2', member: 'langara' };

test('a rolling reboot, as rackwatch tells it', { timeout: 240_000 }, async () => {
  const calm = await phase('none');
  expect(calm.find('rackwatch_instance_down').some(({ value }) => value === 1)).toBe(false);

  const begun = clock.now() / 1000;
  state.evacuate('langara');
  expect(start(await phase('evacuating'))).toBeCloseTo(begun, 2);
  clock.advance(600_000);
  const evacuated = await phase('evacuated');
  expect(start(evacuated)).toBeCloseTo(begun, 2);
  expect(evacuated.value('rackwatch_instance_down', pinned)).toBe(1);
  expect(evacuated.find('rackwatch_instance_displaced')).toEqual([]);

  state.kill('langara');
  const away = await phase('evacuated');
  expect(away.value('rackwatch_member_reachable', { member: 'langara' })).toBe(0);
  expect(away.find('rackwatch_instance_down', pinned)).toEqual([]);

  state.revive('langara');
  state.restore('langara');
  expect(start(await phase('restoring'))).toBeCloseTo(begun, 2);
  clock.advance(600_000);
  const back = await phase('none');
  expect(back.value('rackwatch_member_reachable', { member: 'langara' })).toBe(1);
  expect(back.value('rackwatch_instance_down', pinned)).toBe(0);
  expect(back.find('rackwatch_instance_displaced')).toEqual([]);
  expect(start(back)).toBeUndefined();
});
