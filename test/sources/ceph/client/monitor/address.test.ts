import { expect, test } from 'vitest';
import { formatAddress, parseMonitor, splitMonitors } from '../../../../../src/sources/ceph/client/monitor/address.ts';

test.each([
  ['10.0.0.11', ['v2:10.0.0.11:3300', 'v1:10.0.0.11:6789']],
  ['10.0.0.11:3300', ['v2:10.0.0.11:3300']],
  ['10.0.0.11:6789', ['v1:10.0.0.11:6789']],
  ['10.0.0.11:40100', ['10.0.0.11:40100']],
  ['v2:10.0.0.11:40100/0', ['v2:10.0.0.11:40100']],
  ['v1:10.0.0.11', ['v1:10.0.0.11:6789']],
  ['[v2:10.0.0.11:3300/0,v1:10.0.0.11:6789/0]', ['v2:10.0.0.11:3300', 'v1:10.0.0.11:6789']],
  ['[v2:[2001:db8::1]:3300/0,v1:[2001:db8::1]:6789/0]', ['v2:[2001:db8::1]:3300', 'v1:[2001:db8::1]:6789']],
  ['[2001:db8::1]', ['v2:[2001:db8::1]:3300', 'v1:[2001:db8::1]:6789']],
  ['mon-1.example.net', ['v2:mon-1.example.net:3300', 'v1:mon-1.example.net:6789']],
])('%s', (text, addresses) => {
  expect(parseMonitor(text).map(formatAddress)).toEqual(addresses);
});

test.each(['', ':3300', 'a b', 'v3:10.0.0.11', '10.0.0.11:99999', '[10.0.0.11', '2001:db8::1', 'http://10.0.0.11'])(
  '%j is no address',
  (text) => {
    expect(() => parseMonitor(text)).toThrow('not the address of a monitor');
  },
);

test('mon_host is split outside of brackets', () => {
  expect(splitMonitors('[v2:10.0.0.11:3300,v1:10.0.0.11:6789],[v2:10.0.0.12:3300,v1:10.0.0.12:6789]')).toEqual([
    '[v2:10.0.0.11:3300,v1:10.0.0.11:6789]',
    '[v2:10.0.0.12:3300,v1:10.0.0.12:6789]',
  ]);
  expect(splitMonitors(' 10.0.0.11, 10.0.0.12; 10.0.0.13 mon4 ')).toEqual([
    '10.0.0.11',
    '10.0.0.12',
    '10.0.0.13',
    'mon4',
  ]);
});
