import type { Clock } from '../core/clock.ts';
import { type DemoInstance, type DemoNetwork, instances, members } from './rack.ts';
import { fractionOf } from './wave.ts';

/** A span of time in milliseconds since the epoch; without an end it lasts. */
export interface Span {
  readonly from: number;
  readonly to?: number;
}

/** Where an instance is, and since when it has been running or not. */
export interface Placement {
  readonly location: string;
  readonly running: boolean;
  readonly since: number;
  /** The member it was moved away from by an evacuation, and to which it will return. */
  readonly origin?: string;
}

/** An evacuation or the return from one. The whole cluster knows its status at the start, the work takes its time. */
export interface Maintenance extends Required<Span> {
  readonly kind: 'evacuate' | 'restore';
  readonly member: string;
}

export interface DemoWarning {
  readonly type: string;
  readonly severity: 'low' | 'moderate' | 'high';
  readonly message: string;
  readonly member: string;
  readonly project?: string;
}

interface MemberState {
  readonly bootedAt: number;
  readonly evacuated: boolean;
  readonly outages: readonly Span[];
}

const HOUR_MS = 3_600_000;
/** How long the move of one instance takes. */
const MOVE_MS = 2000;

const keyOf = (instance: DemoInstance): string => `${instance.project}/${instance.name}`;

/**
 * What can change in the rack, shared by all its parts, so that a member that dies is dead in every layer. What is
 * asked is a function of the clock; what is done takes effect from the clock's present on.
 */
