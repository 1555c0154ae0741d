import { afterEach, beforeEach, expect, test } from 'vitest';
import { instances, members, projects } from '../../../src/demo/rack.ts';
import { connect, type Rack } from './connect.ts';
import { parseExposition } from './exposition.ts';

let rack: Rack;
beforeEach(async () => {
  rack = await connect();
});
afterEach(() => rack.part.close());

const MINUTE_MS = 60_000;

interface Listed {
  readonly name: string;
  readonly project: string;
  readonly location: string;
  readonly status: string;
  readonly state?: object | null;
  readonly config: Readonly<Record<string, string>>;
}

const listed = (recursion = 1): Promise<Listed[]> =>
  rack.get(`/1.0/instances?recursion=${recursion}&all-projects=true`);

const statuses = async () =>
  Object.fromEntries(
    (await rack.get('/1.0/cluster/members?recursion=1')).map((one: { server_name: string; status: string }) => [
      one.server_name,
      one.status,
    ]),
  );

test('63 instances in 9 projects, and a default project without any', async () => {
  const all = await listed();
  expect(all).toHaveLength(63);
  expect(new Set(all.map(({ project }) => project))).toEqual(new Set(projects));
  expect(projects).toHaveLength(9);
  expect(await rack.get('/1.0/instances')).toEqual([]);
  const urls = await rack.get('/1.0/instances?all-projects=true');
  expect(urls).toContain('/1.0/instances/vault?project=infra');
  const names = (await rack.get('/1.0/projects?recursion=1')).map(({ name }: { name: string }) => name);
  expect(names).toEqual(['default', ...projects]);
});

test('the members are found at the addresses of the configuration', async () => {
  const list = await rack.get('/1.0/cluster/members?recursion=1');
  expect(list.map(({ url }: { url: string }) => url)).toEqual(rack.part.config.endpoints);
  expect(list.map(({ server_name }: { server_name: string }) => server_name)).toEqual(['abydos', 'langara', 'orilla']);
});

test('an evacuation moves the instances, with the operation to be seen, and the metrics with them', async () => {
  const procs = async (member: string) =>
    parseExposition(await rack.read('/1.0/metrics', member)).get('lxd_procs_total')?.samples.size ?? 0;
  const before = { abydos: await procs('abydos'), orilla: await procs('orilla') };
  rack.state.evacuate('langara');
  expect(await statuses()).toEqual({ abydos: 'Online', langara: 'Evacuated', orilla: 'Online' });
  const { running } = await rack.get('/1.0/operations?recursion=1&all-projects=true');
  expect(running).toContainEqual(
    expect.objectContaining({ description: 'Evacuating cluster member', location: 'langara', status_code: 103 }),
  );
  rack.clock.advance(5 * MINUTE_MS);
  const left = (await listed()).filter(({ location }) => location === 'langara');
  expect(left.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
    'dns2 Stopped',
    'frr2 Stopped',
    'haproxy2 Stopped',
    'ntp2 Stopped',
    'pg2 Stopped',
  ]);
  expect(left.every(({ config }) => config['volatile.last_state.power'] === 'RUNNING')).toBe(true);
  expect(await procs('langara')).toBe(0);
  expect((await procs('abydos')) + (await procs('orilla'))).toBeGreaterThan(before.abydos + before.orilla);
  const moved = (await listed()).filter(({ config }) => config['volatile.evacuate.origin'] === 'langara');
  expect(moved.length).toBeGreaterThan(5);
  rack.state.restore('langara');
  rack.clock.advance(5 * MINUTE_MS);
  expect(await statuses()).toEqual({ abydos: 'Online', langara: 'Online', orilla: 'Online' });
  const homes = Object.fromEntries(instances.map(({ home, name, project }) => [`${project}/${name}`, home]));
  for (const { location, name, project } of await listed()) expect(location, name).toBe(homes[`${project}/${name}`]);
});

