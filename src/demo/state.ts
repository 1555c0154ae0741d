import type { Clock } from '../core/clock.ts';
import { noFaults } from './faults.ts';
import { Outages, type Span } from './outages.ts';
import { type Placement, Placements } from './placements.ts';
import { type DemoInstance, type DemoNetwork, instances, members } from './rack.ts';
import { fractionOf } from './wave.ts';

/** An evacuation, a healing or the return from one. The whole cluster knows its status at the start, the work takes its time. */
export interface Maintenance extends Required<Span> {
  readonly kind: 'evacuate' | 'heal' | 'restore';
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
  readonly powered: boolean;
}

const HOUR_MS = 3_600_000;
/** How long the move of one instance takes. */
const MOVE_MS = 2000;

/**
 * What can change in the rack, shared by all its parts, so that a member that dies is dead in every layer. What is
 * asked is a function of the clock; what is done takes effect from the clock's present on.
 */
export class RackState {
  readonly clock: Clock;
  /** How many times faster than in life what takes its time goes on: moves, failovers. */
  readonly speed: number;
  readonly faults = noFaults();
  /** What an administrator has set in LXD so that it finds the other systems. */
  readonly lxdConfig = new Map<string, string>();
  readonly #members = new Map<string, MemberState>();
  readonly #outages = new Outages();
  readonly #placements: Placements;
  /** When nobody could hold a session with a peer, by its name: a session that is lost and comes back. */
  readonly sessionOutages = new Outages();
  /** When something filled a port: `abydos/enp3s0f0`. */
  readonly surges = new Outages();
  /** LXD's warnings that nobody has resolved. */
  readonly warnings = new Set<DemoWarning & { readonly at: number }>();
  readonly #linkOutages = new Outages();
  #maintenance: readonly Maintenance[] = [];

