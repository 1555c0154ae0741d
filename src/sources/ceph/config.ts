import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { duration } from '../../config/duration.ts';
import { SourceError } from '../../core/errors.ts';
import type { TargetSettings } from '../../core/source.ts';
import { formatAddress, type MonitorAddress, parseMonitor, splitMonitors } from './client/monitor/address.ts';
import { readMonHost } from './client/monitor/conf-file.ts';
import type { Monitor } from './client/monitor/probe.ts';

const httpUrl = () => z.url({ protocol: /^https?$/, error: 'not a URL such as http://10.0.0.11:9283' });

const monitorAddress = () =>
  z.string().transform((text, context): readonly MonitorAddress[] => {
    try {
      return parseMonitor(text);
    } catch (error) {
      context.addIssue((error as Error).message);
      return z.NEVER;
    }
  });

const monitor = () =>
  z.union([
    monitorAddress().transform((addresses): Monitor => ({ label: labelOf(addresses), addresses })),
    z
      .strictObject({ name: z.string().min(1), addresses: z.array(monitorAddress()).min(1) })
      .transform(({ name, addresses }): Monitor => ({ label: name, addresses: addresses.flat() })),
  ]);

/** A host where the ports are the usual ones, which is to say nearly always. */
function labelOf(addresses: readonly MonitorAddress[]): string {
  const { host, port } = addresses[0] as MonitorAddress;
  return port === 3300 || port === 6789 ? host : formatAddress({ host, port });
}

/** What no manager tells of a pool, unless one sees it with a key. */
const pool = () =>
  z.strictObject({
    size: z.int().min(1).optional().describe('Copies of every object, or data and coding chunks.'),
    min_size: z.int().min(1).optional().describe('With fewer of them a placement group serves no IO.'),
    rule: z.string().min(1).optional().describe('CRUSH rule.'),
    device_class: z.string().min(1).optional().describe('Class of devices that the rule takes, `hdd`.'),
    failure_domain: z.string().min(1).optional().describe('What no two copies share: `host`, `rack`, `osd`.'),
  });

export const cephConfig = z
  .strictObject({
    managers: z
      .array(httpUrl())
      .min(1)
      .describe(
        'Every manager, with the port of its prometheus module, `http://10.0.0.11:9283`. Which one is active is found out.',
      ),
    monitors: z
      .array(monitor())
      .default([])
      .describe(
        'Every monitor: `10.0.0.11` (both usual ports), `[v2:10.0.0.11:3300,v1:10.0.0.11:6789]` as in `mon_host`, or ' +
          '`{ name: a, addresses: [...] }`. Without them a lost quorum goes unnoticed: the managers do not notice it.',
      ),
    conf: z
      .string()
      .min(1)
      .optional()
      .describe('A ceph.conf whose `mon_host` lists the monitors, instead of `monitors`.'),
    families: z
      .enum(['core', 'all'])
      .default('core')
      .describe("Which of Ceph's own families are passed on: those of the list in the source's documentation, or all."),
    exporters: z
      .array(httpUrl())
      .default([])
      .describe(
        'Every ceph-exporter, `http://10.0.0.11:9926`. Read when the managers have no performance counters (Reef and later).',
      ),
    admin_sockets: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of the admin sockets, `/var/run/ceph`, when rackwatch runs on a Ceph host: latency histograms.',
      ),
    pools: z
      .record(z.string(), pool())
      .default({})
      .describe(
        'What the managers do not tell of a pool, by its name: `lxd-ssd: { min_size: 2, device_class: ssd }`. ' +
          'These win over what a manager tells.',
      ),
    pool_defaults: pool()
      .prefault({})
      .describe('The same for all other pools, where a manager does not tell: `{ failure_domain: host }`.'),
    frozen_after: duration()
      .prefault('60s')
      .describe(
        "How long the active manager's collection counter, and the monitors' commits, may stand still; three times its `scrape_interval` or more.",
      ),
  })
  .refine(({ conf, monitors }) => conf === undefined || monitors.length === 0, {
    message: 'monitors and conf exclude each other',
    path: ['conf'],
  })
  .meta({
    description: 'Ceph: capacity, latency, health, pools, OSDs, RBD images, monitors.',
    example: {
      managers: ['http://10.0.0.11:9283', 'http://10.0.0.12:9283', 'http://10.0.0.13:9283'],
      monitors: ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
    },
  });

export type CephConfig = z.output<typeof cephConfig>;

/** The monitors of the configuration, or of the ceph.conf it names. Throws a SourceError for a file that lacks them. */
export function loadMonitors({ monitors, conf }: CephConfig): readonly Monitor[] {
  if (conf === undefined) return monitors;
  const monHost = readMonHost(readFileSync(conf, 'utf8'));
  if (monHost === undefined) throw new SourceError('not_found', `${conf}: no mon_host in [global]`);
  return splitMonitors(monHost).map((text) => {
    const addresses = parseMonitor(text);
    return { label: labelOf(addresses), addresses };
  });
}

/** The LXD member that a host of Ceph's is; the empty text, which is no label, when the host is not known. */
export const memberOf = ({ members }: Pick<TargetSettings, 'members'>, host: string | undefined): string =>
  host === undefined ? '' : (members.get(host) ?? host);
