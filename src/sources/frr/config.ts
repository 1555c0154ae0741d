import { z } from 'zod';
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

const router = z.strictObject({
  name: z.string().min(1).describe('Value of the label `router`.'),
  sockets: sockets.optional(),
});

const peers = z.array(z.union([z.string().min(1), z.int().positive()])).default([]);

export const frrConfig = z.strictObject({
  routers: z
    .array(router)
    .min(1)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'two routers have the same name'),
  roles: z
    .strictObject({
      transit: peers.describe('Providers: AS numbers, peer groups, or names of peers.'),
      host: peers.describe('The servers of the cluster, as above.'),
      internal: peers.describe('The other routers, as above. Peers in the same AS are internal anyway.'),
    })
    .prefault({}),
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
});

/** With what the core adds to every source's settings, as far as collectors read it. */
export type FrrConfig = z.output<typeof frrConfig> & {
  readonly collectors: { readonly neighbors?: boolean | undefined };
};
export type RouterConfig = z.output<typeof router>;
