import { defineSource } from '../../core/source.ts';
import { CephClient } from './client/ceph-client.ts';
import { capacity } from './collectors/capacity.ts';
import { daemons } from './collectors/daemons.ts';
import { families } from './collectors/families.ts';
import { freshness } from './collectors/freshness.ts';
import { health } from './collectors/health.ts';
import { histograms } from './collectors/histograms.ts';
import { images } from './collectors/images.ts';
import { monitors } from './collectors/monitors.ts';
import { osds } from './collectors/osds.ts';
import { pools } from './collectors/pools.ts';
import { cephConfig, loadMonitors } from './config.ts';
import { listUnreached } from './unreached.ts';

export const ceph = defineSource({
  name: 'ceph',
  configSchema: cephConfig,
  memberKey: { key: 'ceph_host', help: "Ceph's name of the host, as `ceph osd tree` and `ceph mon metadata` show it." },
  open(config, io) {
    const client = new CephClient(
      {
        managers: config.managers,
        exporters: config.exporters,
        monitors: loadMonitors(config),
        adminSockets: config.admin_sockets,
        frozenAfterMs: config.frozen_after,
        staleAfterMs: config.stale_after,
        timeoutMs: config.timeout,
      },
      io.clock,
    );
    // The cluster is one: its managers and monitors tell about the same thing.
    const targets = [{ name: 'cluster', client }];
    return { targets: () => targets, close: () => client.close() };
  },
  async describe({ client, signal }) {
    const reading = await client.read(signal);
    const active = reading.managers.find((answer) => answer.state === 'active');
    const version = reading.lastCluster?.daemons.mgrs.find((mgr) => mgr.active)?.version;
    return { version, clockOffsetSeconds: active?.clockOffsetSeconds, unreached: listUnreached(reading) };
  },
  collectors: [families, freshness, monitors, health, capacity, osds, pools, daemons, images, histograms],
});
