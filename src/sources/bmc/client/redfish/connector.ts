import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { SourceError } from '../../../../core/errors.ts';

/** How a BMC is recognised: by a public CA, by a CA of one's own, or by its certificate alone. */
export interface TlsTrust {
  /** PEM of a CA. */
  readonly ca?: string | undefined;
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint?: string | undefined;
}

const CONNECT_TIMEOUT_MS = 5000;

/** The fingerprint of the certificate in a PEM file. */
export function fingerprintOfFile(file: string): string {
  try {
    return new X509Certificate(readFileSync(file)).fingerprint256;
  } catch (error) {
    throw new Error(`${file}: not a certificate in PEM`, { cause: error });
  }
}

/** BMCs come with a self-signed certificate in somebody else's name, so a pin takes the place of name and CA. */
export function createConnector({ ca, fingerprint }: TlsTrust): buildConnector.connector {
  const pin = fingerprint && normalize(fingerprint);
  const connect = buildConnector({
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: pin === undefined,
    timeout: CONNECT_TIMEOUT_MS,
    // A resumed session would not show the certificate again.
    maxCachedSessions: 0,
  });
  if (pin === undefined) return connect;
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const seen = normalize((socket as TLSSocket).getPeerX509Certificate?.()?.fingerprint256 ?? '');
      if (seen === pin) return callback(null, socket);
      socket.destroy();
      callback(new SourceError('tls', `the BMC's certificate (SHA-256 ${seen}) is not the pinned one (${pin})`), null);
    });
  };
}

const normalize = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();
