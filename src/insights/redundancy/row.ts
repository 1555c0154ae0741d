/** What the ledger counts; `redundancy.ts` says where each comes from. */
export const components = [
  ...(['psu', 'fan', 'bond_leg', 'mesh_link'] as const),
  ...(['ceph_mon', 'ceph_mgr', 'ceph_mds', 'ceph_osd_host'] as const),
  ...(['ovn_nb', 'ovn_sb', 'ovn_northd', 'ovn_gateway'] as const),
  ...(['lxd_voter', 'vrrp_backup', 'bgp_transit', 'anycast_origin'] as const),
] as const;

export type Component = (typeof components)[number];

/** One line of the ledger. */
export interface Row {
  readonly component: Component;
  readonly member?: string;
  readonly name?: string;
  /** Units that are known to work. */
  readonly current: number;
  /** Units that are configured, whether they work or not. */
  readonly expected: number;
  /** With fewer there is no service. */
  readonly minimum: number;
}

/** Of a quorum of so many. */
export const majorityOf = (count: number): number => Math.floor(count / 2) + 1;

export const tolerated = ({ current, minimum }: Pick<Row, 'current' | 'minimum'>): number => current - minimum;
