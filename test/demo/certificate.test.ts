import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createIdentity } from '../../src/demo/certificate.ts';

test('a server certificate is valid for its hosts, signed by itself and no authority', () => {
  const hosts = ['abydos', '127.0.0.1', '::1'];
  const identity = createIdentity({ commonName: 'root@abydos', usage: 'server', hosts });
  const certificate = new X509Certificate(identity.certificate);
  expect(certificate.subject).toBe('O=rackwatch demo\nCN=root@abydos');
  expect(certificate.issuer).toBe(certificate.subject);
  expect(certificate.subjectAltName).toBe('DNS:abydos, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(certificate.checkHost('abydos')).toBe('abydos');
  expect(certificate.checkHost('langara')).toBeUndefined();
  expect(certificate.checkIP('::1')).toBe('::1');
  expect(certificate.checkIP('127.0.0.2')).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('secp384r1');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(identity.key))).toBe(true);
});

test('an IPv6 address with words on both sides is written right', () => {
  const { certificate } = createIdentity({ commonName: 'x', usage: 'server', hosts: ['2001:db8::1:2'] });
  expect(new X509Certificate(certificate).checkIP('2001:db8::1:2')).toBe('2001:db8::1:2');
});

test('a certificate is valid now, and like no other', () => {
  const [one, other] = [0, 1].map(() => createIdentity({ commonName: 'rackwatch', usage: 'client' }));
  const certificate = new X509Certificate(one?.certificate ?? '');
  expect(new Date(certificate.validFrom).getTime()).toBeLessThan(Date.now());
  expect(new Date(certificate.validTo).getTime()).toBeGreaterThan(Date.now() + 86_400_000);
  expect(one?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(one?.fingerprint).not.toBe(other?.fingerprint);
});
