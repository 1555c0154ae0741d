import { createHash } from 'node:crypto';
import type { Span } from '../outages.ts';
import { instances, members } from '../rack.ts';
import type { DemoWarning, RackState } from '../state.ts';
import { type ApiRequest, formatTime } from './request.ts';

/** `GET /1.0/warnings?recursion=1` */
export function listWarnings({ addresses, state }: ApiRequest) {
  const standing = members.map(({ name }) => ({
    ...describeWarning(missingController(name), state.bootedAt(name), state.bootedAt(name)),
    status: 'new',
  }));
  const added = [...state.warnings].map((warning) => ({
    ...describeWarning(warning, warning.at, warning.at),
    status: 'new',
  }));
  const offline = members.flatMap(({ name }) =>
    state.outagesOf(name).flatMap((outage) => offlineWarning(name, outage, addresses.get(name) ?? '', state)),
  );
  return [...standing, ...added, ...offline];
}

const missingController = (member: string): DemoWarning => ({
  type: "Couldn't find the CGroup network priority controller",
  severity: 'low',
  message: 'network priority will be ignored',
  member,
});

function describeWarning(
  { member, message, project = '', severity, type }: DemoWarning,
  first: number,
  last: number,
  count = 1,
) {
  return {
    uuid: uuidOf(`${type}/${member}/${first}`),
    location: member,
    project,
    type,
    count,
    first_seen_at: formatTime(first),
    last_seen_at: formatTime(last),
    last_message: message,
    severity,
    entity_url: '',
  };
}

const HEARTBEAT_MS = 10_000;

/** Reported by the leader at every heartbeat that got no answer; it resolves by itself when the member is back. */
function offlineWarning(member: string, { from, to }: Span, address: string, state: RackState) {
  const count = Math.floor(((to ?? state.clock.now()) - from) / HEARTBEAT_MS);
  const reporter = members.find(({ name }) => name !== member && state.isReachable(name))?.name;
  if (count === 0 || !reporter) return [];
  const host = address.replace('https://', '');
  const warning: DemoWarning = {
    type: 'Offline cluster member',
    severity: 'low',
    message: `Failed to send heartbeat request: Put "${address}/internal/database": dial tcp ${host}: connect: no route to host`,
    member: reporter,
  };
  const described = describeWarning(warning, from + HEARTBEAT_MS, from + count * HEARTBEAT_MS, count);
  return [{ ...described, status: to === undefined ? 'new' : 'resolved' }];
}

const BACKUP_EVERY_MS = 600_000;
const BACKUP_TAKES_MS = 90_000;

/** `GET /1.0/operations?recursion=1`: by status, and no key where nothing has it. */
export function listOperations({ query, state }: ApiRequest) {
  const project = query.get('project') ?? 'default';
  const running = [...maintenanceOperations(state), ...backupOperations(state)]
    .filter((one) => query.get('all-projects') === 'true' || one.project === project)
    .map(({ operation }) => operation);
  return running.length === 0 ? {} : { running };
}

export const maintenanceOperations = (state: RackState) =>
  state.maintenance.map(({ from, kind, member }) => ({
    project: 'default',
    member,
    operation: describeOperation(
      maintenanceKinds[kind],
      // A member that is healed away cannot do it itself: the leader does.
      kind === 'heal' ? leaderOf(state) : member,
      from,
      kind === 'heal' ? {} : { cluster_members: [`/1.0/cluster/members/${member}`] },
      state,
    ),
  }));

const maintenanceKinds = {
  evacuate: 'Evacuating cluster member',
  heal: 'Healing cluster',
  restore: 'Restoring cluster member',
} as const;

const leaderOf = (state: RackState): string => members.find(({ name }) => state.isReachable(name))?.name ?? '';

/** Every ten minutes one instance is backed up, each in its turn. */
function backupOperations(state: RackState) {
  const now = state.clock.now();
  const turn = Math.floor(now / BACKUP_EVERY_MS);
  const at = turn * BACKUP_EVERY_MS;
  const instance = instances[turn % instances.length];
  if (!instance || now - at >= BACKUP_TAKES_MS || !state.isRunning(instance)) return [];
  const { location } = state.placementOf(instance);
  const resources = { instances: [`/1.0/instances/${instance.name}`] };
  return [
    { project: instance.project, operation: describeOperation('Backing up instance', location, at, resources, state) },
  ];
}

const describeOperation = (
  description: string,
  location: string,
  from: number,
  resources: object,
  { clock }: RackState,
) => ({
  id: uuidOf(`${description}/${location}/${from}`),
  class: 'task',
  description,
  created_at: formatTime(from),
  updated_at: formatTime(clock.now()),
  status: 'Running',
  status_code: 103,
  resources,
  metadata: null,
  may_cancel: false,
  err: '',
  location,
});

const uuidOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
