import { isIP } from 'node:net';
import { z } from 'zod';
import { secretEnv, secretFile } from '../../config/secret.ts';

const path = (help: string) => z.string().min(1).describe(help);

/** Keys of a login and of the way of speaking: they stand under `defaults`, and any target may have its own. */
const loginKeys = {
  protocol: z.enum(['ipmi', 'redfish']).optional().describe('`ipmi` (default) or `redfish`.'),
  port: z.int().min(1).max(65535).optional().describe('623 for IPMI, 443 for Redfish.'),
  user: z.string().max(64).optional().describe('User of the BMC; IPMI allows 16 bytes.'),
  password_file: secretFile().optional().describe('File with the password; IPMI allows 20 bytes.'),
  password: secretEnv().optional().describe('The password from the environment: `{ env: NAME }`.'),
  privilege: z
    .enum(['user', 'operator', 'administrator'])
    .optional()
    .describe('IPMI: level that the session asks for. `user` (default) reads all but PMBus, and DCMI on some boards.'),
  cipher_suite: z
    .union([z.literal('auto'), z.literal(3), z.literal(17)])
    .optional()
    .describe('IPMI: `auto` (default) takes the strongest that the BMC offers.'),
  bmc_key_file: secretFile().optional().describe('IPMI: file with the BMC key Kg, where one is set.'),
  keep_session: z
    .boolean()
    .optional()
    .describe('IPMI: hold one session open (default) or give its slot back after each cycle.'),
  window: z.int().min(1).max(8).optional().describe('IPMI: requests on their way at a time; 4 by default.'),
  name_only_lookup: z
    .boolean()
    .optional()
    .describe('IPMI: `false` for BMCs that look a user up by name and privilege together.'),
  ignore_scanning_disabled: z
    .boolean()
    .optional()
    .describe('IPMI: `true` for BMCs that say of working sensors that they are not scanned (Dell R410, HP rx3600).'),
  assume_bmc_owner: z
    .boolean()
    .optional()
    .describe('IPMI: `true` for BMCs that give their own sensors to another controller (Fujitsu RX300).'),
  supermicro_pmbus: z
    .boolean()
    .optional()
    .describe("IPMI: `true` reads the input power of Supermicro's power supplies; needs `privilege: administrator`."),
  authentication: z
    .enum(['basic', 'session'])
    .optional()
    .describe('Redfish: `basic` (default) leaves no session on the BMC; `session` logs in once and out at the end.'),
  ca_file: path('Redfish: CA (PEM) that signed the BMC’s certificate.').optional(),
  server_certificate: path('Redfish: the BMC’s certificate (PEM), pinned.').optional(),
  server_fingerprint: z
    .string()
    .regex(/^([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}$/, 'not a SHA-256 fingerprint')
    .optional()
    .describe('Redfish: SHA-256 of the BMC’s certificate, pinned.'),
  plain_http: z
    .boolean()
    .optional()
    .describe('Redfish: `true` speaks HTTP without TLS; the password is readable then.'),
  max_body_bytes: z.int().min(1024).optional().describe('Redfish: bound of one answer; 4 MiB by default.'),
};

/** The same keys with the value they have when nobody says otherwise. */
const defaultKeys = {
  ...loginKeys,
  protocol: loginKeys.protocol.unwrap().default('ipmi').describe('`ipmi` or `redfish`.'),
  keep_session: loginKeys.keep_session
    .unwrap()
    .default(true)
    .describe('IPMI: hold one session open, or give its slot back after each cycle.'),
  name_only_lookup: loginKeys.name_only_lookup
    .unwrap()
    .default(true)
    .describe('IPMI: `false` for BMCs that look a user up by name and privilege together.'),
  ignore_scanning_disabled: loginKeys.ignore_scanning_disabled
    .unwrap()
    .default(false)
    .describe('IPMI: `true` for BMCs that say of working sensors that they are not scanned (Dell R410, HP rx3600).'),
  assume_bmc_owner: loginKeys.assume_bmc_owner
    .unwrap()
    .default(false)
    .describe('IPMI: `true` for BMCs that give their own sensors to another controller (Fujitsu RX300).'),
  supermicro_pmbus: loginKeys.supermicro_pmbus
    .unwrap()
    .default(false)
    .describe("IPMI: `true` reads the input power of Supermicro's power supplies; needs `privilege: administrator`."),
  plain_http: loginKeys.plain_http
    .unwrap()
    .default(false)
    .describe('Redfish: `true` speaks HTTP without TLS; the password is readable then.'),
};

function isRange(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const family = isIP(address);
  return rest.length === 0 && family !== 0 && /^\d+$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32);
}

export const bmcConfig = z
  .strictObject({
    defaults: z.strictObject(defaultKeys).prefault({}).describe('What every target has unless it says otherwise.'),
    targets: z
      .array(
        z.strictObject({
          member: z.string().min(1).describe('Name of the LXD member that this BMC belongs to: the label `member`.'),
          address: z.string().min(1).describe('Address or name of the BMC, without a port.'),
          ...loginKeys,
        }),
      )
      .default([])
      .describe('The BMCs of `/metrics`. A key that stands here goes before the one under `defaults`.'),
    fleet: z
      .strictObject({
        modules: z
          .record(
            z.string().regex(/^[a-z][a-z0-9_-]*$/, 'not a name: lower case letters, digits, _ and -'),
            z.strictObject(defaultKeys),
          )
          .default({})
          .describe('Logins by name: what `/probe?source=bmc&module=NAME` uses; `default` when the probe names none.'),
        allow: z
          .array(z.string().refine(isRange, 'not a range of addresses: 10.0.2.0/24 or 2001:db8::/64'))
          .default([])
          .describe('Ranges that may be probed beside the members below. Credentials never go anywhere else.'),
        members: z
          .array(
            z.strictObject({
              member: z.string().min(1).describe('The label `member`.'),
              address: z.string().min(1).describe('Address or name of the BMC, as the probe will call it.'),
              module: z.string().default('default').describe('Which login it takes.'),
            }),
          )
          .default([])
          .describe('BMCs that `/service-discovery/bmc` hands to Prometheus.'),
      })
      .prefault({})
      .describe('Many BMCs, which Prometheus discovers, shards and probes one by one.'),
  })
  .refine(({ fleet, targets }) => targets.length > 0 || Object.keys(fleet.modules).length > 0, {
    message: 'targets needs a BMC, or fleet.modules a login',
    path: ['targets'],
  })
  .refine(({ fleet: { members, modules } }) => members.every(({ module }) => modules[module]), {
    message: 'a member names a module that is not there',
    path: ['fleet', 'members'],
  })
  .refine(({ targets }) => new Set(targets.map(({ member }) => member)).size === targets.length, {
    message: 'two targets have the same member',
    path: ['targets'],
  })
  .meta({
    description: 'BMCs: sensors, power supplies, chassis and event log, over IPMI 2.0 or Redfish.',
    example: {
      defaults: { user: 'monitor', password_file: '/etc/rackwatch/bmc.password' },
      targets: [
        { member: 'abydos', address: '10.0.2.11' },
        { member: 'langara', address: '10.0.2.12' },
        {
          member: 'orilla',
          address: '10.0.2.13',
          protocol: 'redfish',
          server_certificate: '/etc/rackwatch/orilla.crt',
        },
      ],
    },
  });

export type BmcConfig = z.output<typeof bmcConfig>;
export type BmcTargetConfig = BmcConfig['targets'][number];
