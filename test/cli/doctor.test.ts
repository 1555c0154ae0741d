import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/cli/doctor/report.ts';
import { type DemoRack, startDemoRack } from '../../src/demo/index.ts';
import { configFile, rackwatch } from './program.ts';

interface BmcSettings {
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly targets: readonly Readonly<Record<string, unknown>>[];
}

let rack: DemoRack;
beforeAll(async () => {
  rack = await startDemoRack();
});
afterAll(() => rack.close());

/** Time enough on a machine that has much else to do. */
const patient = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { ...rack.sources[name], timeout: '60s' }]));

async function doctor(config: object): Promise<{ code: number | null; report: Report; text: string }> {
  const file = configFile(JSON.stringify(config));
  const [json, text] = [
    await rackwatch('doctor', '--config', file, '--json'),
    await rackwatch('doctor', '--config', file),
  ];
  expect([json.stderr, text.stderr]).toEqual(['', '']);
  expect(json.code).toBe(text.code);
  return { code: json.code, report: JSON.parse(json.stdout) as Report, text: text.stdout };
}

/** A port of this host on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A BMC of the rack over IPMI, and other keys. */
function oneBmc(more: object, keys: object = {}) {
  const { defaults, targets } = rack.sources['bmc'] as unknown as BmcSettings;
  return {
    sources: { bmc: { timeout: '60s', defaults: { ...defaults, ...keys }, targets: [{ ...targets[0], ...more }] } },
  };
}

test('the whole rack, healthy', { timeout: 180_000 }, async () => {
  const { code, report, text } = await doctor({ sources: patient(Object.keys(rack.sources)) });
  expect(report.targets.filter(({ reached }) => !reached)).toEqual([]);
  expect(report.missing).toEqual([]);
  expect(report.joins.map(({ join, missed }) => [join, missed]).sort()).toEqual([
    ['bmc_member', 0],
    ['chassis_member', 0],
    ['image_instance', 0],
    ['instance_member', 0],
    ['instance_port', 0],
    ['osd_member', 0],
    ['port_chassis', 0],
  ]);
  expect([code, report.ok]).toEqual([0, true]);
  const versions = Object.fromEntries(
    report.targets.map(({ source, target, version }) => [`${source} ${target}`, version]),
  );
  expect(versions).toMatchObject({
    'lxd cluster': '5.21.4',
    'lxd langara': '5.21.4',
    'ceph cluster': '17.2.7',
    'ovn ovn': '23.03.1',
    'frr frr1': '8.4.4',
    'bmc abydos': '3.88',
    'bmc orilla': '3.80',
  });
  for (const { clock_offset_seconds: offset, source } of report.targets) {
    if (['ovn', 'frr'].includes(source)) expect(offset).toBeNull();
    else expect(Math.abs(offset ?? Number.NaN), source).toBeLessThan(30);
  }
  expect(text).toMatch(/^lxd +abydos +yes +5\.21\.4 /m);
  expect(text).toMatch(/\nOK: all is reached, read and joined\.\n$/);
  expect(text).not.toContain(String.fromCharCode(27));
});

test('of what has several addresses, each that does not answer is named', { timeout: 120_000 }, async () => {
  const { ceph, lxd, ovn } = rack.sources as Record<string, Record<string, readonly string[]>>;
  const dead = await closedPort();
  const sources = {
    ceph: {
      ...ceph,
      managers: [...(ceph?.['managers'] ?? []), `http://127.0.0.1:${dead}`],
      monitors: [...(ceph?.['monitors'] ?? []), `v2:127.0.0.1:${dead}`],
      timeout: '60s',
    },
    lxd: { ...lxd, endpoints: [...(lxd?.['endpoints'] ?? []), `https://127.0.0.1:${dead}`], timeout: '60s' },
    ovn: {
      ...ovn,
      southbound: [...(ovn?.['southbound'] ?? []), `tcp:127.0.0.1:${dead}`],
      timeout: '60s',
      answer_timeout: '30s',
    },
  };
  const { code, report, text } = await doctor({ sources });
  expect(report.targets.filter(({ reached }) => !reached)).toEqual([]);
  const unreached = report.targets.flatMap(({ target, unreached_addresses }) =>
    unreached_addresses.map(({ address, code: why }) => `${target}: ${address} ${why}`),
  );
  expect(unreached).toEqual([
    `cluster: https://127.0.0.1:${dead} connect`,
    `cluster: http://127.0.0.1:${dead} connect`,
    `cluster: monitor 127.0.0.1:${dead} connect`,
    `ovn: southbound 127.0.0.1:${dead} connect`,
  ]);
  expect(code).toBe(1);
  expect(text).toMatch(/^ovn: no answer of southbound 127\.0\.0\.1:\d+ \(connect\)$/m);
  expect(text).toMatch(/\nNOT OK: 4 addresses not reached\.\n$/);
});

