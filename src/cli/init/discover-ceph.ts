import { connect } from 'node:net';
import { fetch } from 'undici';
import { parseMonitor } from '../../sources/ceph/client/monitor/address.ts';
import { probeMonitors } from '../../sources/ceph/client/monitor/probe.ts';

export interface FoundCeph {
  /** `http://HOST:9283` of every manager that answers. */
  readonly managers: readonly string[];
  readonly monitors: readonly string[];
}

/** Where the managers' module `prometheus` listens unless it is told otherwise. */
const MANAGER_PORT = 9283;
const PATIENCE_MS = 3000;

/** Knocks at Ceph's usual ports on the members' addresses. */
export async function discoverCeph(hosts: readonly string[], signal: AbortSignal): Promise<FoundCeph> {
  const urls = hosts.map((host) => `http://${inUrl(host)}:${MANAGER_PORT}`);
  const managers = await filterAsync(urls, (url) => isManager(url, signal));
  const candidates = hosts.map((host) => ({ label: host, addresses: parseMonitor(inUrl(host)) }));
  const answers = await probeMonitors(candidates, signal);
  const monitors = answers.filter(({ reachable }) => reachable.includes(true)).map(({ monitor }) => monitor.label);
  return { managers, monitors };
}

/** Those of the addresses that accept a connection. */
export const findListening = (hosts: readonly string[], port: number): Promise<string[]> =>
  filterAsync(hosts, (host) => accepts(host, port));

/** A standby answers with an empty page. */
async function isManager(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const answer = await fetch(`${url}/metrics`, { signal: patience });
    const body = await answer.text();
    return answer.ok && (body === '' || body.includes('ceph_health_status'));
  } catch {
    return false;
  }
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PATIENCE_MS });
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

async function filterAsync<T>(items: readonly T[], keeps: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(keeps));
  return items.filter((_, index) => kept[index]);
}

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
