import type { AnySource } from '../core/source.ts';
import { bmc } from './bmc/index.ts';
import { ceph } from './ceph/index.ts';
import { frr } from './frr/index.ts';
import { lxd } from './lxd/index.ts';
import { ovn } from './ovn/index.ts';

/** Everything that rackwatch can read, one line each. */
export const sources: readonly AnySource[] = [lxd, ceph, ovn, frr, bmc];
