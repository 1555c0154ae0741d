import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const newestFolder = join(process.env.TMPDIR ?? tmpdir(), 'rackwatch-lab', 'newest');

/** Where `newest.sh` puts the newest servers that Debian has. */
export const newestPrograms = join(newestFolder, 'bin');

/** The folder of the schemas of Debian's newest OVN. */
export const newestSchemas = join(newestFolder, 'root', 'usr', 'share', 'ovn');

const newest = (names: string): string => names.replaceAll(/\S+/g, (name) => join(newestPrograms, name));

/** What each lab starts, and what must be on the machine for it. All of them need root as well. */
const binaries = {
  lxd: 'lxd lxc lxcfs busybox unsquashfs nft dnsmasq setfattr rsync jq openssl curl ip nsenter',
  ceph: 'ceph ceph-mon ceph-mgr ceph-osd ceph-mds ceph-authtool monmaptool rbd',
  ovn: 'ovn-nbctl ovn-sbctl ovn-northd ovn-controller ovsdb-server ovsdb-tool ovs-vsctl openssl ip',
  frr: '/usr/lib/frr/bgpd /usr/lib/frr/zebra vtysh gobgp gobgpd debootstrap ssh ssh-keygen ip prometheus-frr-exporter',
  bmc: 'ipmi_sim socat ipmitool ipmi-sensors',
  prometheus: 'prometheus promtool',
  alertmanager: 'prometheus promtool prometheus-alertmanager amtool',
  'newest alertmanager': newest('prometheus promtool prometheus-alertmanager amtool'),
  'newest compose': newest('docker-compose'),
  'newest ovn': `${newestSchemas}/ovn-nb.ovsschema ${newestSchemas}/ovn-sb.ovsschema`,
  chromium: '/usr/bin/chromium',
  systemd: '/lib/systemd/systemd /lib/systemd/systemd-journald systemctl journalctl systemd-analyze',
  bundle: 'curl ip nsenter unshare chroot setpriv',
} as const;

export type LabName = keyof typeof binaries;

/** Prometheus and Alertmanager of Debian's stable release, and the newest that Debian has. */
export const alertLabs = ['alertmanager', 'newest alertmanager'] as const;
export type AlertLab = (typeof alertLabs)[number];

/** What to start for one of the programs of `alertLabs`. */
export const programOf = (lab: AlertLab, name: string): string => (lab === 'alertmanager' ? name : newest(name));

export const labNames = Object.keys(binaries) as LabName[];

/** Set in CI: there, a lab that cannot run is a failure. */
export const labsRequired = process.env.RACKWATCH_LABS === 'required';

/** What keeps this lab from running here; an empty list when nothing does. */
export function missingFor(lab: LabName): string[] {
  const missing = binaries[lab].split(' ').filter((binary) => !isInstalled(binary));
  return process.getuid?.() === 0 ? missing : ['root', ...missing];
}

function isInstalled(binary: string): boolean {
  if (binary.endsWith('.ovsschema')) return may(binary, constants.R_OK);
  if (binary.startsWith('/')) return may(binary, constants.X_OK);
  const path = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;
  return path.split(delimiter).some((folder) => may(join(folder, binary), constants.X_OK));
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
