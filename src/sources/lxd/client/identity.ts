import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { SourceError } from '../../../core/errors.ts';

/** Who rackwatch is to LXD: a certificate that LXD knows by its fingerprint. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** How the server is recognised: by the SHA-256 of its certificate (lower case hex), or by a public CA. */
export type Pin = string | undefined;

const CONNECT_TIMEOUT_MS = 5000;

export function readIdentity(certificateFile: string, keyFile: string): Identity {
  return { certificate: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

/** The fingerprint of the first certificate of a PEM file. */
export function pinOfFile(file: string): string {
  try {
    return normalize(new X509Certificate(readFileSync(file)).fingerprint256);
  } catch (error) {
    throw new Error(`${file}: not a certificate in PEM`, { cause: error });
  }
}

export const normalize = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();

/** What a person needs to find the certificate in `lxc config trust list`; nothing of it is secret. */
export function describeIdentity({ certificate }: Identity): string {
  const { fingerprint256, subject, validTo } = new X509Certificate(certificate);
  const name = `${subject?.replaceAll('\n', ', ') ?? 'no subject'} (${normalize(fingerprint256).slice(0, 12)})`;
  return isExpired(certificate) ? `${name}, expired on ${validTo}` : name;
}

export function isExpired(certificate: string, nowMs = Date.now()): boolean {
  const { validFrom, validTo } = new X509Certificate(certificate);
  return nowMs > Date.parse(validTo) || nowMs < Date.parse(validFrom);
}

/**
 * Opens TLS connections. LXD's certificate names the host and 127.0.0.1 only, and a cluster's members share one, so with
 * a pin neither name nor CA are checked: the certificate has to be that very one.
 */
export function createConnector(identity: Identity | undefined, pin: Pin): buildConnector.connector {
  const connect = buildConnector({
    ...(identity ? { cert: identity.certificate, key: identity.key } : {}),
    rejectUnauthorized: pin === undefined,
    timeout: CONNECT_TIMEOUT_MS,
    // A resumed session would not show the certificate again.
    maxCachedSessions: 0,
  });
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const seen = normalize((socket as TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? '');
      if (pin === undefined || seen === pin) return callback(null, socket);
      socket.destroy();
      callback(
        new SourceError('tls', `the server's certificate (SHA-256 ${seen}) is not the pinned one (${pin})`),
        null,
      );
    });
  };
}
