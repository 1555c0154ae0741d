import { gauge } from '../../../core/metric.ts';
import { memberOf } from '../config.ts';
import { type CephCollector, requirePages } from './collector.ts';

const mgrActive = gauge('rackwatch_ceph_mgr_active', {
  help: 'Whether a manager is the active one (1) or a standby (0).',
  labels: ['mgr', 'member'],
});
const mgrStandbys = gauge('rackwatch_ceph_mgrs_standby', { help: 'Managers that stand by.' });
const mdsRank = gauge('rackwatch_ceph_mds_rank', {
  help: 'The rank that an MDS holds in its file system. A standby has none.',
  labels: ['mds', 'member', 'filesystem'],
});
const fsRanks = gauge('rackwatch_ceph_filesystem_ranks', {
  help: 'Ranks of a file system that an MDS holds; 0 is a file system that nobody serves.',
  labels: ['filesystem'],
});
const mdsStandbys = gauge('rackwatch_ceph_mds_standbys', {
  help: 'MDS that stand by; absent if there is no file system.',
});

export const daemons: CephCollector = {
  name: 'daemons',
  help: 'Managers and MDS: which are active, which stand by.',
  metrics: [mgrActive, mgrStandbys, mdsRank, fsRanks, mdsStandbys],
  async collect({ client, config, emit, signal }) {
    const { mgrs, mdss, filesystems } = requirePages(await client.read(signal)).cluster.daemons;
    for (const { id, host, active } of mgrs) {
      emit(mgrActive, { mgr: id, member: memberOf(config, host) }, active ? 1 : 0);
    }
    emit(mgrStandbys, {}, mgrs.filter(({ active }) => !active).length);
    const serving = mdss.filter(({ rank }) => rank !== undefined);
    for (const { id, host, filesystem = '', rank = 0 } of serving) {
      emit(mdsRank, { mds: id, member: memberOf(config, host), filesystem }, rank);
    }
    for (const filesystem of filesystems) {
      emit(fsRanks, { filesystem }, serving.filter((mds) => mds.filesystem === filesystem).length);
    }
    if (filesystems.length > 0) emit(mdsStandbys, {}, mdss.length - serving.length);
    return {
      filesystems,
      mgrs: mgrs.map(({ id, host, active }) => ({
        name: id,
        member: memberOf(config, host),
        ...(host === undefined ? {} : { host }),
        active,
      })),
      mdss: mdss.map(({ id, host, ...mds }) => ({ name: id, member: memberOf(config, host), ...mds })),
    };
  },
};
