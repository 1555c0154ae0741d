import { createHmac } from 'node:crypto';

/** Algorithms of a session, as Open Session Request names them (IPMI 2.0 §13.28). */
export interface CipherSuite {
  readonly authentication: number;
  readonly integrity: number;
  readonly confidentiality: number;
}

/** The suites that are spoken, by number (§22.15.2, table 22-20). All others lack encryption or rest on MD5 or RC4. */
export const cipherSuites = {
  3: { authentication: 0x01, integrity: 0x01, confidentiality: 0x01 },
  17: { authentication: 0x03, integrity: 0x04, confidentiality: 0x01 },
} as const satisfies Record<number, CipherSuite>;

export type CipherSuiteId = keyof typeof cipherSuites;

/** Strongest first. */
export const strongestFirst: readonly CipherSuite[] = [cipherSuites[17], cipherSuites[3]];

const hashNames: Readonly<Record<number, string>> = { 1: 'sha1', 3: 'sha256' };
/** How many bytes of RAKP 4's check value are sent, by authentication algorithm (§13.28.1). */
const rakp4Bytes: Readonly<Record<number, number>> = { 1: 12, 3: 16 };
const integrityAlgorithms: Readonly<Record<number, { hash: string; bytes: number }>> = {
  1: { hash: 'sha1', bytes: 12 },
  4: { hash: 'sha256', bytes: 16 },
};

/** Whether every algorithm is one we speak: HMAC with SHA-1 or SHA-256, and AES-CBC-128. */
const isSpoken = ({ authentication, integrity, confidentiality }: CipherSuite): boolean =>
  authentication in hashNames && integrity in integrityAlgorithms && confidentiality === 1;

export const authenticationHmac = ({ authentication }: CipherSuite, key: Uint8Array, ...parts: Uint8Array[]): Buffer =>
  hmac(hashNames[authentication] as string, key, parts);

export const rakp4Length = ({ authentication }: CipherSuite): number => rakp4Bytes[authentication] as number;

export const authCodeLength = ({ integrity }: CipherSuite): number =>
  (integrityAlgorithms[integrity] as { bytes: number }).bytes;

export function authCode({ integrity }: CipherSuite, key: Uint8Array, bytes: Uint8Array): Buffer {
  const algorithm = integrityAlgorithms[integrity] as { hash: string; bytes: number };
  return hmac(algorithm.hash, key, [bytes]).subarray(0, algorithm.bytes);
}

function hmac(hash: string, key: Uint8Array, parts: readonly Uint8Array[]): Buffer {
  const digest = createHmac(hash, key);
  for (const part of parts) digest.update(part);
  return digest.digest();
}

/**
 * The records of Get Channel Cipher Suites (§22.15.1): a start byte (C0h standard, C1h OEM with three bytes of
 * enterprise number), the suite's number, then algorithm bytes whose top bits tell their kind.
 * Returns the suites that are spoken, strongest first; what cannot be understood is passed over.
 */
export function decodeCipherSuites(records: Uint8Array): CipherSuite[] {
  const suites: CipherSuite[] = [];
  for (let i = 0; i < records.length; ) {
    const start = records[i] as number;
    if (start !== 0xc0 && start !== 0xc1) {
      i++;
      continue;
    }
    i += start === 0xc0 ? 2 : 5;
    const algorithms = [0, 0, 0];
    for (; i < records.length && (records[i] as number) < 0xc0; i++) {
      const byte = records[i] as number;
      algorithms[byte >> 6] = byte & 0x3f;
    }
    const [authentication = 0, integrity = 0, confidentiality = 0] = algorithms;
    suites.push({ authentication, integrity, confidentiality });
  }
  return suites.filter(isSpoken).sort((a, b) => b.authentication - a.authentication || b.integrity - a.integrity);
}
