import { defineFacts } from '../../core/insight.ts';
import type { HealthState, PowerSupply } from './client/hardware.ts';

/** What insights may read of one BMC. A part that is missing is unknown. */
export interface BmcFacts {
  /** The LXD member whose hardware this is. */
  readonly member: string;
  /** Where it is asked, as configured. */
  readonly address: string;
  /** Whether the BMC answered in this cycle. */
  readonly reachable: boolean;
  readonly powerOn: boolean;
  readonly powerSupplies: readonly PowerSupply[];
  readonly fans: readonly FanFacts[];
  /** What redundancy sensors say, in the specification's words: `fully_redundant`, `redundancy_lost`. */
  readonly redundancies: readonly { readonly sensor: string; readonly kind: string; readonly state: string }[];
  /** Over all sensors that have a reading. */
  readonly worstSensorState: HealthState;
}

interface FanFacts {
  readonly name: string;
  readonly health: HealthState;
}

export const bmcFacts = defineFacts<BmcFacts>('bmc');
