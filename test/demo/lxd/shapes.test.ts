import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Rack } from './connect.ts';

let rack: Rack;
beforeAll(async () => {
  rack = await connect();
  // So that the list of operations is not empty.
  rack.state.evacuate('langara');
});
afterAll(() => rack.part.close());

const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/lxd-5.0.2/${name}.json`, import.meta.url), 'utf8'));

/** Objects whose keys are names of things or settings, and not part of the format. */
const map = /\.(config|expanded_config|(expanded_)?devices(\.\*)?|kernel_features|state\.network|state\.disk)$/;

/** Every leaf as `.metadata[].state.cpu.usage: number`; a null says nothing of a type. */
function leaves(value: unknown, path = ''): string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, `${path}[]`));
  if (typeof value !== 'object') return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}.${map.test(path) ? '*' : key}`));
}

interface Case {
  readonly name: string;
  readonly path: string;
  /** What 5.21 has added, or what the recorded server happened to have none of. */
  readonly more?: readonly string[];
  /** What the recorded server had and this one happens to have none of. */
  readonly less?: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'server',
    path: '/1.0',
    more: [
      '.auth_user_method: string',
      '.auth_user_name: string',
      '.client_certificate: boolean',
      '.environment.backup_metadata_version_range[]: number',
      '.environment.instance_types[]: string',
      '.environment.server_lts: boolean',
    ],
  },
  { name: 'cluster', path: '/1.0/cluster' },
  { name: 'cluster-members', path: '/1.0/cluster/members?recursion=1' },
  {
    name: 'instances-full',
    path: '/1.0/instances?recursion=2&all-projects=true',
    more: ['[].state.disk.*.total: number', '[].state.disk.*.usage: number', '[].state.memory.total: number'],
  },
  { name: 'projects', path: '/1.0/projects?recursion=1' },
  { name: 'project-state', path: '/1.0/projects/web/state' },
  { name: 'storage-pools', path: '/1.0/storage-pools?recursion=1', more: ['[].config.*: string'] },
  { name: 'storage-pool-resources', path: '/1.0/storage-pools/ssd/resources' },
  { name: 'networks', path: '/1.0/networks?recursion=1' },
  {
    name: 'interface-state',
    path: '/1.0/networks/bond-sw01/state',
    more: [
      '.bond.down_delay: number',
      '.bond.lower_devices[]: string',
      '.bond.mii_frequency: number',
      '.bond.mii_state: string',
      '.bond.mode: string',
      '.bond.transmit_policy: string',
      '.bond.up_delay: number',
    ],
    less: [
      '.addresses[].address: string',
      '.addresses[].family: string',
      '.addresses[].netmask: string',
      '.addresses[].scope: string',
    ],
  },
  { name: 'bridge-state', path: '/1.0/networks/br-hosts/state' },
  { name: 'warnings', path: '/1.0/warnings?recursion=1' },
  {
    name: 'operations',
    path: '/1.0/operations?recursion=1&all-projects=true',
    more: ['.running[].resources.cluster_members[]: string', '.running[].resources.instances[]: string'],
    less: ['.running[].metadata.secret: string', '.running[].resources.images[]: string'],
  },
];

test.each(cases)(
  '$name has the keys and types of the recorded answer',
  async ({ name, path, more = [], less = [] }) => {
    const { status, contentType, text } = await rack.ask(path);
    expect({ status, contentType }).toEqual({ status: 200, contentType: 'application/json' });
    const within = (leaf: string) => leaf.replace('.metadata', '');
    const real = new Set(leaves(recorded(name)).map(within));
    const ours = new Set(leaves(JSON.parse(text)).map(within));
    expect([...real].filter((leaf) => !ours.has(leaf)).sort()).toEqual([...less].sort());
    expect([...ours].filter((leaf) => !real.has(leaf)).sort()).toEqual([...more].sort());
  },
);

test('the envelope has the keys of the recorded one, in its order', async () => {
  expect(Object.keys(JSON.parse(await rack.read('/1.0/cluster')))).toEqual(Object.keys(recorded('cluster') as object));
});

test('the resources have every key of the recorded ones, and those of real hardware', async () => {
  const ours = new Set(leaves({ ...(await rack.get('/1.0/resources')), pci: null }));
  const real = leaves({ ...(recorded('resources') as { metadata: object }).metadata, pci: null });
  expect(real.filter((leaf) => !ours.has(leaf))).toEqual([]);
  expect(ours).toContain('.network.cards[].ports[].link_speed: number');
});

test('a stopped instance has a state without a network, and none of its counters', async () => {
  const { metadata } = recorded('instances-full') as { metadata: readonly { name: string; state: object }[] };
  const ours = await rack.get('/1.0/instances?recursion=2&project=lab');
  expect(ours.find(({ name }: { name: string }) => name === 'old')).toMatchObject({
    status: 'Stopped',
    status_code: 102,
    state: metadata.find(({ name }) => name === 'w3')?.state,
  });
});

test('where nothing runs, the operations are an empty object', async () => {
  rack.state.restore('langara');
  rack.clock.advance(300_000);
  expect(await rack.get('/1.0/operations?recursion=1')).toEqual(
    (recorded('operations-none') as { metadata: object }).metadata,
  );
});
