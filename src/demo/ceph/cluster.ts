import { type DemoOsd, members, osds } from '../rack.ts';
import type { RackState } from '../state.ts';
import { HealthChecks } from './checks.ts';

/** Of all daemons. */
export const VERSION = 'ceph version 17.2.7 (b12291d110049b2f35e32e0de30d70e9a4c060d2) quincy (stable)';

/** For so long the monitors wait for a manager before they take another one (mon_mgr_beacon_grace, and its start). */
const FAILOVER_MS = 32_000;

/** Which daemons are there: each member has a monitor, a manager, an MDS, and its OSDs. All have their member's name. */
export class CephCluster {
  readonly state: RackState;
  readonly checks = new HealthChecks(this);
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

  /** Undefined while no MDS is left to serve the file system. */
  get activeMds(): string | undefined {
    const { mdss } = this;
    if (!mdss.includes(this.#activeMds)) this.#activeMds = mdss.at(-1) ?? this.#activeMds;
    return mdss.length === 0 ? undefined : this.#activeMds;
  }

  /** Members whose MDS is up. */
  get mdss(): readonly string[] {
    return this.#alive.filter((name) => !this.state.faults.downMds.has(name));
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

  /** Flags of the OSD map: those that were set, and noout, which an administrator sets before a planned reboot. */
  get flags(): ReadonlySet<string> {
    const isNoout = members.some(({ name }) => this.state.isEvacuated(name));
    return new Set([...this.state.faults.osdFlags, ...(isNoout ? ['noout'] : [])]);
  }

  get #alive(): readonly string[] {
    return members.map(({ name }) => name).filter((name) => this.state.isReachable(name));
  }

  #diedAt(member: string): number | undefined {
    return this.state.isReachable(member) ? undefined : this.state.outagesOf(member).at(-1)?.from;
  }
}
