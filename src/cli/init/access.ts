import type { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describeError } from '../../core/errors.ts';
import { normalize } from '../../sources/lxd/client/identity.ts';
import { bareHost } from '../host.ts';
import type { CliOptions } from '../run.ts';
import type { Prompt } from './prompt.ts';

/** How LXD is reached. */
export interface LxdAccess {
  readonly endpoint: string;
  readonly certificate?: string;
  readonly keyFile?: string;
  /** SHA-256 of the server's certificate. */
  readonly fingerprint?: string;
}

const sockets = ['/var/snap/lxd/common/lxd/unix.socket', '/var/lib/lxd/unix.socket'];
const folders = [join(homedir(), 'snap/lxd/common/config'), join(homedir(), '.config/lxc')];

/** Takes what the command line says, asks for the rest, and has the server's certificate confirmed. */
export async function chooseAccess(options: CliOptions, prompt: Prompt): Promise<LxdAccess> {
  const socket = sockets.find((path) => existsSync(path));
  const nearest = socket ? `unix://${socket}` : 'https://127.0.0.1:8443';
  const endpoint = options.endpoint ?? (await prompt.ask('LXD endpoint', nearest));
  if (endpoint.startsWith('unix://')) return { endpoint };
  const folder = folders.find((path) => existsSync(join(path, 'client.crt'))) ?? '/etc/rackwatch';
  const certificate = options.certificate ?? (await prompt.ask('Client certificate', join(folder, 'client.crt')));
  const keyFile = options.key ?? (await prompt.ask('Its key', join(folder, 'client.key')));
  const fingerprint = await readFingerprint(endpoint);
  const question = `${endpoint} shows the certificate with SHA-256\n  ${fingerprint}\nas "lxc info" prints it on a member. Is it the right one?`;
  if (!(await prompt.confirm(question))) throw new Error(`the certificate of ${endpoint} was not confirmed`);
  return { endpoint, certificate, keyFile, fingerprint };
}

const CONNECT_MS = 5000;

/** The SHA-256 of the certificate that the server shows; nothing is sent to it. */
function readFingerprint(endpoint: string): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: bareHost(hostname),
      port: Number(port || 443),
      rejectUnauthorized: false,
      timeout: CONNECT_MS,
    });
    const fail = (reason: string) => {
      socket.destroy();
      reject(new Error(`cannot reach ${endpoint}: ${reason}`));
    };
    socket.once('secureConnect', () => {
      const seen = socket.getPeerX509Certificate() as X509Certificate;
      socket.destroy();
      resolve(normalize(seen.fingerprint256));
    });
    socket.once('timeout', () => fail('it does not answer'));
    socket.once('error', (error) => fail(describeError(error)));
  });
}
