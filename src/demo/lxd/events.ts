import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Placement } from '../placements.ts';
import { instances } from '../rack.ts';
import type { RackState } from '../state.ts';
import { maintenanceOperations } from './activity.ts';
import { formatTime, urlOf } from './request.ts';
import { acceptWebSocket } from './websocket.ts';

type MemberOperation = ReturnType<typeof maintenanceOperations>[number];

interface Follower {
  /** The member that it is connected to. */
  readonly member: string;
  readonly socket: Duplex;
  readonly send: (text: string) => void;
}

const LOOK_EVERY_MS = 250;

/** The lifecycle events that LXD has at the end of these operations. */
const memberActions: Readonly<Record<string, string>> = {
  'Evacuating cluster member': 'cluster-member-evacuated',
  'Healing cluster': 'cluster-member-healed',
  'Restoring cluster member': 'cluster-member-restored',
};

/**
 * `GET /1.0/events`: tells every follower, whichever member it has asked, what happens in the cluster. The rack's state is
 * a function of time, so it is looked at again and again, and what differs has happened.
 */
export class EventServer {
  readonly #state: RackState;
  readonly #followers = new Set<Follower>();
  #timer: NodeJS.Timeout | undefined;
  #operations = new Map<string, MemberOperation>();
  #placements: readonly Placement[] = [];

  constructor(state: RackState) {
    this.#state = state;
  }

  follow(member: string, request: IncomingMessage, socket: Duplex): void {
    if (this.#followers.size === 0) this.#begin();
    const follower = { member, socket, send: acceptWebSocket(request, socket) };
    this.#followers.add(follower);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) clearInterval(this.#timer);
    });
  }

  #begin(): void {
    this.#operations = this.#listOperations();
    this.#placements = this.#listPlacements();
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  #look(): void {
    for (const { member, socket } of this.#followers) if (!this.#state.isReachable(member)) socket.destroy();
    const operations = this.#listOperations();
    for (const [id, operation] of operations) if (!this.#operations.has(id)) this.#sendOperation(operation);
    this.#lookAtInstances();
    for (const [id, operation] of this.#operations) if (!operations.has(id)) this.#sendEnd(operation);
    this.#operations = operations;
  }

  #lookAtInstances(): void {
    const placements = this.#listPlacements();
    for (const [index, { name, project }] of instances.entries()) {
      const [before, now] = [this.#placements[index], placements[index]];
      if (!before || !now) continue;
      const source = urlOf('instances', name, project);
      const hasMoved = before.location !== now.location;
      const tell = (action: string, location: string, about = source) =>
        this.#send('lifecycle', { action, source: about }, location, project);
      if (before.running && (hasMoved || !now.running)) tell('instance-shutdown', before.location);
      if (hasMoved) {
        // A move is a copy under another name, which then takes the place of the original.
        tell('instance-created', now.location, urlOf('instances', `lxd-move-of-${instances[index]?.uuid}`, project));
        tell('instance-deleted', before.location);
        tell('instance-renamed', now.location);
      }
      if (now.running && (hasMoved || !before.running)) tell('instance-started', now.location);
    }
    this.#placements = placements;
  }

  #sendOperation({ operation }: MemberOperation): void {
    this.#send('operation', { ...operation, status: 'Pending', status_code: 105 }, operation.location);
    this.#send('operation', operation, operation.location);
  }

  #sendEnd({ member, operation }: MemberOperation): void {
    const { description, location } = operation;
    this.#send('operation', { ...operation, status: 'Success', status_code: 200 }, location);
    const action = memberActions[description];
    if (action) this.#send('lifecycle', { action, source: `/1.0/cluster/members/${member}` }, location, 'default');
  }

  #send(type: string, metadata: object, location: string, project?: string): void {
    const timestamp = formatTime(this.#state.clock.now());
    const text = JSON.stringify({ type, timestamp, metadata, location, ...(project ? { project } : {}) });
    for (const { send } of this.#followers) send(text);
  }

  #listOperations(): Map<string, MemberOperation> {
    return new Map(maintenanceOperations(this.#state).map((one) => [one.operation.id, one]));
  }

  #listPlacements(): readonly Placement[] {
    return instances.map((instance) => this.#state.placementOf(instance));
  }
}
