import { members, osds } from '../rack.ts';
import type { Scenario } from '../scenario.ts';
import { assign, broken, fault, toggle } from './fault.ts';

/** The hdd OSDs of two of three members. */
const twoCopies = osds.filter(({ deviceClass, member }) => deviceClass === 'hdd' && member !== 'abydos');

export const cephScenarios: readonly Scenario[] = [
  broken(
    'osd-fails',
    'An OSD of langara goes down.',
    toggle((state) => state.faults.downOsds, 5),
    'osd.5 goes down',
    'osd.5 is up',
  ),
  broken(
    'quorum-lost',
    'Two of three Ceph monitors stop: the managers go on showing green.',
    toggle((state) => state.faults.downMonitors, 'langara', 'orilla'),
    'the monitors of langara and orilla stop',
    'the monitors of langara and orilla start',
  ),
  broken(
    'copies-lost',
    'The slow OSDs of two of three members go down: their pools serve nobody.',
    toggle((state) => state.faults.downOsds, ...twoCopies.map(({ id }) => id)),
    'the hdd OSDs of langara and orilla go down',
    'the hdd OSDs of langara and orilla are up',
  ),
  broken(
    'filesystem-down',
    'No MDS is left to serve the file system.',
    toggle((state) => state.faults.downMds, ...members.map(({ name }) => name)),
    'all MDS stop',
    'all MDS start',
  ),
  broken(
    'objects-unfound',
    'Of three objects of lxd-hdd no copy is found.',
    assign((state) => state.faults.unfoundObjects, 'lxd-hdd', 3),
    'three objects of lxd-hdd are unfound',
    'the three objects of lxd-hdd are found',
  ),
  broken(
    'scrub-errors',
    'A scrub finds that the copies of a placement group of lxd-ssd differ.',
    assign((state) => state.faults.inconsistentPgs, 'lxd-ssd', 1),
    'a placement group of lxd-ssd is inconsistent',
    'the placement group of lxd-ssd is repaired',
  ),
  broken(
    'osd-hangs',
    'Operations are stuck on an OSD of abydos.',
    assign((state) => state.faults.slowOps, 2, 17),
    'osd.2 has 17 slow operations',
    'osd.2 goes on',
  ),
  broken(
    'osd-slow',
    'An OSD of abydos takes nine times as long as the others for a write.',
    assign((state) => state.faults.slowOsds, 1, 9),
    'osd.1 is slow',
    'osd.1 is as fast as the others',
  ),
  broken(
    'osd-fills-up',
    'An OSD of abydos is nearly full.',
    assign((state) => state.faults.osdFill, 0, 0.87),
    'osd.0 is 87 % full',
    'osd.0 is as full as the others',
  ),
  broken(
    'osd-full',
    'An OSD of orilla is full.',
    assign((state) => state.faults.osdFill, 8, 0.955),
    'osd.8 is 95.5 % full',
    'osd.8 is as full as the others',
  ),
  fault(
    'pool-fills-up',
    'lxd-ssd is more than half full, and a twentieth fuller every day.',
    [
      'lxd-ssd is 60 % full and grows',
      ({ clock, faults }) =>
        void faults.fillingPools.set('lxd-ssd', { sinceMs: clock.now(), usedRatio: 0.6, ratioPerDay: 0.05 }),
    ],
    ['lxd-ssd is cleaned up', ({ faults }) => void faults.fillingPools.delete('lxd-ssd')],
  ),
  broken(
    'flag-left',
    'After some work on Ceph the flag norebalance is left set.',
    toggle((state) => state.faults.osdFlags, 'norebalance'),
    'norebalance is set',
    'norebalance is unset',
  ),
  broken(
    'scrub-paused',
    'Scrubs are paused, and nobody lets them go on.',
    toggle((state) => state.faults.osdFlags, 'noscrub'),
    'noscrub is set',
    'noscrub is unset',
  ),
];
