import { defineSource, type Io, type OpenSource, type TargetSpec } from '../../core/source.ts';
import { Admission } from './admission.ts';
import type { Bmc } from './client/hardware.ts';
import { InventoryPool } from './client/ipmi/inventory-pool.ts';
import { availability } from './collectors/availability.ts';
import { chassis } from './collectors/chassis.ts';
import { components } from './collectors/components.ts';
import { eventLogs } from './collectors/event-logs.ts';
import { power } from './collectors/power.ts';
import { powerSupplies } from './collectors/power-supplies.ts';
import { sensors } from './collectors/sensors.ts';
import { type BmcConfig, bmcConfig } from './config.ts';
import type { BmcFacts } from './facts.ts';
import { ProbedBmcs } from './fleet.ts';
import { type BmcTarget, openTarget } from './target.ts';

export const bmc = defineSource<typeof bmcConfig, BmcTarget, BmcFacts>({
  name: 'bmc',
  configSchema: bmcConfig,
  // A BMC takes its time over every request, and what it measures changes slowly.
  defaults: { min_age: '30s', timeout: '25s', stale_after: '3m' },
  open,
  async describe({ client: { bmc: asked }, signal }) {
    const { firmware } = await asked.identity(signal);
    // Where the clock may not be read, or there is none, the version is still worth showing.
    const offset = await asked.clockOffsetSeconds(signal).catch(() => undefined);
    return { version: firmware, clockOffsetSeconds: offset };
  },
  collectors: [availability, sensors, powerSupplies, power, chassis, eventLogs, components],
});

/** BMCs that are read at a time, but for those that keep us waiting. */
const PLACES = 32;

/** One target per BMC, refreshed in the background of a scrape: one BMC's silence is nobody else's. */
function open({ defaults, fleet, targets }: BmcConfig, { clock }: Io): OpenSource<BmcTarget> {
  const shared = { clock, pool: new InventoryPool() };
  const admission = new Admission(PLACES);
  const specOf = (name: string, client: BmcTarget): TargetSpec<BmcTarget> => ({
    name,
    client,
    admit: () => admission.enter(() => steps(client.bmc)),
  });
  const opened = targets.map((target) => openTarget(defaults, target, shared));
  const specs = opened.map((client) => ({ ...specOf(client.member, client), background: true }));
  const probed = new ProbedBmcs(fleet, (login, target) => specOf(target.address, openTarget(login, target, shared)));
  return {
    targets: () => specs,
    probe: (address, module) => probed.probe(address, module),
    discover: () => probed.discover(),
    close: async () => {
      await Promise.all([...opened.map(({ bmc }) => bmc.close()), probed.close()]);
    },
  };
}

/** Requests that were sent for the first time: the next one goes out when one was answered. */
function steps(bmc: Bmc): number {
  const { requests, retries } = bmc.traffic();
  return requests - retries;
}
