import { readFileSync } from 'node:fs';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { SourceError } from '../../../core/errors.ts';
import type { Remote } from './remote.ts';

const READ_BYTES = 64 * 1024;

/** What an `ssl:` remote needs. The files are read at every connection, so that they may be renewed. */
export interface TlsFiles {
  /** Path of the authority that signed the servers' certificates. */
  readonly authority: string;
  /** Paths of our own certificate and its private key; a server may do without. */
  readonly own: { readonly certificate: string; readonly key: string } | undefined;
  /** Names of which the server's certificate must have one; none: any certificate of the authority is accepted. */
  readonly serverNames: readonly string[];
}

/** Resolves with a stream that is connected, and for `ssl:` has seen a certificate of the right authority and name. */
export async function connect(remote: Remote, files: TlsFiles | undefined, signal: AbortSignal): Promise<Duplex> {
  const socket = openSocket(remote, files);
  const ready = remote.kind === 'ssl' ? 'secureConnect' : 'connect';
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => reject(new SourceError('timeout', 'no connection in time'));
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      socket.once(ready, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new SourceError('connect', 'the server closed the connection')));
    });
    return socket;
  } catch (error) {
    socket.destroy();
    throw describeStreamError(error);
  }
}

/**
 * Every read goes into one buffer: making one for each, as streams do by default, costs more than all the rest where
 * many small messages come. So what `data` hands out is only good until the listener returns.
 */
function openSocket(remote: Remote, files: TlsFiles | undefined): net.Socket {
  const callback = (length: number, bytes: Uint8Array) => {
    socket.emit('data', Buffer.from(bytes.buffer, bytes.byteOffset, length));
    return true;
  };
  const socket = openWith({ buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback }, remote, files);
  return socket;
}

function openWith(onread: net.OnReadOpts, remote: Remote, files: TlsFiles | undefined): net.Socket {
  if (remote.kind === 'unix') return net.connect({ path: remote.path, onread });
  const { host, port } = remote;
  if (remote.kind === 'tcp') return net.connect({ host, port, noDelay: true, onread });
  if (!files) throw new SourceError('tls', 'an ssl: address needs the keys under tls:');
  const options = { host, port, minVersion: 'TLSv1.2' as const, onread, ...readTlsOptions(files) };
  return tls.connect(options);
}

/** @throws SourceError `tls` when a file cannot be read */
export function readTlsOptions({ authority, own, serverNames }: TlsFiles): tls.ConnectionOptions {
  try {
    return {
      ca: readFileSync(authority),
      ...(own ? { cert: readFileSync(own.certificate), key: readFileSync(own.key) } : {}),
      // ovs-pki makes certificates that carry a name of its own and never an address, so the name of the host cannot
      // be checked; the chain always is, as Open vSwitch's own tools do.
      checkServerIdentity: (_host, peer) => checkNames(serverNames, peer),
    };
  } catch (error) {
    throw new SourceError('tls', 'a file of the TLS configuration cannot be read', { cause: error });
  }
}

function checkNames(names: readonly string[], peer: tls.PeerCertificate): Error | undefined {
  if (names.length === 0 || names.some((name) => tls.checkServerIdentity(name, peer) === undefined)) return undefined;
  return new SourceError('tls', `the server's certificate has none of the names ${names.join(', ')}`);
}

/**
 * Under TLS 1.3 the server judges our certificate after our side has called the connection secure: its alert arrives
 * with the first read (RFC 8446 section 4.4.2.4). An alert is the peer's verdict on us, not ours on the peer.
 */
export function describeStreamError(error: unknown): unknown {
  const code = String((error as { code?: unknown } | undefined)?.code ?? '');
  if (!/^ERR_SSL_.*ALERT/.test(code)) return error;
  return new SourceError('auth', `the server refused our certificate: ${code.slice(8).toLowerCase()}`, {
    cause: error,
  });
}
