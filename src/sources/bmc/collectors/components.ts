import { type Emit, emitState, gauge, type Metric } from '../../../core/metric.ts';
import type { Collector } from '../../../core/source.ts';
import { type ComponentHealth, type ComponentKind, componentHealthStates } from '../client/hardware.ts';
import type { BmcConfig } from '../config.ts';
import type { BmcFacts } from '../facts.ts';
import type { BmcTarget } from '../target.ts';

const states = 'ok, warning, critical or absent; 1 for the present one.';

const drive = gauge('bmc_drive_health', {
  help: `Health of a drive: ${states} Absent where the BMC does not see the drives.`,
  labels: ['member', 'drive', 'state'],
});
const memory = gauge('bmc_memory_health', {
  help: `Health of a memory module: ${states}`,
  labels: ['member', 'module', 'state'],
});
const processor = gauge('bmc_processor_health', {
  help: `Health of a processor: ${states}`,
  labels: ['member', 'processor', 'state'],
});
const system = gauge('bmc_system_health', {
  help: `Health of the whole system, as the BMC sums it up: ${states} Redfish only.`,
  labels: ['member', 'system', 'state'],
});
const lifeLeft = gauge('bmc_drive_life_left_ratio', {
  help: 'Share of its rated writes that a drive has left.',
  labels: ['member', 'drive'],
});

type EmitHealth = (emit: Emit, member: string, name: string, health: ComponentHealth) => void;

const put = <L extends string>(metric: Metric<'member' | 'state' | L>, label: L): EmitHealth => {
  return (emit, member, name, health) => {
    const id = { member, [label]: name } as Record<'member' | L, string>;
    emitState(emit, metric, id, 'state', componentHealthStates, health);
  };
};

const emitHealth: Readonly<Record<ComponentKind, EmitHealth>> = {
  drive: put(drive, 'drive'),
  memory: put(memory, 'module'),
  processor: put(processor, 'processor'),
  system: put(system, 'system'),
};

export const components: Collector<BmcTarget, BmcFacts, BmcConfig> = {
  name: 'components',
  help: 'Health of drives, memory, processors and the system, where the BMC knows them.',
  metrics: [drive, memory, processor, system, lifeLeft],
  async collect({ client: { bmc, member }, emit, signal }) {
    for (const { health, kind, lifeLeftRatio, name } of await bmc.components(signal)) {
      emitHealth[kind](emit, member, name, health);
      if (lifeLeftRatio !== undefined) emit(lifeLeft, { member, drive: name }, lifeLeftRatio);
    }
    return undefined;
  },
};
