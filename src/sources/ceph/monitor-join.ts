import type { Reading } from './client/ceph-client.ts';
import type { MonDaemon } from './client/manager/daemons.ts';
import type { Monitor } from './client/monitor/probe.ts';

/** A monitor as rackwatch reaches it and as the cluster knows it. */
export interface JoinedMonitor {
  /** The cluster's name for it, once a manager has said it; until then what the configuration says. */
  readonly name: string;
  readonly host: string | undefined;
  /** Undefined for one that is not configured. */
  readonly probed: Reading['monitors'][number] | undefined;
  /** What the manager says, whenever it said it; undefined if it never named this one. */
  readonly daemon: MonDaemon | undefined;
}

/** The configured monitors and those that only the cluster knows. */
export function joinMonitors({ monitors, lastCluster }: Reading): readonly JoinedMonitor[] {
  const daemons = lastCluster?.daemons.mons ?? [];
  const configured = monitors.map(({ monitor }) => monitor);
  const joined = monitors.map((probed): JoinedMonitor => {
    const daemon = findDaemon(probed.monitor, configured, daemons);
    return { name: daemon?.id ?? probed.monitor.label, host: daemon?.host, probed, daemon };
  });
  const others = daemons.filter((daemon) => !joined.some((each) => each.daemon === daemon));
  return [...joined, ...others.map((daemon) => ({ name: daemon.id, host: daemon.host, probed: undefined, daemon }))];
}

/** By the name in the configuration, or by the address where no other monitor has it as well. */
function findDaemon(
  monitor: Monitor,
  configured: readonly Monitor[],
  daemons: readonly MonDaemon[],
): MonDaemon | undefined {
  const byName = daemons.find(({ id }) => id === monitor.label);
  if (byName) return byName;
  const hosts = new Set(monitor.addresses.map(({ host }) => host));
  const sharing = configured.filter((other) => other.addresses.some(({ host }) => hosts.has(host)));
  const byAddress = daemons.filter(({ address }) => address !== undefined && hosts.has(address));
  return sharing.length === 1 && byAddress.length === 1 ? byAddress[0] : undefined;
}
