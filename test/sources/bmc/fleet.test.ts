import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configuredSources } from '../../../src/config/load.ts';
import { parseConfig } from '../../../src/config/problems.ts';
import { configSchema } from '../../../src/config/schema.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { codeOf } from '../../../src/core/errors.ts';
import { expose } from '../../../src/core/exposition.ts';
import { TargetPool } from '../../../src/core/target-pool.ts';
import { type BmcPart, startBmcs } from '../../../src/demo/bmc/index.ts';
import { bmc } from '../../../src/sources/bmc/index.ts';

interface Login {
  readonly targets: readonly { address: string; port?: number; protocol?: string }[];
  readonly defaults: Readonly<Record<string, unknown>>;
}

let part: BmcPart;
let pool: TargetPool;

beforeAll(async () => {
  part = await startBmcs({ isPowered: () => true });
  const { defaults, targets } = part.config as unknown as Login;
  const ipmi = targets.find(({ protocol }) => protocol !== 'redfish');
  pool = open({
    modules: { default: { ...defaults, port: ipmi?.port } },
    allow: ['127.0.0.0/30', '2001:db8::/64'],
    members: [{ member: 'abydos', address: 'localhost' }],
  });
}, 60_000);

afterAll(async () => {
  await pool?.close();
  await part?.close();
});

function open(fleet: object): TargetPool {
  const parsed = parseConfig(configSchema([bmc]), JSON.stringify({ sources: { bmc: { fleet } } }), 'test.yaml');
  return new TargetPool(configuredSources(parsed, [bmc]), { log: pino({ level: 'silent' }), clock: systemClock });
}

const soon = () => Date.now() + 30_000;
const refusal = async (address: string, module = 'default') =>
  codeOf(await pool.probe('bmc', address, module, soon()).catch((error: unknown) => error));

test('an address of an allowed range is read, under its own name', async () => {
  const view = await pool.probe('bmc', '127.0.0.1', 'default', soon());
  expect(view).toMatchObject({ source: 'bmc', target: '127.0.0.1', up: true });
  const page = Buffer.concat(expose(view.snapshot?.stages ?? [])).toString();
  expect(page).toMatch(/^bmc_temperature_celsius\{member="127\.0\.0\.1",sensor="CPU1 Temp",number="1"\} \d+$/m);
});

test('a listed member is read under its name', async () => {
  const view = await pool.probe('bmc', 'localhost', 'default', soon());
  const page = Buffer.concat(expose(view.snapshot?.stages ?? [])).toString();
  expect(page).toContain('bmc_up{member="abydos",protocol="ipmi"} 1\n');
});

test.each(['127.0.0.4', '10.0.2.11', '2001:db9::1', 'bmc.example', '127.1', '::ffff:7f00:4', ''])(
  'a credential does not leave for %j',
  async (address) => {
    expect(await refusal(address)).toBe('forbidden');
  },
);

test('a module that is not there is said to be missing', async () => {
  expect(await refusal('127.0.0.1', 'other')).toBe('not_found');
});

test('what there is to probe is what is listed', () => {
  expect(pool.discover('bmc')).toEqual([{ member: 'abydos', address: 'localhost', module: 'default' }]);
});

test.each([
  [{}, 'targets needs a BMC, or fleet.modules a login'],
  [{ modules: { default: {} }, allow: ['10.0.0.0'] }, 'not a range of addresses'],
  [{ modules: { default: {} }, allow: ['10.0.0.0/33'] }, 'not a range of addresses'],
  [
    { modules: { default: {} }, members: [{ member: 'a', address: 'b', module: 'c' }] },
    'names a module that is not there',
  ],
])('%j is a mistake', (fleet, message) => {
  expect(() => open(fleet)).toThrow(message);
});