  constructor(clock: Clock, speed = 1) {
    this.clock = clock;
    this.speed = speed;
    const now = clock.now();
    for (const [index, { name }] of members.entries())
      this.#members.set(name, { bootedAt: now - (40 + 2 * index) * HOUR_MS, evacuated: false, powered: true });
    this.#placements = new Placements(clock, ({ home, stopped, uuid }) => {
      const since = this.bootedAt(home) + 60_000 + Math.round(fractionOf(uuid) * 1000) * 240;
      return { location: home, running: !stopped, since };
    });
  }

  bootedAt(member: string): number {
    return this.#member(member).bootedAt;
  }

  isReachable(member: string): boolean {
    return !this.#outages.lasts(this.#known(member));
  }

  /** Whether its chassis is switched on, whether or not anything of it answers. */
  isPowered(member: string): boolean {
    return this.#member(member).powered;
  }

  isEvacuated(member: string): boolean {
    return this.#member(member).evacuated;
  }

  /** When a member was dead; the last span has no end while it is. */
  outagesOf(member: string): readonly Span[] {
    return this.#outages.of(this.#known(member));
  }

  placementOf(instance: DemoInstance): Placement {
    return this.#placements.of(instance);
  }

  /** Whether it runs in truth: not on a dead member, whatever the cluster still believes. */
  isRunning(instance: DemoInstance): boolean {
    const { location, running } = this.placementOf(instance);
    return running && this.isReachable(location);
  }

  /** The member whose chassis carries the network's router, undefined while no member can. */
  gatewayOf(network: DemoNetwork): string | undefined {
    if (this.faults.unboundNetworks.has(network.name)) return undefined;
    const order = members.map((_, index) => members[(index + network.id) % members.length]?.name as string);
    return order.find((member) => this.isReachable(member) && !this.isEvacuated(member));
  }

  /** Evacuations and returns that are under way. */
  get maintenance(): readonly Maintenance[] {
    const now = this.clock.now();
    return this.#maintenance.filter(({ from, to }) => from <= now && now < to);
  }

  addWarning(warning: DemoWarning): void {
    this.warnings.add({ ...warning, at: this.clock.now() });
  }

  /**
   * Moves every instance of a member away, one after the other; the pinned ones stop where they are.
   * @throws when no other member can take them
   */
  evacuate(member: string): void {
    this.#moveAway('evacuate', member);
  }

  #moveAway(kind: 'evacuate' | 'heal', member: string): void {
    const others = members.map(({ name }) => name).filter((name) => name !== member && this.#canHost(name));
    if (others.length === 0) throw new Error(`no other member can take the instances of ${member}`);
    this.#update(member, { evacuated: true });
    this.#placements.dropPlans(member);
    const here = instances.filter((instance) => this.placementOf(instance).location === member);
    const work = here.filter((instance) => this.placementOf(instance).running || !instance.pinned);
    this.#work(kind, member, work, (instance, index) =>
      instance.pinned
        ? { location: member, running: false }
        : { location: others[index % others.length] as string, origin: member },
    );
  }

  /** Brings back what an evacuation moved away or stopped. */
  restore(member: string): void {
    this.#update(member, { evacuated: false });
    this.#placements.dropPlans(member);
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
    this.hang(member);
    this.#update(member, { powered: false });
  }

  /** Nothing of the member answers any more, as while it boots, but it has power. */
  hang(member: string): void {
    this.#outages.begin(this.#known(member), this.clock.now());
  }

  /** The others start what ran on a member that does not answer, as LXD does after `cluster.healing_threshold`. */
  heal(member: string): void {
    if (!this.isReachable(member)) this.#moveAway('heal', member);
  }

  /** Everything is in order again at once, and every instance is at home. */
  mendAll(): void {
    for (const fault of Object.values(this.faults)) fault.clear();
    this.warnings.clear();
    for (const outages of [this.#linkOutages, this.sessionOutages, this.surges])
      for (const name of outages.names) outages.end(name, this.clock.now());
    for (const { name } of members) {
      this.revive(name);
      this.#update(name, { evacuated: false });
      this.#placements.dropPlans(name);
    }
    this.#maintenance = [];
    for (const instance of instances) {
      const { location, running } = this.placementOf(instance);
      const stage = { location: instance.home, running: !instance.stopped, since: this.clock.now() };
      if (location !== stage.location || running !== stage.running) this.#placements.append(instance, stage);
    }
  }

  /** The member has booted again, and what was running on it runs anew. */
  revive(member: string): void {
    if (this.isReachable(member)) return;
    const now = this.clock.now();
    this.#outages.end(member, now);
    this.#update(member, { bootedAt: now, powered: true });
    for (const instance of instances) {
      const { location } = this.placementOf(instance);
      if (location === member) this.#placements.append(instance, { ...this.placementOf(instance), since: now });
    }
  }

  /** An evacuation has left an instance on another member, and nothing brings it back. */
  strand(instance: DemoInstance, location: string): void {
    const { running } = this.placementOf(instance);
    this.#placements.append(instance, { location, origin: instance.home, running, since: this.clock.now() });
  }

  bringHome(instance: DemoInstance): void {
    const { running } = this.placementOf(instance);
    this.#placements.append(instance, { location: instance.home, running, since: this.clock.now() });
  }

  stop(instance: DemoInstance): void {
    this.#placements.append(instance, { ...this.placementOf(instance), running: false, since: this.clock.now() });
  }

  start(instance: DemoInstance): void {
    this.#placements.append(instance, { ...this.placementOf(instance), running: true, since: this.clock.now() });
  }

  /** Takes the carrier from a physical port. */
  cutLink(member: string, device: string): void {
    this.#linkOutages.begin(`${member}/${device}`, this.clock.now());
  }

  mendLink(member: string, device: string): void {
    this.#linkOutages.end(`${member}/${device}`, this.clock.now());
  }

  linkOutagesOf(member: string, device: string): readonly Span[] {
    return this.#linkOutages.of(`${member}/${device}`);
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
    const moveMs = MOVE_MS / this.speed;
    for (const [index, instance] of work.entries()) {
      const { running } = this.placementOf(instance);
      this.#placements.append(instance, { running, ...next(instance, index), since: from + (index + 1) * moveMs });
    }
    const rest = this.#maintenance
      .filter(({ to }) => to > from)
      .map((one) => (one.member === member ? { ...one, to: from } : one));
    this.#maintenance = [...rest, { kind, member, from, to: from + work.length * moveMs }];
  }

  #update(member: string, change: Partial<MemberState>): void {
    this.#members.set(member, { ...this.#member(member), ...change });
  }

  #known(member: string): string {
    this.#member(member);
    return member;
  }

  #member(name: string): MemberState {
    const member = this.#members.get(name);
    if (!member) throw new Error(`the rack has no member ${name}`);
    return member;
  }
}
