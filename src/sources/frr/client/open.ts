import type { LxdConfig, RouterConfig } from '../config.ts';
import { type Daemon, daemons } from './commands.ts';
import { dialVty, type VtyAddress } from './dial.ts';
import { ExecTransport } from './exec-transport.ts';
import { LxdApi } from './lxd-api.ts';
import { LxdExec } from './lxd-exec.ts';
import { SshWays } from './ssh.ts';
import type { Transport } from './transport.ts';
import { VtyTransport } from './vty-transport.ts';

/**
 * Opens the way to a router that its configuration names. Does no network I/O.
 * @throws when a certificate cannot be read
 */
export function openTransport({ lxd, sockets = '/var/run/frr', ssh }: RouterConfig, lxdDefaults: LxdConfig): Transport {
  if (ssh) return new VtyTransport(new SshWays(ssh));
  if (lxd) return new ExecTransport(new LxdExec(new LxdApi({ ...lxdDefaults, ...withoutGaps(lxd) }), lxd));
  const addresses = new Map(daemons.flatMap((daemon) => entryOf(daemon, sockets)));
  return new VtyTransport({
    daemons: [...addresses.keys()],
    dial: (daemon, signal) => dialVty(addresses.get(daemon) as VtyAddress, signal),
  });
}

const withoutGaps = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<T>;

function entryOf(daemon: Daemon, sockets: NonNullable<RouterConfig['sockets']>): [Daemon, VtyAddress][] {
  if (typeof sockets === 'string') return [[daemon, { path: `${sockets}/${daemon}.vty` }]];
  const address = sockets[daemon];
  return address ? [[daemon, address]] : [];
}
