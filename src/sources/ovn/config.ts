import { z } from 'zod';
import { duration } from '../../config/duration.ts';
import type { TargetSettings } from '../../core/source.ts';

const remote = z
  .string()
  .regex(
    /^(unix:\/.+|(tcp|ssl):(\[[0-9a-fA-F:.%a-z]+\]|[^[\]:\s]+):\d{1,5})$/,
    'not an OVSDB server: ssl:HOST:PORT, tcp:HOST:PORT or unix:/PATH',
  );

const remotes = (help: string) =>
  z
    .array(remote)
    .refine(
      (list) => new Set(list.map((text) => text.replace(/^\w+:/, ''))).size === list.length,
      'a server is named twice',
    )
    .default([])
    .describe(help);

const path = (help: string) => z.string().min(1).describe(help);

export const ovnConfig = z
  .strictObject({
    northbound: remotes('Every server of the northbound database: ssl:HOST:PORT, tcp:HOST:PORT or unix:/PATH.'),
    southbound: remotes('Every server of the southbound database. A read-only listener is enough.'),
    tls: z
      .strictObject({
        authority: path('Certificate (PEM) of the authority that signed the servers’ certificates.'),
        certificate: path('Our own certificate (PEM); servers ask for one as a rule.').optional(),
        key_file: path('Its private key (PEM).').optional(),
        server_names: z
          .array(z.string().min(1))
          .default([])
          .describe(
            "Names of which a server's certificate must have one. Without any, the authority alone is checked.",
          ),
      })
      .refine(({ certificate, key_file }) => (certificate === undefined) === (key_file === undefined), {
        message: 'certificate and key_file go together',
        path: ['certificate'],
      })
      .optional()
      .describe('Needed for ssl: servers. The files are read anew at every connection.'),
    answer_timeout: duration()
      .prefault('3s')
      .describe('A server that has not answered after this long hangs, and its connection is ended.'),
    unixctl: z
      .strictObject({
        northbound: path('Control socket of the northbound ovsdb-server.').optional(),
        southbound: path('Control socket of the southbound ovsdb-server.').optional(),
        northd: path('Control socket of ovn-northd; `*` stands for its pid.').optional(),
      })
      .default({})
      .describe('Control sockets on this host, for what RAFT and northd tell nobody else. Root only, as a rule.'),
    max_message_bytes: z
      .int()
      .min(65_536)
      .default(256 * 1024 * 1024)
      .describe('Bound of one message of a server. The first one holds everything that is read of a database.'),
  })
  .refine(({ northbound, southbound }) => northbound.length + southbound.length > 0, {
    message: 'northbound or southbound needs a server',
    path: ['southbound'],
  })
  .refine(
    ({ northbound, southbound, tls }) =>
      tls !== undefined || ![...northbound, ...southbound].some((text) => text.startsWith('ssl:')),
    { message: 'an ssl: server needs tls', path: ['tls'] },
  )
  .meta({
    description: 'OVN: its databases and their RAFT clusters, gateways, ports, networks and chassis.',
    example: {
      northbound: ['ssl:10.0.0.11:6641', 'ssl:10.0.0.12:6641', 'ssl:10.0.0.13:6641'],
      southbound: ['ssl:10.0.0.11:6642', 'ssl:10.0.0.12:6642', 'ssl:10.0.0.13:6642'],
      tls: {
        authority: '/etc/rackwatch/ovn-ca.crt',
        certificate: '/etc/rackwatch/ovn.crt',
        key_file: '/etc/rackwatch/ovn.key',
      },
    },
  });

export type OvnConfig = z.output<typeof ovnConfig>;
/** What a collector gets. */
export type OvnSettings = OvnConfig & TargetSettings;
