/** The messenger protocols of Ceph: `v2` (since Nautilus, port 3300) and `v1` (port 6789). */
export type Messenger = 'v1' | 'v2';

/**
 * The first bytes of a monitor, sent as soon as somebody connects, before any authentication.
 * v2: "ceph v2\n" and the lengths and features that follow (doc/dev/msgr2.rst, "Banner").
 * v1: "ceph v027" (doc/dev/network-protocol.rst, "Message transfer").
 */
const banners: readonly (readonly [Messenger, Buffer])[] = [
  ['v2', Buffer.from('ceph v2\n', 'latin1')],
  ['v1', Buffer.from('ceph v027', 'latin1')],
];

/** The messenger that a peer speaks: `undefined` as long as too few bytes are there, `unknown` if it is not Ceph's. */
export function decodeBanner(bytes: Buffer): Messenger | 'unknown' | undefined {
  for (const [messenger, banner] of banners) {
    if (bytes.length >= banner.length && banner.equals(bytes.subarray(0, banner.length))) return messenger;
  }
  const mayBecome = banners.some(([, banner]) => bytes.equals(banner.subarray(0, bytes.length)));
  return mayBecome ? undefined : 'unknown';
}
