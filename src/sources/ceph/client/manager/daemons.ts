import { indexBy } from './lookup.ts';
import type { Samples } from './samples.ts';

export interface MonDaemon {
  /** Its name, such as `a` or the host's. */
  readonly id: string;
  readonly host: string | undefined;
  /** Without a port. */
  readonly address: string | undefined;
  readonly inQuorum: boolean | undefined;
}

export interface MgrDaemon {
  readonly id: string;
  readonly host: string | undefined;
  readonly active: boolean;
  /** Such as `17.2.7`. */
  readonly version: string | undefined;
}

export interface MdsDaemon {
  readonly id: string;
  readonly host: string | undefined;
  /** Name of the file system it serves or follows; undefined for a standby of all. */
  readonly filesystem: string | undefined;
  /** Undefined for a standby. */
  readonly rank: number | undefined;
}

/** Monitors, managers and MDS as the active manager knows them. */
export interface Daemons {
  readonly mons: readonly MonDaemon[];
  readonly mgrs: readonly MgrDaemon[];
  readonly mdss: readonly MdsDaemon[];
  readonly filesystems: readonly string[];
}

export const daemonFamilies: readonly string[] = [
  'ceph_mon_metadata',
  'ceph_mon_quorum_status',
  'ceph_mgr_metadata',
  'ceph_mgr_status',
  'ceph_mds_metadata',
  'ceph_fs_metadata',
];

export function decodeDaemons(samples: Samples): Daemons {
  const quorum = indexBy(samples, 'ceph_mon_quorum_status', 'ceph_daemon');
  const active = indexBy(samples, 'ceph_mgr_status', 'ceph_daemon');
  const filesystems = new Map(
    (samples.get('ceph_fs_metadata') ?? []).flatMap(({ labels: { fs_id, name } }) =>
      fs_id !== undefined && name !== undefined ? [[fs_id, name] as const] : [],
    ),
  );
  return {
    mons: metadataOf(samples, 'mon').map(({ daemon, id, host, labels }) => ({
      id,
      host,
      address: labels['public_addr']?.replace(/^\[(.*)\]$/, '$1') || undefined,
      inQuorum: quorum.has(daemon) ? quorum.get(daemon) === 1 : undefined,
    })),
    mgrs: metadataOf(samples, 'mgr').map(({ daemon, id, host, labels }) => ({
      id,
      host,
      active: active.get(daemon) === 1,
      version: /^ceph version (\S+)/.exec(labels['ceph_version'] ?? '')?.[1],
    })),
    mdss: metadataOf(samples, 'mds').map(({ id, host, labels }) => {
      const rank = Number(labels['rank']);
      return {
        id,
        host,
        // A standby of all file systems has -1 for both.
        filesystem: filesystems.get(labels['fs_id'] ?? ''),
        rank: rank >= 0 ? rank : undefined,
      };
    }),
    filesystems: [...filesystems.values()],
  };
}

function metadataOf(samples: Samples, kind: 'mon' | 'mgr' | 'mds') {
  return (samples.get(`ceph_${kind}_metadata`) ?? []).flatMap(({ labels }) => {
    const daemon = labels['ceph_daemon'] ?? '';
    if (!daemon.startsWith(`${kind}.`)) return [];
    return { daemon, id: daemon.slice(kind.length + 1), host: labels['hostname'] || undefined, labels };
  });
}
