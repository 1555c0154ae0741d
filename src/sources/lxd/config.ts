import { z } from 'zod';

const endpoint = z
  .string()
  .regex(/^(https:\/\/[^\s/]+|unix:\/\/\/\S+)$/, 'not an endpoint: https://HOST:PORT or unix:///PATH/unix.socket')
  .describe('https://HOST:PORT, or unix:///PATH for the socket of a member on this host.');

const path = (help: string) => z.string().min(1).describe(help);

export const lxdConfig = z
  .strictObject({
    endpoints: z
      .array(endpoint)
      .min(1)
      .describe('Members to start from. One is enough; with several, discovery survives the loss of any.'),
    certificate: path('Client certificate (PEM) that the cluster trusts. Not needed for a unix socket.').optional(),
    key_file: path('Its private key (PEM).').optional(),
    server_certificate: path("The cluster's certificate (PEM), pinned: cluster.crt of any member.").optional(),
    server_fingerprint: z
      .string()
      .regex(/^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$/, 'not a SHA-256 fingerprint')
      .optional()
      .describe("SHA-256 fingerprint of the cluster's certificate, instead of the file."),
    metrics: z
      .strictObject({
        certificate: path('Client certificate (PEM) of type metrics.'),
        key_file: path('Its private key (PEM).'),
        port: z
          .int()
          .min(1)
          .max(65535)
          .optional()
          .describe('Port of core.metrics_address, where it differs from the port of the API.'),
      })
      .optional()
      .describe('A second identity for /1.0/metrics alone.'),
    links: z
      .array(
        z.strictObject({
          device: z
            .string()
            .min(1)
            .describe('Name of the port, bond, VLAN or bridge on the hosts; `*` stands for anything.'),
          role: z
            .string()
            .regex(/^[a-z][a-z0-9_-]*$/, 'not a role: lower case letters, digits, _ and -')
            .describe('What the link is for: wan, uplink, mesh, bmc or a word of your own.'),
        }),
      )
      .default([])
      .describe("The hosts' network links to show; the first entry that matches a device counts."),
    max_body_bytes: z
      .int()
      .min(1024)
      .default(64 * 1024 * 1024)
      .describe('Bound of one answer of LXD.'),
  })
  .refine((config) => (config.certificate === undefined) === (config.key_file === undefined), {
    message: 'certificate and key_file go together',
    path: ['certificate'],
  })
  .refine((config) => config.certificate !== undefined || config.endpoints.every((url) => url.startsWith('unix:')), {
    message: 'an https endpoint needs certificate and key_file',
    path: ['endpoints'],
  })
  .refine((config) => config.server_certificate === undefined || config.server_fingerprint === undefined, {
    message: 'server_certificate and server_fingerprint exclude each other',
    path: ['server_fingerprint'],
  })
  .meta({
    description: 'LXD: the cluster, its instances, storage pools, projects and the hosts’ links.',
    example: {
      endpoints: ['https://10.0.0.11:8443', 'https://10.0.0.12:8443', 'https://10.0.0.13:8443'],
      certificate: '/etc/rackwatch/lxd.crt',
      key_file: '/etc/rackwatch/lxd.key',
      server_certificate: '/etc/rackwatch/cluster.crt',
      links: [
        { device: 'bond-sw01.50', role: 'wan' },
        { device: 'bond-sw01.51', role: 'uplink' },
        { device: 'bond-mesh*', role: 'mesh' },
      ],
    },
  });

export type LxdConfig = z.output<typeof lxdConfig>;
