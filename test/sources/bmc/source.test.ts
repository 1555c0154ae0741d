import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configuredSources } from '../../../src/config/load.ts';
import { parseConfig } from '../../../src/config/problems.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { expose } from '../../../src/core/exposition.ts';
import { factsView } from '../../../src/core/insight.ts';
import { TargetPool } from '../../../src/core/target-pool.ts';
import { findSensor } from '../../../src/demo/bmc/board.ts';
import { type BmcPart, startBmcs } from '../../../src/demo/bmc/index.ts';
import { bmcFacts } from '../../../src/sources/bmc/facts.ts';
import { bmc } from '../../../src/sources/bmc/index.ts';

const lines: string[] = [];
const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });

function openPool(config: object): TargetPool {
  const parsed = parseConfig(configSchema([bmc]), JSON.stringify({ sources: { bmc: config } }), 'test.yaml');
  return new TargetPool(configuredSources(parsed, [bmc]), { log, clock: systemClock });
}

/** Counters of traffic depend on how often a loaded machine makes us ask again. */
const withoutTraffic = (text: string) =>
  text
    .split('\n')
    .filter((line) => !/bmc_(requests|retries|sessions|dropped_datagrams)_total/.test(line))
    .join('\n');

describe('three demo BMCs, one of them over Redfish', () => {
  let part: BmcPart;
  let pool: TargetPool;
  let page = '';

  beforeAll(async () => {
    part = await startBmcs({ isPowered: (member) => member !== 'langara' });
    const [abydos, orilla] = [part.boards.get('abydos'), part.boards.get('orilla')];
    if (!abydos || !orilla) throw new Error('the rack has other members');
    findSensor(abydos, 'PS2 Status').value = 0x0b;
    findSensor(abydos, 'CPU2 Temp').value = 91;
    findSensor(abydos, 'VBAT').value = 2.6;
    findSensor(abydos, 'System Temp').value = -6;
    findSensor(orilla, 'FAN5').value = 400;
    pool = openPool({ ...part.config, timeout: '60s' });
    const views = await pool.read(Date.now() + 60_000);
    expect(views.flatMap(({ newest }) => newest?.outcomes.filter(({ failure }) => failure) ?? [])).toEqual([]);
    expect(views.flatMap(({ newest }) => newest?.outcomes.map(({ repeats }) => repeats) ?? [])).not.toContain(1);
    page = Buffer.concat(expose(views.flatMap(({ snapshot }) => snapshot?.stages ?? []))).toString();
  }, 90_000);

  afterAll(async () => {
    await pool?.close();
    await part?.close();
  });

  test('look as they always did', async () => {
    await expect(withoutTraffic(page)).toMatchFileSnapshot('golden/demo.prom');
  });

  test('give facts', () => {
    const facts = factsView(pool.views()).of(bmcFacts);
    expect(facts.map((target) => [target.target, target.facts.member, target.facts.reachable])).toEqual([
      ['abydos', 'abydos', true],
      ['langara', 'langara', true],
      ['orilla', 'orilla', true],
    ]);
    const [abydos, langara, orilla] = facts.map((target) => target.facts);
    expect(abydos?.powerSupplies?.[1]).toMatchObject({ name: 'PS2', hasFailed: true, isInputLost: true });
    expect(abydos?.worstSensorState).toBe('critical');
    expect(langara?.powerOn).toBe(false);
    expect(orilla?.fans?.find(({ name }) => name === 'FAN5')).toEqual({ name: 'FAN5', health: 'critical' });
  });

  test('show the password nowhere', () => {
    expect(`${page}${lines.join('')}`).not.toContain('"demo"');
    expect(lines.join('')).not.toMatch(/password/i);
  });
});

test('a BMC that is down says so, at once, and the others are read', async () => {
  const part = await startBmcs();
  const targets = (part.config['targets'] as object[]).slice(0, 1);
  const dead = { member: 'dead', address: '127.0.0.1', port: 1 };
  const pool = openPool({ ...part.config, targets: [...targets, dead] });
  try {
    const views = await pool.read(Date.now() + 60_000);
    const page = Buffer.concat(expose(views.flatMap(({ snapshot }) => snapshot?.stages ?? []))).toString();
    expect(page).toContain('bmc_up{member="dead",protocol="ipmi"} 0');
    expect(page).toContain('bmc_up{member="abydos",protocol="ipmi"} 1');
    expect(page).not.toMatch(/bmc_temperature_celsius\{member="dead"/);
    const failures = views.flatMap(({ newest, target }) =>
      target === 'dead' ? (newest?.outcomes.flatMap(({ failure }) => failure?.code ?? []) ?? []) : [],
    );
    expect(new Set(failures)).toEqual(new Set(['connect']));
  } finally {
    await pool.close();
    await part.close();
  }
});

describe('configuration', () => {
  const target = { member: 'a', address: '10.0.2.11' };
  const login = { user: 'monitor', password: { env: 'BMC_TEST_PASSWORD' } };
  const problems = (config: object) => {
    try {
      openPool(config);
    } catch (error) {
      return String(error);
    }
    return 'none';
  };

  test.each([
    ['no targets', { defaults: login, targets: [] }, /targets/],
    ['an unknown key', { defaults: login, targets: [{ ...target, adress: 'x' }] }, /adress/],
    ['a member twice', { defaults: login, targets: [target, target] }, /two targets have the same member/],
    ['another suite', { defaults: { ...login, cipher_suite: 0 }, targets: [target] }, /cipher_suite/],
    ['no user', { defaults: { password: login.password }, targets: [target] }, /BMC of a: user is missing/],
    ['no password', { targets: [{ ...target, user: 'x' }] }, /BMC of a: password_file or password is missing/],
    ['a password in the file', { defaults: { ...login, password: 'x' }, targets: [target] }, /password/],
    [
      'a certificate that is none',
      { defaults: login, targets: [{ ...target, protocol: 'redfish', server_certificate: '/etc/hostname' }] },
      /not a certificate in PEM/,
    ],
  ])('%s is refused', (_, config, message) => {
    expect(problems(config)).toMatch(message);
  });

  test('a target’s own keys go before the defaults', () => {
    expect(problems({ defaults: login, targets: [{ ...target, user: 'other', protocol: 'redfish' }] })).toBe('none');
  });
});
