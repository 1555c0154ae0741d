import { expect, test } from 'vitest';
import { collectOnce } from '../collect.ts';
import { cluster } from '../fake-cluster.ts';

const none = { nat: false, routes: [] };

test('facts carry what the networks announce', async () => {
  const { facts } = await collectOnce(cluster);
  expect(facts['cluster']?.networks).toEqual([
    {
      project: 'my lab',
      name: 'routed',
      kind: 'ovn',
      uplink: 'UPLINK',
      ipv4: { address: '10.100.0.1/24', nat: true, natAddress: '198.51.100.7', nexthop: '172.17.0.100', routes: [] },
      ipv6: { address: '2001:db8:100::1/64', nat: false, nexthop: '2001:db8:17::100', routes: [] },
      hasBgpPeers: false,
      forwards: [{ address: '203.0.113.65' }],
      loadBalancers: [{ address: '203.0.113.81' }],
    },
    {
      project: 'my lab',
      name: 'a bridge',
      kind: 'bridge',
      ipv4: { address: '10.99.0.1/24', nat: false, nexthop: '192.0.2.9', routes: [] },
      ipv6: none,
      hasBgpPeers: true,
      forwards: [
        { address: '203.0.113.66', member: 'm1' },
        { address: '203.0.113.66', member: 'm2' },
        { address: '203.0.113.67' },
      ],
      loadBalancers: [],
    },
    {
      project: 'my lab',
      name: 'UPLINK',
      kind: 'physical',
      ipv4: { ...none, routes: ['203.0.113.0/24', '198.51.100.0/24'] },
      ipv6: { ...none, routes: ['2001:db8:100::/40'] },
      hasBgpPeers: false,
      forwards: [],
      loadBalancers: [],
    },
    {
      project: 'my lab',
      name: 'empty',
      kind: 'macvlan',
      ipv4: none,
      ipv6: none,
      hasBgpPeers: false,
      forwards: [],
      loadBalancers: [],
    },
  ]);
});

test('what this version of LXD does not have is not asked for, and has no sample', async () => {
  const old = {
    ...cluster,
    '/1.0': { ...(cluster['/1.0'] as object), api_extensions: ['clustering', 'network_forward'] },
  };
  const { asked, failures, page } = await collectOnce(old);
  expect(failures).toEqual({});
  expect(asked.filter((path) => path.includes('load-balancers'))).toEqual([]);
  expect(page).toContain('lxd_network_forwards{project="my lab",network="routed"} 1\n');
  expect(page).not.toContain('lxd_network_load_balancers');
});

test('the project default is asked for its networks whatever it says; one that shares them is not', async () => {
  const projects = [{ name: 'default' }, { name: 'web', config: { 'features.networks': 'false' } }];
  const { asked } = await collectOnce({
    ...cluster,
    '/1.0/projects?recursion=1': projects,
    '/1.0/networks?recursion=1&project=default': [],
    '/1.0/projects/default/state': { resources: {} },
  });
  expect(asked.filter((path) => path.startsWith('/1.0/networks?') && path.includes('project='))).toEqual([
    '/1.0/networks?recursion=1&project=default',
  ]);
});

test('a network that is deleted meanwhile has nothing listening; another refusal is a failure', async () => {
  const path = '/1.0/networks/routed/forwards?recursion=1&project=my%20lab';
  const gone = await collectOnce({ ...cluster, [path]: 404 });
  expect(gone.failures).toEqual({});
  expect(gone.page).toContain('lxd_network_forwards{project="my lab",network="routed"} 0\n');
  const refused = await collectOnce({ ...cluster, [path]: 403 });
  expect(refused.failures).toMatchObject({ 'cluster networks': { code: 'forbidden' } });
  expect(refused.page).not.toContain('lxd_network_');
});
