import type { Operation } from './api.ts';

export type MaintenanceKind = 'evacuating' | 'restoring';

/** A member's evacuation, or its way back, that is under way. */
export interface Maintenance {
  readonly member: string;
  readonly kind: MaintenanceKind;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** LXD tells the kind of an operation by these fixed texts alone. */
const kinds: Readonly<Record<string, MaintenanceKind>> = {
  'Evacuating cluster member': 'evacuating',
  'Restoring cluster member': 'restoring',
};

/** Undefined for every other operation. */
export function maintenanceOf({ created_at, description, location, resources }: Operation): Maintenance | undefined {
  const kind = kinds[description];
  // The operation runs on the very member; LXD 5.0 names it nowhere else.
  const member = resources?.['cluster_members']?.[0]?.split('/').at(-1) ?? location;
  const startedAt = Date.parse(created_at ?? '');
  return kind && member && startedAt > 0 ? { member: decodeURIComponent(member), kind, startedAt } : undefined;
}
