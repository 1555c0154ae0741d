import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBanner } from '../../../../../src/sources/ceph/client/monitor/banner.ts';

const v2 = Buffer.from('63657068207632 0a 1000 0100000000000000 0000000000000000'.replaceAll(' ', ''), 'hex');
const v1 = Buffer.from('6365706820763032370000010000', 'hex');

test.each([
  ['too short', Buffer.alloc(0), undefined],
  ['v2', v2, 'v2'],
  ['v1', v1, 'v1'],
  ['an HTTP server', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 'unknown'],
  ['another version of Ceph', Buffer.from('ceph v3\n'), 'unknown'],
  ['an SSH server', Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n'), 'unknown'],
])('%s', (_, bytes, messenger) => {
  expect(decodeBanner(bytes)).toBe(messenger);
});

test.each([
  ['v2', v2, 8],
  ['v1', v1, 9],
] as const)('%s is not known before its last byte, and from there on', (messenger, bytes, length) => {
  for (let end = 0; end <= bytes.length; end++) {
    expect(decodeBanner(bytes.subarray(0, end))).toBe(end < length ? undefined : messenger);
  }
});

test('any other bytes are unknown as soon as they differ', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 9, maxLength: 40 }), (random) => {
      const text = Buffer.from(random).toString('latin1');
      const expected = text.startsWith('ceph v2\n') ? 'v2' : text.startsWith('ceph v027') ? 'v1' : 'unknown';
      expect(decodeBanner(Buffer.from(random))).toBe(expected);
    }),
  );
});
