import type { Findings } from './render.ts';

/** What was found, and what was not with the way to get it, for a person. */
export function describeFindings({ ceph, lxd, ovn }: Findings): string {
  const count = (things: readonly unknown[], one: string, many = `${one}s`) =>
    `${things.length} ${things.length === 1 ? one : many}`;
  const rows: readonly (readonly [isFound: boolean, name: string, text: string])[] = [
    [true, 'lxd', `${count(lxd.members, 'member')}, LXD ${lxd.version}`],
    ceph.managers.length > 0
      ? [true, 'ceph', `${count(ceph.managers, 'manager')}, ${count(ceph.monitors, 'monitor')}`]
      : [false, 'ceph', 'no manager answers on port 9283 of a member: ceph mgr module enable prometheus'],
    ovn.northbound.length > 0
      ? [true, 'ovn', `${count(ovn.northbound, 'northbound server')}, ${ovn.southbound.length} southbound`]
      : [
          false,
          'ovn',
          "LXD has no network.ovn.northbound_connection, or this identity may not read LXD's configuration",
        ],
    lxd.routers.length > 0
      ? [
          true,
          'frr',
          `${lxd.routers.map(({ name }) => name).join(', ')}; in the file, commented out: read what it says`,
        ]
      : [false, 'frr', 'no running container has a folder /etc/frr that this identity may see'],
    [false, 'bmc', 'LXD does not know its BMCs: ipmitool lan print on each member, then fill in the file'],
  ];
  return rows.map(([isFound, name, text]) => `${isFound ? '✓' : '–'} ${name.padEnd(5)} ${text}`).join('\n');
}
