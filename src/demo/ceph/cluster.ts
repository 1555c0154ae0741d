import { type DemoOsd, members, osds } from '../rack.ts';
import type { RackState } from '../state.ts';

/** Of all daemons. */
export const VERSION = 'ceph version 17.2.7 (b12291d110049b2f35e32e0de30d70e9a4c060d2) quincy (stable)';

/** For so long the monitors wait for a manager before they take another one (mon_mgr_beacon_grace, and its start). */
const FAILOVER_MS = 32_000;

/** Which daemons are there: each member has a monitor, a manager, an MDS, and its OSDs. All have their member's name. */
export class CephCluster {
  readonly state: RackState;
  #activeManager = members[0]?.name as string;
  #activeMds = members[1]?.name as string;

  constructor(state: RackState) {
    this.state = state;
  }

  /** The manager that serves metrics; undefined in the gap of a failover. */
  get activeManager(): string | undefined {
    const died = this.#diedAt(this.#activeManager);
    if (died === undefined) return this.#activeManager;
    const next = this.#alive[0];
    if (next === undefined || this.state.clock.now() - died < FAILOVER_MS / this.state.speed) return undefined;
    this.#activeManager = next;
    return next;
  }

  get activeMds(): string {
    if (this.#diedAt(this.#activeMds) !== undefined) this.#activeMds = this.#alive.at(-1) ?? this.#activeMds;
    return this.#activeMds;
  }

  get hasQuorum(): boolean {
    return this.monitors.length > members.length / 2;
  }

  /** Members whose monitor is up. */
  get monitors(): readonly string[] {
    return this.#alive.filter((name) => !this.state.faults.downMonitors.has(name));
  }

  isUp(osd: DemoOsd): boolean {
    return this.state.isReachable(osd.member) && !this.state.faults.downOsds.has(osd.id);
  }

  /** Members that have an OSD which is down: each has a copy of everything, so all lacks one there. */
  get incompleteMembers(): readonly string[] {
    return [...new Set(osds.filter((osd) => !this.isUp(osd)).map(({ member }) => member))];
  }

  /** The flag that an administrator sets before a planned reboot. */
  get noout(): boolean {
    return members.some(({ name }) => this.state.isEvacuated(name));
  }

  /** Health checks that are raised, by name. */
  get checks(): readonly string[] {
    const incomplete = this.incompleteMembers;
    const hasDeadHost = incomplete.some((name) => osds.every((osd) => osd.member !== name || !this.isUp(osd)));
    return [
      ...(this.monitors.length < members.length ? ['MON_DOWN'] : []),
      ...(incomplete.length > 0 ? ['OSD_DOWN', 'PG_DEGRADED'] : []),
      ...(hasDeadHost ? ['OSD_HOST_DOWN'] : []),
      ...(this.noout ? ['OSDMAP_FLAGS'] : []),
    ];
  }

  get #alive(): readonly string[] {
    return members.map(({ name }) => name).filter((name) => this.state.isReachable(name));
  }

  #diedAt(member: string): number | undefined {
    return this.state.isReachable(member) ? undefined : this.state.outagesOf(member).at(-1)?.from;
  }
}
