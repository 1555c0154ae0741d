import { createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A key with a certificate that it has signed itself; both are PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
  /** SHA-256 of the certificate, lower-case hex without colons, as LXD writes it. */
  readonly fingerprint: string;
}

interface Subject {
  readonly commonName: string;
  readonly usage: 'server' | 'client';
  /** Host names and IPv4 or IPv6 addresses it is valid for. */
  readonly hosts?: readonly string[];
}

const DAY_MS = 86_400_000;
/** Ten years, as LXD takes. */
const VALID_DAYS = 3650;

/**
 * Makes a self-signed certificate (RFC 5280) with a P-384 key, as LXD makes its own. Node can read certificates but not
 * make them. Its validity is real time, whatever the simulated clock says: the TLS of the other side will look at it.
 */
export function createIdentity({ commonName, usage, hosts = [] }: Subject): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'secp384r1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const name = sequence(attribute(oid.organization, 'rackwatch demo'), attribute(oid.commonName, commonName));
  const serial = randomBytes(16);
  // A positive integer of minimal length (RFC 5280 section 4.1.2.2).
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  const now = Date.now();
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    sequence(oid.ecdsaWithSha384),
    name,
    sequence(utcTime(now - DAY_MS), utcTime(now + VALID_DAYS * DAY_MS)),
    name,
    publicKey,
    der(0xa3, sequence(...extensions(usage, hosts))),
  );
  const signature = sign('sha384', toBeSigned, createPrivateKey(privateKey));
  const raw = sequence(toBeSigned, sequence(oid.ecdsaWithSha384), der(0x03, Buffer.from([0]), signature));
  const certificate = new X509Certificate(raw);
  return {
    certificate: certificate.toString(),
    key: privateKey,
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** Tag, length and value (ITU-T X.690 section 8.1). */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value]);
  const length = value.length < 0x100 ? [0x81, value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const object = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

const oid = {
  ecdsaWithSha384: object('2a8648ce3d040303'),
  organization: object('55040a'),
  commonName: object('550403'),
  keyUsage: object('551d0f'),
  extendedKeyUsage: object('551d25'),
  basicConstraints: object('551d13'),
  subjectAltName: object('551d11'),
  server: object('2b06010505070301'),
  client: object('2b06010505070302'),
};

const attribute = (type: Buffer, text: string): Buffer =>
  der(0x31, sequence(type, der(0x0c, Buffer.from(text, 'utf8'))));

/** `YYMMDDHHMMSSZ`, which is right until 2049 (RFC 5280 section 4.1.2.5.1). */
const utcTime = (ms: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));

const extension = (type: Buffer, critical: boolean, value: Buffer): Buffer =>
  sequence(type, ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

function extensions(usage: Subject['usage'], hosts: readonly string[]): Buffer[] {
  // Digital signature and key encipherment (RFC 5280 section 4.2.1.3), not a certificate authority.
  const list = [
    extension(oid.keyUsage, true, der(0x03, Buffer.from([5, 0xa0]))),
    extension(oid.extendedKeyUsage, false, sequence(oid[usage])),
    extension(oid.basicConstraints, true, sequence()),
  ];
  if (hosts.length > 0) list.push(extension(oid.subjectAltName, false, sequence(...hosts.map(generalName))));
  return list;
}

/** RFC 5280 section 4.2.1.6: dNSName is [2], iPAddress is [7]. */
function generalName(host: string): Buffer {
  if (isIP(host) === 4) return der(0x87, Buffer.from(host.split('.').map(Number)));
  if (isIP(host) === 6) return der(0x87, ipv6Bytes(host));
  return der(0x82, Buffer.from(host));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)));
  const [front, back] = [words(head), words(tail)];
  const bytes = Buffer.alloc(16);
  for (const [index, word] of front.entries()) bytes.writeUInt16BE(word, 2 * index);
  for (const [index, word] of back.entries()) bytes.writeUInt16BE(word, 16 - 2 * (back.length - index));
  return bytes;
}
