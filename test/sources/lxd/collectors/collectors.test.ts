import { expect, test } from 'vitest';
import { collectOnce } from '../collect.ts';
import { cluster } from '../fake-cluster.ts';

const links = `    links:
      - { device: bond0, role: uplink }
      - { device: "bond0.*", role: wan }
      - { device: "eth*", role: port }
`;

test('every collector, on a cluster whose members are of two versions', async () => {
  const { failures, page } = await collectOnce(cluster, links);
  expect(failures).toEqual({});
  await expect(page).toMatchFileSnapshot('golden/cluster.prom');
});

test('every answer is asked for once in a cycle', async () => {
  const { asked } = await collectOnce(cluster, links);
  expect([...asked].sort()).toEqual([...new Set(asked)].sort());
});

test('a member that answers nothing is down, also where no links are to be shown', async () => {
  const dead = Object.keys(cluster).filter((path) => path.endsWith('target=m2'));
  const { up } = await collectOnce({ ...cluster, ...Object.fromEntries(dead.map((path) => [path, 503])) });
  expect(up).toEqual({ cluster: true, instances: true, m1: true, m2: false });
});

test('facts carry what insights need', async () => {
  const answers = {
    ...cluster,
    '/1.0/instances?recursion=2&all-projects=true': [
      {
        name: 'dns1',
        project: 'infra',
        type: 'container',
        architecture: 'x86_64',
        status: 'Running',
        location: 'm2',
        expanded_config: {
          'volatile.uuid': 'ce811c54-3a6f-4382-8d64-bff4ddea7b6d',
          'volatile.evacuate.origin': 'm1',
          'volatile.last_state.power': 'RUNNING',
          'volatile.eth0.hwaddr': '00:16:3e:00:00:01',
          'boot.autostart': 'false',
          'cluster.evacuate': 'stop',
        },
        expanded_devices: {
          data: { type: 'disk', pool: 'local', path: '/data' },
          eth0: {
            type: 'nic',
            network: 'anycast',
            'ipv4.routes.external': '203.0.113.53/32, 203.0.113.54/32',
            'ipv6.routes.external': '2001:db8::53/128',
          },
          root: { type: 'disk', pool: 'remote', path: '/' },
        },
        state: {
          memory: { usage: 500_000 },
          network: {
            eth0: {
              hwaddr: '00:16:3e:00:00:01',
              addresses: [
                { address: '10.101.0.10', scope: 'global' },
                { address: 'fe80::1', scope: 'link' },
              ],
            },
          },
        },
      },
    ],
  };
  const { facts } = await collectOnce(answers, links);
  expect(facts['instances']?.instances).toEqual([
    {
      project: 'infra',
      name: 'dns1',
      kind: 'container',
      member: 'm2',
      state: 'running',
      uuid: 'ce811c54-3a6f-4382-8d64-bff4ddea7b6d',
      evacuateOrigin: 'm1',
      lastPowerRunning: true,
      autostart: false,
      evacuate: 'stop',
      pools: ['remote', 'local'],
      nics: [
        {
          device: 'eth0',
          network: 'anycast',
          hwaddr: '00:16:3e:00:00:01',
          addresses: ['10.101.0.10'],
          externalRoutes: ['203.0.113.53/32', '203.0.113.54/32', '2001:db8::53/128'],
        },
      ],
    },
  ]);
  expect(facts['instances']?.memoryUsedBytes).toEqual([500_000]);
  expect(facts['cluster']).toMatchObject({
    clustered: true,
    serverVersion: '5.21.3',
    members: [
      { name: 'm1', status: 'online', roles: ['database-leader', 'database'] },
      { name: 'm2', status: 'evacuated', roles: [] },
    ],
    pools: [
      { name: 'remote', driver: 'ceph', shared: true },
      { name: 'local', driver: 'zfs', shared: false },
      { name: 'objects', driver: 'cephobject', shared: true },
    ],
  });
  expect(facts['m1']?.host).toEqual({
    bootedAt: expect.closeTo(Date.now() / 1000 - 3600, -2),
    member: 'm1',
    cpus: 8,
    memoryTotalBytes: 16_000,
    memoryUsedBytes: 10_000,
  });
  expect(facts['m1']?.links).toContainEqual({
    member: 'm1',
    device: 'bond0',
    role: 'uplink',
    up: true,
    bondLegs: 3,
    bondLegsUp: 2,
  });
});