test('a target that is dead is named with the reason', { timeout: 60_000 }, async () => {
  const managers = [`http://127.0.0.1:${await closedPort()}`];
  const { code, report, text } = await doctor({ sources: { ceph: { managers } } });
  expect([code, report.ok]).toEqual([1, false]);
  expect(report.targets).toMatchObject([{ source: 'ceph', target: 'cluster', reached: false, code: 'unavailable' }]);
  expect(text).toMatch(/^ceph +cluster +NO .* \(unavailable\)$/m);
  expect(text).toMatch(/\nNOT OK: 1 of 1 targets not reached\.\n$/);
});

test('a password that is wrong is named as such, and shown nowhere', { timeout: 60_000 }, async () => {
  process.env['RACKWATCH_TEST_BMC'] = 'not-for-any-page';
  try {
    const { code, report, text } = await doctor(oneBmc({ password: { env: 'RACKWATCH_TEST_BMC' } }));
    expect(code).toBe(1);
    expect(report.targets).toMatchObject([{ source: 'bmc', target: 'abydos', reached: false, code: 'auth' }]);
    expect(text).toMatch(/^bmc +abydos +NO .* \(auth\)$/m);
    expect(`${text}${JSON.stringify(report)}`).not.toContain('not-for-any-page');
  } finally {
    delete process.env['RACKWATCH_TEST_BMC'];
  }
});

test('a right that is missing is named with what it would give', { timeout: 60_000 }, async () => {
  const { code, report, text } = await doctor(oneBmc({}, { supermicro_pmbus: true }));
  expect(code).toBe(1);
  expect(report.targets).toMatchObject([{ reached: true, code: null, reason: null }]);
  expect(report.missing).toMatchObject([
    { source: 'bmc', targets: ['abydos'], collector: 'power-supplies', code: 'forbidden' },
  ]);
  expect(text).toMatch(/\n {2}bmc: power-supplies of abydos: right missing \(forbidden\)\n {4}would give: \S/);
});

test('a host that Ceph calls otherwise is named, until the configuration says who it is', {
  timeout: 120_000,
}, async () => {
  const sources = patient(['lxd', 'ceph']);
  const wrong = await doctor({ sources, members: { langarra: { ceph_host: 'langara' } } });
  expect(wrong.code).toBe(1);
  const join = wrong.report.joins.find(({ missed }) => missed > 0);
  expect(join).toMatchObject({ join: 'osd_member', total: 12, missed: 4 });
  expect(join?.names[0]).toMatch(/^osd\.\d+ on host langara$/);
  expect(wrong.text).toMatch(/not joined: osd\.\d+ on host langara\n/);
  const right = await doctor({ sources, members: { langara: { ceph_host: 'langara' } } });
  expect([right.code, right.report.ok]).toEqual([0, true]);
});

test('what --json prints keeps its names', { timeout: 60_000 }, async () => {
  const { report } = await doctor(oneBmc({}));
  expect(Object.keys(report)).toEqual(['version', 'targets', 'missing', 'joins', 'next_failure', 'ok']);
  expect(Object.keys(report.targets[0] ?? {})).toEqual([
    'source',
    'target',
    'reached',
    'code',
    'reason',
    'version',
    'clock_offset_seconds',
    'took_seconds',
    'unreached_addresses',
  ]);
  expect(Object.keys(report.next_failure)).toEqual(['known', 'redundancy', 'member_loss', 'osd_loss']);
});
