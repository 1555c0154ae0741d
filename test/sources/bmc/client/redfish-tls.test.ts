import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { fingerprintOfFile, type TlsTrust } from '../../../../src/sources/bmc/client/redfish/connector.ts';
import { type RedfishFake, startRedfish } from '../../../fakes/bmc/redfish.ts';
import { soon } from '../../../fakes/bmc/simulated.ts';
import { failure } from './failure.ts';

const path = (name: string) => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const file = (name: string) => readFileSync(path(name), 'utf8');
const pinOf = (name: string) => new X509Certificate(file(name)).fingerprint256;

let running: RedfishFake | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** A BMC that shows the certificate, and what we trust. */
const start = async (certificate: string, trust: TlsTrust): Promise<RedfishFake> => {
  running = await startRedfish(trust, { cert: file(certificate), key: file('server.key') });
  return running;
};

describe('a BMC is believed', () => {
  test.each<[string, string, TlsTrust]>([
    ['with a certificate of the configured CA', 'server.crt', { ca: file('ca.crt') }],
    ['with the pinned certificate', 'server.crt', { fingerprint: pinOf('server.crt') }],
    [
      'with a pin in lower case and without colons',
      'server.crt',
      { fingerprint: pinOf('server.crt').replaceAll(':', '').toLowerCase() },
    ],
    ['with a pinned certificate that expired', 'expired.crt', { fingerprint: pinOf('expired.crt') }],
    ['with a pinned certificate for another address', 'other-address.crt', { fingerprint: pinOf('other-address.crt') }],
  ])('%s', async (_, certificate, trust) => {
    const { bmc } = await start(certificate, trust);
    expect(await bmc.power(soon())).toBe(212);
  });
});

describe('a BMC is not believed, and is sent no login', () => {
  test.each<[string, string, TlsTrust, RegExp]>([
    [
      'with another certificate than the pinned one',
      'server.crt',
      { fingerprint: pinOf('expired.crt') },
      /is not the pinned one/,
    ],
    ['with the pin of its CA', 'server.crt', { fingerprint: pinOf('ca.crt') }, /is not the pinned one/],
    ['with a certificate that expired', 'expired.crt', { ca: file('ca.crt') }, /expired/],
    ['with a certificate of another CA', 'server.crt', { ca: file('foreign-ca.crt') }, /unable to verify|issuer/],
    ['with a certificate for another address', 'other-address.crt', { ca: file('ca.crt') }, /altnames/i],
    [
      'with a certificate that only its maker knows, where nothing is configured',
      'server.crt',
      {},
      /unable to verify|issuer/,
    ],
  ])('%s', async (_, certificate, trust, text) => {
    const { bmc, log } = await start(certificate, trust);
    expect(await failure(bmc.power(soon()))).toEqual({ code: 'tls', text: expect.stringMatching(text) });
    expect(log).toEqual([]);
  });
});

test('a file that is no certificate is named', () => {
  expect(() => fingerprintOfFile(path('server.key'))).toThrow(/server\.key: not a certificate in PEM/);
  expect(fingerprintOfFile(path('server.crt'))).toBe(pinOf('server.crt'));
});
