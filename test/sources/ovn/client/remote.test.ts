import { expect, test } from 'vitest';
import { parseRemote, serverOf } from '../../../../src/sources/ovn/client/remote.ts';

test.each([
  ['tcp:10.0.0.11:6641', { kind: 'tcp', host: '10.0.0.11', port: 6641 }],
  ['ssl:ovn1.example:6642', { kind: 'ssl', host: 'ovn1.example', port: 6642 }],
  ['ssl:[2001:db8::1]:6642', { kind: 'ssl', host: '2001:db8::1', port: 6642 }],
  ['unix:/run/ovn/ovnnb_db.sock', { kind: 'unix', path: '/run/ovn/ovnnb_db.sock' }],
])('reads %s', (text, remote) => {
  expect(parseRemote(text)).toEqual(remote);
});

test.each([
  '',
  '10.0.0.11:6641',
  'tcp:10.0.0.11',
  'ptcp:6641',
  'tcp:10.0.0.11:0',
  'tcp:10.0.0.11:65536',
  'unix:run/x',
  'tcp:2001:db8::1:6641',
])('refuses %s', (text) => {
  expect(() => parseRemote(text)).toThrow(expect.objectContaining({ code: 'not_found' }));
});

test('names a server by its address', () => {
  expect(serverOf('ssl:[2001:db8::1]:6642')).toBe('[2001:db8::1]:6642');
  expect(serverOf('unix:/run/ovn/ovnnb_db.sock')).toBe('/run/ovn/ovnnb_db.sock');
});
