import type { RouterConfig } from '../config.ts';
import { type Daemon, daemons } from './commands.ts';
import { dialVty, type VtyAddress } from './dial.ts';
import type { Transport } from './transport.ts';
import { VtyTransport } from './vty-transport.ts';

/** Opens the way to a router that its configuration names. Does no I/O. */
export function openTransport({ sockets = '/var/run/frr' }: RouterConfig): Transport {
  const addresses = new Map(daemons.flatMap((daemon) => entryOf(daemon, sockets)));
  return new VtyTransport({
    daemons: [...addresses.keys()],
    dial: (daemon, signal) => dialVty(addresses.get(daemon) as VtyAddress, signal),
  });
}

function entryOf(daemon: Daemon, sockets: NonNullable<RouterConfig['sockets']>): [Daemon, VtyAddress][] {
  if (typeof sockets === 'string') return [[daemon, { path: `${sockets}/${daemon}.vty` }]];
  const address = sockets[daemon];
  return address ? [[daemon, address]] : [];
}
