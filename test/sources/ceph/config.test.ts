import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cephConfig, loadMonitors, memberOf } from '../../../src/sources/ceph/config.ts';

const managers = ['http://10.0.0.11:9283'];
const folder = mkdtempSync(join(tmpdir(), 'ceph-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a list of managers is enough', () => {
  expect(cephConfig.parse({ managers })).toEqual({
    managers,
    monitors: [],
    exporters: [],
    families: 'core',
    pools: {},
    pool_defaults: {},
    frozen_after: 60_000,
  });
});

test('monitors are addresses, or have a name', () => {
  const { monitors } = cephConfig.parse({
    managers,
    monitors: ['10.0.0.11', '10.0.0.12:40100', { name: 'c', addresses: ['v2:10.0.0.13:40101', 'v1:10.0.0.13:40201'] }],
  });
  expect(monitors.map(({ label, addresses }) => [label, addresses.map(({ port }) => port)])).toEqual([
    ['10.0.0.11', [3300, 6789]],
    ['10.0.0.12:40100', [40100]],
    ['c', [40101, 40201]],
  ]);
});

test.each([
  [{}, /managers/],
  [{ managers: [] }, /managers/],
  [{ managers: ['10.0.0.11:9283'] }, /not a URL such as http/],
  [{ managers, monitors: ['10.0.0.11:99999'] }, /10\.0\.0\.11:99999: not the address of a monitor/],
  [{ managers, families: 'some' }, /core/],
  [{ managers, frozen_after: '60' }, /duration/],
  [{ managers, mon: [] }, /mon/],
  [{ managers, pools: { ssd: { size: 0 } } }, /pools.*ssd.*size/],
  [{ managers, pool_defaults: { domain: 'host' } }, /domain/],
  [{ managers, monitors: ['10.0.0.11'], conf: '/etc/ceph/ceph.conf' }, /exclude each other/],
])('%j is refused', (config, message) => {
  const { error } = cephConfig.safeParse(config);
  expect(JSON.stringify(error?.issues)).toMatch(message);
});

test('a ceph.conf names the monitors', () => {
  const conf = join(folder, 'ceph.conf');
  writeFileSync(conf, '[global]\nmon_host = [v2:10.0.0.11:3300/0,v1:10.0.0.11:6789/0] 10.0.0.12\n');
  const monitors = loadMonitors(cephConfig.parse({ managers, conf }));
  expect(monitors.map(({ label, addresses }) => [label, addresses.length])).toEqual([
    ['10.0.0.11', 2],
    ['10.0.0.12', 2],
  ]);
  writeFileSync(conf, '[global]\nfsid = x\n');
  expect(() => loadMonitors(cephConfig.parse({ managers, conf }))).toThrow('no mon_host');
  expect(() => loadMonitors(cephConfig.parse({ managers, conf: `${conf}.absent` }))).toThrow('ENOENT');
});

test('a host is the member of its name, unless the configuration says otherwise', () => {
  const config = { members: new Map([['abydos.example.net', 'abydos']]) };
  expect(['abydos.example.net', 'langara', undefined].map((host) => memberOf(config, host))).toEqual([
    'abydos',
    'langara',
    '',
  ]);
});
