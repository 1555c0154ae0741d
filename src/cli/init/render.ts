import { stringify } from 'yaml';
import type { LxdAccess } from './access.ts';
import type { FoundCeph } from './discover-ceph.ts';
import type { FoundLxd } from './discover-lxd.ts';
import type { FoundOvn } from './discover-ovn.ts';

export interface Findings {
  readonly access: LxdAccess;
  readonly lxd: FoundLxd;
  readonly ceph: FoundCeph;
  readonly ovn: FoundOvn;
}

/** A configuration with a comment for everything that a person has to know or add. It passes `rackwatch check`. */
export function renderConfig(found: Findings): string {
  const sections = [renderLxd(found), renderCeph(found), renderOvn(found), renderFrr(found), renderBmc(found)];
  return [
    '# Written by `rackwatch init`. All keys: src/config/CONFIGURATION.md.',
    'listen: 127.0.0.1:9947 # [::]:9947 where Prometheus is on another host',
    'sources:',
    ...sections.flat().map((line) => (line === '' ? '' : `  ${line}`)),
    '',
  ].join('\n');
}

const yaml = (value: object): string[] => stringify(value, { lineWidth: 0 }).trimEnd().split('\n');
const off = (lines: readonly string[]): string[] => lines.map((line) => `# ${line}`);

function renderLxd({ access, lxd }: Findings): string[] {
  const { certificate, endpoint, fingerprint, keyFile } = access;
  const endpoints = endpoint.startsWith('unix:') || !lxd.clustered ? [endpoint] : lxd.members.map(({ url }) => url);
  const identity = { certificate, key_file: keyFile, server_fingerprint: fingerprint };
  const links = lxd.uplinks.map((device) => ({ device, role: 'uplink' }));
  return [
    `# LXD ${lxd.version}: ${lxd.members.map(({ name }) => name).join(', ')}.`,
    ...yaml({
      lxd: { endpoints, ...(endpoint.startsWith('unix:') ? {} : identity), ...(links.length > 0 && { links }) },
    }),
    '  # Roles of more links, such as { device: "bond-mesh*", role: mesh }, make their traffic and their bonds known.',
  ];
}

function renderCeph({ ceph: { managers, monitors }, lxd }: Findings): string[] {
  const pools = lxd.cephPools.length > 0 ? [`# LXD's pools: ${lxd.cephPools.join(', ')}.`] : [];
  if (managers.length > 0)
    return ['', ...pools, ...yaml({ ceph: { managers, ...(monitors.length > 0 && { monitors }) } })];
  if (lxd.cephPools.length === 0) return [];
  const example = { managers: ['http://HOST:9283'], monitors: ['HOST'] };
  return [
    '',
    ...pools,
    '# No manager answered on port 9283: `ceph mgr module enable prometheus`.',
    ...off(yaml({ ceph: example })),
  ];
}

function renderOvn({ ovn: { northbound, southbound, tls } }: Findings): string[] {
  if (northbound.length === 0) return [];
  const encrypted = northbound.some((remote) => remote.startsWith('ssl:'));
  const body = {
    northbound,
    ...(southbound.length > 0 && { southbound }),
    ...(encrypted && { tls: tls ?? exampleTls }),
  };
  const lines = yaml({ ovn: body });
  const heads = ['', "# From LXD's network.ovn.northbound_connection."];
  if (!encrypted || tls) return [...heads, ...lines];
  return [...heads, '# It needs a certificate of the authority that signed those of the servers.', ...off(lines)];
}

const exampleTls = {
  authority: '/etc/rackwatch/ovn-ca.crt',
  certificate: '/etc/rackwatch/ovn.crt',
  key_file: '/etc/rackwatch/ovn.key',
};

function renderFrr({ access, lxd: { routers } }: Findings): string[] {
  if (routers.length === 0) return [];
  const { certificate, endpoint, keyFile } = access;
  const socket = endpoint.startsWith('unix://') ? endpoint.slice('unix://'.length) : undefined;
  const way = socket ? { socket } : { endpoints: [endpoint], certificate, key_file: keyFile };
  const list = routers.map(({ name, project }) => ({ name, lxd: { project, instance: name } }));
  return [
    '',
    '# Containers that have a folder /etc/frr. Reading them runs vtysh in them, which is more than reading: see the',
    '# README of the source frr for the least rights, and for ways that need none in LXD.',
    ...(socket
      ? []
      : [
          "# server_certificate: FILE pins the cluster's certificate, /var/snap/lxd/common/lxd/cluster.crt of any member.",
        ]),
    ...off(yaml({ frr: { lxd: way, routers: list } })),
  ];
}

function renderBmc({ lxd: { members } }: Findings): string[] {
  const targets = members.map(({ name }) => ({ member: name, address: 'ADDRESS' }));
  const defaults = { user: 'monitor', password_file: '/etc/rackwatch/bmc.password' };
  return [
    '',
    '# LXD does not know its BMCs. On each member, `ipmitool lan print` tells the address; a user of level USER is enough.',
    ...off(yaml({ bmc: { defaults, targets } })),
  ];
}
