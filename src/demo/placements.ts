import type { Clock } from '../core/clock.ts';
import { type DemoInstance, instances } from './rack.ts';

/** Where an instance is, and since when it has been running or not. */
export interface Placement {
  readonly location: string;
  readonly running: boolean;
  readonly since: number;
  /** The member it was moved away from by an evacuation, and to which it will return. */
  readonly origin?: string;
}

const keyOf = (instance: DemoInstance): string => `${instance.project}/${instance.name}`;

/** Every stage an instance has been or will be in, oldest first; which one holds is a function of the clock. */
export class Placements {
  readonly #clock: Clock;
  readonly #stages = new Map<string, readonly Placement[]>();

  constructor(clock: Clock, first: (instance: DemoInstance) => Placement) {
    this.#clock = clock;
    for (const instance of instances) this.#stages.set(keyOf(instance), [first(instance)]);
  }

  of(instance: DemoInstance): Placement {
    const now = this.#clock.now();
    const stages = this.#stagesOf(instance);
    return stages.findLast(({ since }) => since <= now) ?? (stages[0] as Placement);
  }

  /** Adds a stage, in place of what was planned for later. */
  append(instance: DemoInstance, stage: Placement): void {
    this.#stages.set(keyOf(instance), [...this.#past(instance), stage]);
  }

  /** Forgets the moves to and from a member that have not happened yet. */
  dropPlans(member: string): void {
    for (const instance of instances) {
      const planned = this.#stagesOf(instance).at(-1) as Placement;
      const concerned = [planned.location, planned.origin, this.of(instance).location];
      if (concerned.includes(member)) this.#stages.set(keyOf(instance), this.#past(instance));
    }
  }

  #past(instance: DemoInstance): readonly Placement[] {
    const now = this.#clock.now();
    return this.#stagesOf(instance).filter(({ since }) => since <= now);
  }

  #stagesOf(instance: DemoInstance): readonly Placement[] {
    return this.#stages.get(keyOf(instance)) ?? [];
  }
}