export class RackState {
  readonly clock: Clock;
  readonly #members = new Map<string, MemberState>();
  /** Every stage an instance has been or will be in, oldest first. */
  readonly #stages = new Map<string, readonly Placement[]>();
  readonly #linkOutages = new Map<string, readonly Span[]>();
  #maintenance: readonly Maintenance[] = [];
  #warnings: readonly (DemoWarning & { at: number })[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
    const now = clock.now();
    for (const [index, { name }] of members.entries())
      this.#members.set(name, { bootedAt: now - (40 + 2 * index) * HOUR_MS, evacuated: false, outages: [] });
    for (const instance of instances) {
      const bootedAt = this.#member(instance.home).bootedAt;
      const since = bootedAt + 60_000 + Math.round(fractionOf(instance.uuid) * 1000) * 240;
      this.#stages.set(keyOf(instance), [{ location: instance.home, running: !instance.stopped, since }]);
    }
  }

  bootedAt(member: string): number {
    return this.#member(member).bootedAt;
  }

  isReachable(member: string): boolean {
    const last = this.#member(member).outages.at(-1);
    return last === undefined || last.to !== undefined;
  }

  isEvacuated(member: string): boolean {
    return this.#member(member).evacuated;
  }

  /** When a member was dead; the last span has no end while it is. */
  outagesOf(member: string): readonly Span[] {
    return this.#member(member).outages;
  }

  placementOf(instance: DemoInstance): Placement {
    const now = this.clock.now();
    const stages = this.#stages.get(keyOf(instance)) ?? [];
    return stages.findLast(({ since }) => since <= now) ?? (stages[0] as Placement);
  }

  /** Whether it runs in truth: not on a dead member, whatever the cluster still believes. */
  isRunning(instance: DemoInstance): boolean {
    const { location, running } = this.placementOf(instance);
    return running && this.isReachable(location);
  }

  /** The member whose chassis carries the network's router, undefined while no member can. */
  gatewayOf(network: DemoNetwork): string | undefined {
    const order = members.map((_, index) => members[(index + network.id) % members.length]?.name as string);
    return order.find((member) => this.isReachable(member) && !this.isEvacuated(member));
  }

  /** Evacuations and returns that are under way. */
  get maintenance(): readonly Maintenance[] {
    const now = this.clock.now();
    return this.#maintenance.filter(({ from, to }) => from <= now && now < to);
  }

  get warnings(): readonly (DemoWarning & { at: number })[] {
    return this.#warnings;
  }

  addWarning(warning: DemoWarning): void {
    this.#warnings = [...this.#warnings, { ...warning, at: this.clock.now() }];
  }

  /**
   * Moves every instance of a member away, one after the other; the pinned ones stop where they are.
   * @throws when no other member can take them
   */
  evacuate(member: string): void {
    const others = members.map(({ name }) => name).filter((name) => name !== member && this.#canHost(name));
    if (others.length === 0) throw new Error(`no other member can take the instances of ${member}`);
    this.#update(member, { evacuated: true });
    this.#dropPlans(member);
    const here = instances.filter((instance) => this.placementOf(instance).location === member);
    const work = here.filter((instance) => this.placementOf(instance).running || !instance.pinned);
    this.#work('evacuate', member, work, (instance, index) =>
      instance.pinned
        ? { location: member, running: false }
        : { location: others[index % others.length] as string, origin: member },
    );
  }

  /** Brings back what an evacuation moved away or stopped. */
  restore(member: string): void {
    this.#update(member, { evacuated: false });
    this.#dropPlans(member);
    const work = instances.filter((instance) => {
      const { location, origin, running } = this.placementOf(instance);
      return origin === member || (location === member && instance.pinned && !running);
    });
    this.#work('restore', member, work, (instance) => ({
      location: member,
      running: instance.pinned || this.placementOf(instance).running,
    }));
  }

  /** The member loses its power: nothing of it answers any more. */
  kill(member: string): void {
    if (!this.isReachable(member)) return;
    this.#update(member, { outages: [...this.outagesOf(member), { from: this.clock.now() }] });
  }

  /** The member has booted again, and what was running on it runs anew. */
  revive(member: string): void {
    if (this.isReachable(member)) return;
    const now = this.clock.now();
    this.#update(member, { bootedAt: now, outages: endLast(this.outagesOf(member), now) });
    for (const instance of instances) {
      const { location } = this.placementOf(instance);
      if (location === member) this.#append(instance, { ...this.placementOf(instance), since: now });
    }
  }

  stop(instance: DemoInstance): void {
    this.#append(instance, { ...this.placementOf(instance), running: false, since: this.clock.now() });
  }

  start(instance: DemoInstance): void {
    this.#append(instance, { ...this.placementOf(instance), running: true, since: this.clock.now() });
  }

  /** Takes the carrier from a physical port. */
  cutLink(member: string, device: string): void {
    const outages = this.linkOutagesOf(member, device);
    if (outages.length > 0 && outages.at(-1)?.to === undefined) return;
    this.#linkOutages.set(`${member}/${device}`, [...outages, { from: this.clock.now() }]);
  }

  mendLink(member: string, device: string): void {
    this.#linkOutages.set(`${member}/${device}`, endLast(this.linkOutagesOf(member, device), this.clock.now()));
  }

  linkOutagesOf(member: string, device: string): readonly Span[] {
    return this.#linkOutages.get(`${member}/${device}`) ?? [];
  }

  #canHost(member: string): boolean {
    return this.isReachable(member) && !this.isEvacuated(member);
  }

  #work(
    kind: Maintenance['kind'],
    member: string,
    work: readonly DemoInstance[],
    next: (instance: DemoInstance, index: number) => Partial<Placement> & { location: string },
  ): void {
    const from = this.clock.now();
    for (const [index, instance] of work.entries()) {
      const { running } = this.placementOf(instance);
      this.#append(instance, { running, ...next(instance, index), since: from + (index + 1) * MOVE_MS });
    }
    const rest = this.#maintenance
      .filter(({ to }) => to > from)
      .map((one) => (one.member === member ? { ...one, to: from } : one));
    this.#maintenance = [...rest, { kind, member, from, to: from + work.length * MOVE_MS }];
  }

  /** Forgets the moves to and from a member that have not happened yet. */
  #dropPlans(member: string): void {
    for (const instance of instances) {
      const planned = this.#stages.get(keyOf(instance))?.at(-1) as Placement;
      const concerned = [planned.location, planned.origin, this.placementOf(instance).location];
      if (concerned.includes(member)) this.#stages.set(keyOf(instance), this.#past(instance));
    }
  }

  /** Adds a stage, in place of what was planned for later. */
  #append(instance: DemoInstance, stage: Placement): void {
    this.#stages.set(keyOf(instance), [...this.#past(instance), stage]);
  }

  #past(instance: DemoInstance): readonly Placement[] {
    const now = this.clock.now();
    return (this.#stages.get(keyOf(instance)) ?? []).filter(({ since }) => since <= now);
  }

  #update(member: string, change: Partial<MemberState>): void {
    this.#members.set(member, { ...this.#member(member), ...change });
  }

  #member(name: string): MemberState {
    const member = this.#members.get(name);
    if (!member) throw new Error(`the rack has no member ${name}`);
    return member;
  }
}

const endLast = (spans: readonly Span[], to: number): readonly Span[] =>
  spans.map((span) => (span.to === undefined ? { ...span, to } : span));
