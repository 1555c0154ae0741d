import { z } from 'zod';
import { secretFile } from '../../config/secret.ts';
import { daemons } from './client/commands.ts';
import type { VtyAddress } from './client/dial.ts';

const path = z.string().regex(/^\//, 'not an absolute path');

/** `/run/frr/bgpd.vty` or `tcp:10.0.0.1:2605`, brackets around an IPv6 address. */
const vtyAddress = z
  .string()
  .regex(/^(\/.+|tcp:(\[[0-9a-fA-F:.]+\]|[^:[\]/\s]+):\d{1,5})$/, 'neither an absolute path nor tcp:HOST:PORT')
  .transform((text): VtyAddress => {
    const match = /^tcp:\[?(.+?)\]?:(\d+)$/.exec(text);
    return match ? { host: match[1] as string, port: Number(match[2]) } : { path: text };
  });

const sockets = z
  .union([
    path,
    z.strictObject(
      Object.fromEntries(daemons.map((name) => [name, vtyAddress.optional()])) as Record<
        (typeof daemons)[number],
        z.ZodOptional<typeof vtyAddress>
      >,
    ),
  ])
  .describe("The directory of FRR's sockets, or where each daemon's socket is: a path, or tcp:HOST:PORT of a proxy.");

const lxdAccess = {
  endpoints: z
    .array(z.url({ protocol: /^https$/ }))
    .min(1)
    .optional()
    .describe('Members of the LXD cluster, tried in turn: https://10.0.0.11:8443.'),
  certificate: z.string().min(1).optional().describe('Client certificate. It needs the right to exec in the routers.'),
  key_file: secretFile().optional(),
  server_certificate: z
    .string()
    .min(1)
    .optional()
    .describe("The server's or the cluster's certificate, which is pinned."),
  socket: path.optional().describe("LXD's unix socket, in place of the above."),
};

const sshAccess = z.strictObject({
  address: z.string().min(1),
  port: z.int().min(1).max(65535).default(22),
  user: z.string().min(1).describe('Must be in the group frrvty of the router.'),
  key_file: secretFile(),
  host_keys: z
    .array(z.string().regex(/^(ssh|ecdsa)-\S+ [A-Za-z0-9+/=]+( .*)?$/, 'not a public key such as ssh-ed25519 AAAA…'))
    .min(1)
    .describe("The router's public host keys, as `ssh-keyscan` prints them after the name."),
  sockets: path.default('/var/run/frr').describe("The directory of FRR's sockets on the router."),
});

const router = z
  .strictObject({
    name: z.string().min(1).describe('Value of the label `router`.'),
    sockets: sockets.optional(),
    lxd: z
      .strictObject({ project: z.string().min(1).default('default'), instance: z.string().min(1), ...lxdAccess })
      .optional()
      .describe(
        'The instance that the router is: vtysh runs in it through the LXD API. What is absent comes from `frr: lxd:`.',
      ),
    ssh: sshAccess.optional().describe('The router by SSH, with its sockets forwarded.'),
  })
  .refine(
    ({ lxd, sockets, ssh }) => [lxd, sockets, ssh].filter((way) => way !== undefined).length === 1,
    'exactly one of sockets, lxd and ssh says how to reach the router',
  );

const peers = z.array(z.union([z.string().min(1), z.int().positive()])).default([]);

export const frrConfig = z
  .strictObject({
    lxd: z.strictObject(lxdAccess).prefault({}).describe('How to reach the LXD that the routers are instances of.'),
    routers: z
      .array(router)
      .min(1)
      .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'two routers have the same name')
      .describe('The routers, each with one way in: lxd, sockets or ssh.'),
    roles: z
      .strictObject({
        transit: peers.describe('Providers: AS numbers, peer groups, or names of peers.'),
        host: peers.describe('The servers of the cluster, as above.'),
        internal: peers.describe('The other routers, as above. Peers in the same AS are internal anyway.'),
      })
      .prefault({})
      .describe('What a peer is; the rest is known by its AS.'),
    prefixes: z
      .array(z.union([z.cidrv4(), z.cidrv6()]))
      .default([])
      .describe('Prefixes whose paths are counted, such as 203.0.113.53/32.'),
    neighbors_per_cycle: z
      .int()
      .min(1)
      .max(1000)
      .default(32)
      .describe('Peers whose details are asked for in one cycle; where there are more, they take turns.'),
  })
  .meta({
    description: 'FRR: BGP, BFD, VRRP and routes of the routers, over vty sockets, LXD exec or SSH.',
    example: {
      lxd: {
        endpoints: ['https://10.0.0.11:8443', 'https://10.0.0.12:8443'],
        certificate: '/etc/rackwatch/routers.crt',
        key_file: '/etc/rackwatch/routers.key',
        server_certificate: '/etc/rackwatch/cluster.crt',
      },
      routers: [
        { name: 'frr01', lxd: { project: 'infra', instance: 'frr01' } },
        { name: 'edge', sockets: '/var/run/frr' },
      ],
      roles: { transit: ['CORE'], host: ['HOSTS'] },
    },
  });

/** With what the core adds to every source's settings, as far as collectors read it. */
export type FrrConfig = z.output<typeof frrConfig> & {
  readonly collectors: { readonly neighbors?: boolean | undefined };
};
export type RouterConfig = z.output<typeof router>;
export type LxdConfig = z.output<typeof frrConfig>['lxd'];
