import { hold } from '../hold.ts';
import type { LabName } from './needs.ts';

/** Labs whose daemons have fixed names, addresses and namespaces: one test file at a time may have them. */
const exclusive: readonly LabName[] = ['lxd', 'ceph', 'ovn', 'frr', 'bmc'];

/**
 * Waits until no other process has any of these labs, and takes all of them or none, so that nobody waits in a circle.
 * @returns what gives them back
 */
export async function takeTurn(labs: readonly LabName[]): Promise<() => void> {
  const wanted = exclusive.filter((lab) => labs.includes(lab));
  for (;;) {
    const held = await Promise.all(wanted.map((lab) => hold(`lab-${lab}`)));
    const giveBack = () => {
      for (const server of held) server?.close();
    };
    if (held.every((server) => server !== undefined)) return giveBack;
    giveBack();
    // Not all at the same moment again.
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 200));
  }
}