test('one collector that fails takes nothing from the others', async () => {
  const { failures, page } = await collectOnce({ ...cluster, '/1.0/warnings?recursion=1': 403 });
  expect(failures).toEqual({
    'cluster warnings': { code: 'forbidden', message: '/1.0/warnings: LXD answered 403: no /1.0/warnings?recursion=1' },
  });
  expect(page).not.toContain('lxd_warnings');
  expect(page).toContain('lxd_operations_running{member="m1",description="Executing command"} 2\n');
});

test('a server that is not clustered is its own only member', async () => {
  const single = Object.fromEntries(
    Object.entries(cluster).map(([path, answer]) => [path.replace(/[?&]target=m1$/, ''), answer]),
  );
  const { failures, page } = await collectOnce({
    ...single,
    '/1.0/cluster/members?recursion=1': 500,
    '/1.0/cluster/members/m1/state': 500,
    '/1.0': {
      auth: 'trusted',
      api_extensions: [],
      environment: {
        server: 'lxd',
        server_clustered: false,
        server_name: 'm1',
        server_version: '5.0.2',
        architectures: ['x86_64'],
      },
    },
    '/1.0/instances?recursion=2&all-projects=true': [
      {
        name: 'c1',
        project: 'default',
        type: 'container',
        architecture: 'x86_64',
        status: 'Running',
        location: 'none',
      },
    ],
    '/1.0/storage-pools?recursion=1': [{ name: 'local', driver: 'dir' }],
  });
  expect(failures).toEqual({});
  expect(page).toContain('lxd_cluster_member_info{member="m1",architecture="x86_64"} 1\n');
  expect(page).toContain('lxd_cluster_member_status{member="m1",status="online"} 1\n');
  expect(page).toContain(
    'lxd_instance_info{project="default",name="c1",member="m1",kind="container",architecture="x86_64"} 1\n',
  );
  expect(page).toContain('lxd_storage_pool_size_bytes{pool="local",driver="dir",member="m1"} 70\n');
  expect(page.match(/^lxd_storage_pool_size_bytes/gm)).toHaveLength(1);
});

test('a certificate that is restricted to some projects gets what those have', async () => {
  const restricted = {
    ...cluster,
    '/1.0/metrics?target=m1': 403,
    '/1.0/metrics?project=web&target=m1': 'lxd_procs_total{name="plain",project="web",type="container"} 3\n# EOF\n',
    '/1.0/metrics?project=my+lab&target=m1': 403,
    '/1.0/metrics?target=m2': 403,
    '/1.0/metrics?project=web&target=m2': 403,
    '/1.0/metrics?project=my+lab&target=m2': 403,
    '/1.0/projects?recursion=1&target=m1': [{ name: 'web' }, { name: 'my lab' }],
    '/1.0/projects?recursion=1&target=m2': [{ name: 'web' }, { name: 'my lab' }],
    '/1.0/instances?recursion=2&all-projects=true': 403,
    '/1.0/instances?recursion=2&project=web': [
      { name: 'c1', project: 'web', type: 'container', architecture: 'x86_64', status: 'Running', location: 'm1' },
    ],
    '/1.0/instances?recursion=2&project=my+lab': [],
  };
  const { failures, page } = await collectOnce(restricted);
  expect(Object.keys(failures)).toEqual(['m2 native']);
  expect(failures['m2 native']).toEqual({
    code: 'forbidden',
    message: 'the certificate may read /1.0/metrics of no project',
  });
  expect(page).toContain('lxd_procs_total{name="plain",project="web",type="container",member="m1"} 3\n');
  expect(page).toContain('lxd_instance_state{project="web",name="c1",state="running"} 1\n');
});

test('a server that is not trusted, and one that is not LXD, say so', async () => {
  const untrusted = await collectOnce({ '/1.0': { auth: 'untrusted', api_extensions: [] } });
  expect(untrusted.failures['cluster members']).toEqual({
    code: 'auth',
    message: 'LXD does not trust this process on its unix socket',
  });
  const incus = await collectOnce({
    '/1.0': { auth: 'trusted', api_extensions: [], environment: { server: 'incus' } },
  });
  expect(incus.failures['cluster members']).toEqual({
    code: 'unsupported',
    message: 'the server calls itself "incus", not "lxd"',
  });
});
