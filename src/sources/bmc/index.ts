import { setMaxListeners } from 'node:events';
import { defineSource, type Io, type OpenSource, type TargetSpec } from '../../core/source.ts';
import { Gate } from './client/ipmi/gate.ts';
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

/** Requests on their way to all BMCs together. */
const MAX_UNDERWAY = 256;

/**
 * BMCs whose cycles begin at a time. What a cycle holds before it is done is much more than what it leaves, so a fleet
 * that begins all at once needs twice the memory. A place is held for a second at most: slow and silent BMCs go on
 * without one, and keep nobody waiting.
 */
const MAX_BEGINNING = 64;
const never = new AbortController().signal;
// All that wait listen to it; Node takes more than ten for a leak, and warns on stderr.
setMaxListeners(0, never);

/** One target per BMC, refreshed in the background of a scrape: one BMC's silence is nobody else's. */
function open({ defaults, fleet, targets }: BmcConfig, { clock }: Io): OpenSource<BmcTarget> {
  const shared = { clock, gate: new Gate(MAX_UNDERWAY), pool: new InventoryPool() };
  const opened = targets.map((target) => openTarget(defaults, target, shared));
  const beginning = new Gate(MAX_BEGINNING);
  const admit = () => beginning.enter(never);
  const specs = opened.map(
    (client): TargetSpec<BmcTarget> => ({ name: client.member, client, background: true, admit }),
  );
  const probed = new ProbedBmcs(fleet, shared);
  return {
    targets: () => specs,
    probe: (address, module) => probed.probe(address, module),
    discover: () => probed.discover(),
    close: async () => {
      await Promise.all([...opened.map(({ bmc }) => bmc.close()), probed.close()]);
    },
  };
}
