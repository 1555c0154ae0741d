import { expect, test } from 'vitest';
import { App } from '../../../src/app.ts';
import { parseConfig } from '../../../src/config/problems.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { startDemoRack } from '../../../src/demo/index.ts';
import { buildServer } from '../../../src/http/server.ts';
import { lxd } from '../../../src/sources/lxd/index.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';

test('Prometheus learns the members from LXD, and keeps what it had until they are known', async () => {
  const rack = await startDemoRack();
  const text = JSON.stringify({ sources: { lxd: rack.sources['lxd'] } });
  const config = parseConfig(configSchema([lxd], []), text, 'demo');
  const app = new App({ config, sources: [lxd], insights: [], log: createLogger('fatal') });
  const server = buildServer(app);

  const early = await server.inject('/service-discovery/lxd?port=9100');
  expect([early.statusCode, early.body]).toEqual([503, 'the members of the cluster are not known yet\n']);

  await app.scrape(app.deadline());
  const late = await server.inject('/service-discovery/lxd?port=9100');
  expect(late.json()).toEqual(
    ['abydos', 'langara', 'orilla'].map((member) => ({
      targets: ['127.0.0.1:9100'],
      labels: { __meta_rackwatch_member: member },
    })),
  );
  await app.close();
  await rack.close();
});
