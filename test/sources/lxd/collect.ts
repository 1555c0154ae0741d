import pino from 'pino';
import { configuredSources } from '../../../src/config/load.ts';
import { parseConfig } from '../../../src/config/problems.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { expose } from '../../../src/core/exposition.ts';
import { factsView } from '../../../src/core/insight.ts';
import { TargetPool } from '../../../src/core/target-pool.ts';
import { lxdFacts } from '../../../src/sources/lxd/facts.ts';
import { lxd } from '../../../src/sources/lxd/index.ts';
import { type Answers, serveLxd } from './fake-cluster.ts';

/** Collects a fake LXD once: the page, the failures by collector, the facts, who is up, and what was asked for. */
export async function collectOnce(answers: Answers, settings = '') {
  const http = await serveLxd(answers);
  const yaml = `sources:\n  lxd:\n    endpoints: ["${http.endpoint}"]\n${settings}`;
  const config = parseConfig(configSchema([lxd]), yaml, 'test');
  const pool = new TargetPool(configuredSources(config, [lxd]), { log: pino({ level: 'silent' }), clock: systemClock });
  try {
    const views = await pool.read(Date.now() + 20_000);
    return {
      page: Buffer.concat(expose(views.flatMap((view) => view.snapshot?.stages ?? []))).toString(),
      facts: Object.fromEntries(
        factsView(views)
          .of(lxdFacts)
          .map(({ facts, target }) => [target, facts]),
      ),
      failures: Object.fromEntries(
        views.flatMap(({ newest, target }) =>
          (newest?.outcomes ?? []).flatMap(({ collector, failure }) =>
            failure ? [[`${target} ${collector}`, failure]] : [],
          ),
        ),
      ),
      up: Object.fromEntries(views.map(({ target, up }) => [target, up])),
      asked: http.asked,
    };
  } finally {
    await pool.close();
    await http.close();
  }
}
