import { members, osds } from '../rack.ts';
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
    if (next === undefined || this.state.clock.now() - died < FAILOVER_MS) return undefined;
    this.#activeManager = next;
    return next;
  }

  get activeMds(): string {
    if (this.#diedAt(this.#activeMds) !== undefined) this.#activeMds = this.#alive.at(-1) ?? this.#activeMds;
    return this.#activeMds;
  }

  get hasQuorum(): boolean {
    return this.#alive.length > members.length / 2;
  }

  /** The flag that an administrator sets before a planned reboot. */
  get noout(): boolean {
    return members.some(({ name }) => this.state.isEvacuated(name));
  }

  /** Health checks that are raised, by name. */
  get checks(): readonly string[] {
    const dead = members.filter(({ name }) => !this.state.isReachable(name)).map(({ name }) => name);
    const hasDeadOsd = osds.some(({ member }) => dead.includes(member));
    return [
      ...(dead.length > 0 ? ['MON_DOWN'] : []),
      ...(hasDeadOsd ? ['OSD_DOWN', 'OSD_HOST_DOWN', 'PG_DEGRADED'] : []),
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
