import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import type { Secret } from '../../../config/secret.ts';
import { codeOf, SourceError } from '../../../core/errors.ts';
import { type Daemon, daemons } from './commands.ts';
import type { VtyWays } from './vty-transport.ts';

export interface SshAccess {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly key_file: Secret;
  /** The host's public keys, as in known_hosts but without names: `ssh-ed25519 AAAA…`. */
  readonly host_keys: readonly string[];
  /** The directory of FRR's sockets on the host. */
  readonly sockets: string;
}

const HANDSHAKE_TIMEOUT_MS = 5_000;
const KEEPALIVE_MS = 15_000;

/** RFC 8332: a key of type ssh-rsa signs with SHA-2, under names of their own. */
const algorithms: Readonly<Record<string, readonly string[]>> = { 'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'] };

/**
 * Reaches the daemons' sockets through one SSH connection that is kept, with a forwarded stream for each (the
 * `streamlocal` extension of OpenSSH, PROTOCOL section 2.4). No program runs on the router.
 */
export class SshWays implements VtyWays {
  readonly daemons: readonly Daemon[] = daemons;
  readonly #access: SshAccess;
  #client: Promise<Client> | undefined;

  constructor(access: SshAccess) {
    this.#access = access;
  }

  async dial(daemon: Daemon): Promise<Duplex> {
    this.#client ??= this.#connect();
    const client = await this.#client;
    return new Promise((resolve, reject) => {
      const path = `${this.#access.sockets}/${daemon}.vty`;
      client.openssh_forwardOutStreamLocal(path, (error, stream) => {
        if (error) reject(explainChannel(error, path));
        else resolve(stream);
      });
    });
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    client?.end();
  }

  #connect(): Promise<Client> {
    return new Promise((resolve, reject) => {
      const client = new ssh2.Client();
      let hostKey: string | undefined;
      const forget = () => {
        this.#client = undefined;
      };
      client.on('ready', () => resolve(client));
      client.on('error', (error) => {
        forget();
        reject(explain(error, this.#access, hostKey));
      });
      client.on('close', forget);
      client.connect({
        ...connectConfig(this.#access),
        hostVerifier: (key: Buffer) => {
          const known = this.#access.host_keys.some((line) => line.split(/\s+/)[1] === key.toString('base64'));
          if (!known) hostKey = key.toString('base64');
          return known;
        },
      });
    });
  }
}

const connectConfig = ({ address, host_keys, key_file, port, user }: SshAccess): ConnectConfig => ({
  host: address,
  port,
  username: user,
  privateKey: key_file.reveal(),
  readyTimeout: HANDSHAKE_TIMEOUT_MS,
  keepaliveInterval: KEEPALIVE_MS,
  algorithms: {
    // The host must show a key of a kind that is known here.
    serverHostKey: host_keys.flatMap((line) => {
      const type = line.split(/\s+/)[0] as string;
      return algorithms[type] ?? [type];
    }) as NonNullable<NonNullable<ConnectConfig['algorithms']>['serverHostKey']>,
  },
});

function explain(
  error: Error & { level?: string },
  { address, user }: SshAccess,
  hostKey: string | undefined,
): SourceError {
  if (hostKey !== undefined)
    return new SourceError('tls', `${address} shows another host key than the configured ones`);
  if (error.level === 'client-authentication')
    return new SourceError('auth', `${address} does not accept the key of ${user}`, { cause: error });
  if (error.level === 'client-timeout') return new SourceError('timeout', `${address}: no SSH handshake in time`);
  const code = codeOf(error);
  return new SourceError(code === 'internal' ? 'protocol' : code, `${address}: ${error.message}`, { cause: error });
}

/** RFC 4254 section 5.1: 1 prohibited, 2 connect failed. */
function explainChannel(error: Error & { reason?: number }, path: string): SourceError {
  if (error.reason === 1) return new SourceError('forbidden', `the router does not forward ${path}`, { cause: error });
  return new SourceError('connect', `${path}: ${error.message}`, { cause: error });
}