test('of a dead member the cluster says "online" for 20 s, then "offline", and its instances are in error at once', async () => {
  rack.state.kill('abydos');
  const ask = (path: string) => rack.get(path, 'orilla');
  const members = async () => (await ask('/1.0/cluster/members?recursion=1'))[0];
  expect(await members()).toMatchObject({ status: 'Online', roles: ['database'] });
  const all: Listed[] = await ask('/1.0/instances?recursion=2&all-projects=true');
  for (const { location, state, status } of all)
    if (location === 'abydos') expect({ state, status }).toEqual({ state: null, status: 'Error' });
    else expect(status).not.toBe('Error');
  rack.clock.advance(31_500);
  expect(await members()).toMatchObject({
    status: 'Offline',
    message: expect.stringMatching(/^No heartbeat for 31.5s \(/),
  });
  const offline = { type: 'Offline cluster member', location: 'langara', count: 3 };
  expect(await ask('/1.0/warnings?recursion=1')).toContainEqual(expect.objectContaining({ ...offline, status: 'new' }));
  rack.state.revive('abydos');
  expect(await members()).toMatchObject({ status: 'Online' });
  expect(await ask('/1.0/warnings?recursion=1')).toContainEqual(
    expect.objectContaining({ type: 'Offline cluster member', status: 'resolved' }),
  );
});

test('an evacuated member that dies goes on saying that it is evacuated', async () => {
  rack.state.evacuate('langara');
  rack.clock.advance(5 * MINUTE_MS);
  rack.state.kill('langara');
  rack.clock.advance(5 * MINUTE_MS);
  expect((await statuses()).langara).toBe('Evacuated');
});

test('the state of a member agrees with its resources', async () => {
  for (const { name } of members) {
    const { sysinfo, storage_pools } = await rack.get(`/1.0/cluster/members/${name}/state`, 'abydos');
    const { cpu, memory } = await rack.get(`/1.0/resources?target=${name}`);
    expect(cpu.total).toBe(48);
    expect(sysinfo.logical_cpus).toBe(48);
    expect(memory.total).toBe(274_877_906_944);
    expect(sysinfo.total_ram - sysinfo.free_ram).toBe(memory.used);
    expect(memory.used).toBeLessThan(memory.total);
    expect(sysinfo.load_averages[0]).toBeGreaterThan(1);
    expect(Object.keys(storage_pools)).toEqual(['hdd', 'ssd', 'shared', 'local']);
    for (const pool of ['ssd', 'local'])
      expect(await rack.get(`/1.0/storage-pools/${pool}/resources?target=${name}`)).toEqual(storage_pools[pool]);
  }
});

test('no project uses more than it may, no pool more than it has, and disks grow', async () => {
  for (const project of ['default', ...projects]) {
    const { resources } = await rack.get(`/1.0/projects/${project}/state`);
    for (const [what, { Limit, Usage }] of Object.entries<{ Limit: number; Usage: number }>(resources))
      if (Limit !== -1) expect(Usage, `${project} ${what}`).toBeLessThanOrEqual(Limit);
  }
  const used = async () => (await rack.get('/1.0/storage-pools/hdd/resources')).space;
  const before = await used();
  rack.clock.advance(24 * 60 * MINUTE_MS);
  const after = await used();
  expect(after.used).toBeGreaterThan(before.used);
  expect(after.used).toBeLessThan(after.total);
});

test('networks are listed by project, and the host with the default one', async () => {
  const names = async (project: string) =>
    (await rack.get(`/1.0/networks?recursion=1&project=${project}`)).map(({ name }: { name: string }) => name);
  expect(await names('infra')).toEqual(['infra', 'anycast']);
  expect(await names('default')).toEqual(expect.arrayContaining(['UPLINK', 'lo', 'bond-sw01', 'bond-sw01.50', 'eno1']));
  const { ovn, bond } = await rack.get('/1.0/networks/web/state?project=web');
  expect(members.map(({ name }) => name)).toContain(ovn.chassis);
  expect(bond).toBeNull();
  rack.state.evacuate(ovn.chassis);
  expect((await rack.get('/1.0/networks/web/state?project=web')).ovn.chassis).not.toBe(ovn.chassis);
});

test('the links of a host tell their legs, VLANs and carrier', async () => {
  rack.state.cutLink('orilla', 'eno2');
  const state = (device: string) => rack.get(`/1.0/networks/${device}/state?target=orilla`);
  expect(await state('bond-sw01')).toMatchObject({ state: 'up', bond: { lower_devices: ['eno1', 'eno2'] } });
  expect(await state('bond-sw01.51')).toMatchObject({ vlan: { lower_device: 'bond-sw01', vid: 51 } });
  expect(await state('eno1')).toMatchObject({ state: 'up' });
  expect(await state('eno2')).toMatchObject({ state: 'down' });
  expect(await rack.get('/1.0/networks/eno2/state', 'abydos')).toMatchObject({ state: 'up' });
  const { network } = await rack.get('/1.0/resources', 'orilla');
  const ports = network.cards.flatMap((card: { ports: object[] }) => card.ports);
  expect(ports).toHaveLength(6);
  expect(ports).toContainEqual(expect.objectContaining({ id: 'eno1', link_detected: true, link_speed: 1000 }));
  expect(ports.find(({ id }: { id: string }) => id === 'eno2')).not.toHaveProperty('link_speed');
});

test('forwards and load balancers lead to instances of their network', async () => {
  const minecraft = instances.find(({ name }) => name === 'minecraft')?.ipv4;
  expect(await rack.get('/1.0/networks/games/forwards?recursion=1&project=games')).toMatchObject([
    { listen_address: '203.0.113.65', ports: [{ protocol: 'tcp', listen_port: '25565', target_address: minecraft }] },
  ]);
  const [balancer] = await rack.get('/1.0/networks/cdn/load-balancers?recursion=1&project=web');
  expect(balancer.backends.map(({ name }: { name: string }) => name)).toEqual(['www1', 'cdn1']);
  expect(balancer.ports[0].target_backend).toEqual(['www1', 'cdn1']);
  expect(await rack.get('/1.0/networks/home/forwards?recursion=1&project=home')).toEqual([]);
});

test('a warning that a scenario adds is listed and counted', async () => {
  const type = 'Unable to update cluster certificate';
  rack.state.addWarning({ type, severity: 'moderate', message: 'disk full', member: 'orilla', project: 'web' });
  expect(await rack.get('/1.0/warnings?recursion=1')).toContainEqual(
    expect.objectContaining({ type, severity: 'moderate', location: 'orilla', project: 'web', status: 'new' }),
  );
  const families = parseExposition(await rack.read('/1.0/metrics', 'orilla'));
  expect(families.get('lxd_warnings_total')?.samples.get('lxd_warnings_total')).toBe(2);
});
