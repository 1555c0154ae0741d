import { monitor, simAddress, simPort, startSims, stopSims } from './bmc.ts';
import { managerUrls, monitors, startCeph, stopCeph } from './ceph.ts';
import { type FrrVersion, socketsOf, startFrr, stopFrr } from './frr.ts';
import { clusterMembers, lxdSource, startCluster, stopCluster } from './lxd.ts';
import { ovnSource, populate, startDatabases, startHypervisors, stopOvn } from './ovn.ts';

/** The release of the rack's routers. */
export const FRR: FrrVersion = '8';

/** Starts the daemons of all five labs; returns the configuration with which one rackwatch watches them. */
export async function startRack() {
  await Promise.all([startSims(clusterMembers.length), startOvn(), startFrr(FRR), startCluster(), startCeph()]);
  process.env['RACK_BMC'] = monitor.password();
  return {
    members: { m1: { ceph_host: 'abydos' }, m2: { ceph_host: 'langara' }, m3: { ceph_host: 'orilla' } },
    sources: {
      lxd: { ...lxdSource(clusterMembers), min_age: '0s' },
      ceph: { managers: Object.values(managerUrls), monitors, min_age: '0s' },
      ovn: { ...ovnSource(), min_age: '0s' },
      frr: {
        routers: ['r1', 'r2', 'r3'].map((name) => ({ name, sockets: socketsOf(FRR, name) })),
        roles: { transit: ['CORE'], host: ['HOSTS'] },
        min_age: '0s',
      },
      bmc: {
        defaults: { user: monitor.user, password: { env: 'RACK_BMC' } },
        targets: clusterMembers.map((member, index) => ({ member, address: simAddress(index + 1), port: simPort })),
        min_age: '0s',
      },
    },
  };
}

export async function stopRack(): Promise<void> {
  await Promise.all([stopSims(), stopOvn(), stopFrr(FRR), stopCluster(), stopCeph()]);
}

async function startOvn(): Promise<void> {
  await startDatabases();
  await startHypervisors();
  await populate();
}
