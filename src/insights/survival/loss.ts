/** What becomes of a resource when a member goes away, on top of the present state. */
export interface Loss {
  readonly member: string;
  readonly resource: Resource;
  readonly name?: string;
  readonly survives: boolean;
  readonly margin?: Margin;
}

export type Resource =
  | 'memory'
  | 'storage_availability'
  | 'storage_recovery'
  | 'gateways'
  | 'lxd_quorum'
  | 'ceph_quorum'
  | 'ovn_nb_quorum'
  | 'ovn_sb_quorum';

export interface Margin {
  /** What would be left over; negative is what has no place. */
  readonly bytes: number;
  /** The same, of all that the others have; absent when there are none. */
  readonly ratio?: number;
}

export const marginOf = (bytes: number, of: number): Margin => (of > 0 ? { bytes, ratio: bytes / of } : { bytes });
