import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';
import { dirname, resolve } from 'node:path';
import bcrypt from 'bcryptjs';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseConfig } from '../config/problems.ts';

/**
 * The web configuration of Prometheus' exporter toolkit, as far as Node can honour it.
 * https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
 */
const tlsVersions = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const;

const webSchema = z.strictObject({
  tls_server_config: z
    .strictObject({
      cert_file: z.string(),
      key_file: z.string(),
      client_ca_file: z.string().optional(),
      client_auth_type: z
        .enum(['NoClientCert', 'VerifyClientCertIfGiven', 'RequireAndVerifyClientCert'])
        .default('NoClientCert'),
      min_version: z.enum(['TLS12', 'TLS13']).default('TLS12'),
    })
    .optional(),
  http_server_config: z.strictObject({ headers: z.record(z.string(), z.string()).default({}) }).optional(),
  basic_auth_users: z.record(z.string(), z.string().regex(/^\$2[aby]\$\d\d\$.{53}$/, 'not a bcrypt hash')).default({}),
});

export interface WebConfig {
  readonly tls?: ServerOptions;
  readonly headers: Readonly<Record<string, string>>;
  /** User names and bcrypt hashes. */
  readonly users: ReadonlyMap<string, string>;
}

/** Reads the file; paths in it are relative to it, as in the toolkit. Throws a ConfigError. */
export function loadWebConfig(file: string): WebConfig {
  const parsed = parseConfig(webSchema, readFileSync(file, 'utf8'), file);
  const read = (path: string) => readFileSync(resolve(dirname(file), path));
  const tls = parsed.tls_server_config;
  const users = new Map(Object.entries(parsed.basic_auth_users));
  const headers = parsed.http_server_config?.headers ?? {};
  if (!tls) return { users, headers };
  const { client_auth_type: clientAuth } = tls;
  return {
    users,
    headers,
    tls: {
      cert: read(tls.cert_file),
      key: read(tls.key_file),
      minVersion: tlsVersions[tls.min_version],
      requestCert: clientAuth !== 'NoClientCert',
      rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
      ...(tls.client_ca_file ? { ca: read(tls.client_ca_file) } : {}),
    },
  };
}

/** Adds the headers and, where there are users, basic authentication (RFC 7617) in front of every route. */
export function protect(server: FastifyInstance, { headers, users }: WebConfig): void {
  server.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  if (users.size === 0) return;
  const isKnown = createPasswordCheck(users);
  server.addHook('onRequest', async (request, reply) => {
    const [user, password] = readCredentials(request.headers.authorization);
    if (await isKnown(user, password)) return;
    await reply.code(401).header('www-authenticate', 'Basic').type('text/plain').send('Unauthorized.\n');
  });
}

function readCredentials(header = ''): [user: string, password: string] {
  const encoded = /^basic\s+(.+)$/i.exec(header)?.[1] ?? '';
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? ['', ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** bcrypt is slow on purpose, and scrapes repeat: what was right once is remembered by its hash. */
function createPasswordCheck(users: ReadonlyMap<string, string>) {
  const accepted = new Map<string, Buffer>();
  // A name that is not there costs as much as one that is, so that answers do not tell which exist.
  const nobody = bcrypt.hashSync('nobody', 10);
  return async (user: string, password: string): Promise<boolean> => {
    const digest = createHash('sha256').update(`${user}\0${password}`).digest();
    const known = accepted.get(user);
    if (known && timingSafeEqual(known, digest)) return true;
    const right = await bcrypt.compare(password, users.get(user) ?? nobody);
    if (!right || !users.has(user)) return false;
    accepted.set(user, digest);
    return true;
  };
}
