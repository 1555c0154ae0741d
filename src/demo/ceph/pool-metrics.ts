import { members, osds } from '../rack.ts';
import type { RackState } from '../state.ts';
import type { CephCluster } from './cluster.ts';
import { CEPHFS_BYTES, COPIES, classUsedBytes, osdLoadOf } from './osd-load.ts';
import type { Line, PageWriter } from './page.ts';

interface DemoPool {
  readonly id: number;
  readonly name: string;
  readonly deviceClass: 'hdd' | 'ssd';
  readonly pgs: number;
  readonly storedBytes: (state: RackState) => number;
  /** Of the IO of its device class. */
  readonly ioShare: number;
}

export const FILESYSTEM = { name: 'lxd-cephfs', metadata: 4, data: 5 } as const;

const pools: readonly DemoPool[] = [
  { id: 1, name: '.mgr', deviceClass: 'ssd', pgs: 1, storedBytes: () => 9_437_184, ioShare: 0.001 },
  {
    ...{ id: 2, name: 'lxd-hdd', deviceClass: 'hdd', pgs: 128, ioShare: 0.8 },
    storedBytes: (state) => classUsedBytes('hdd', state) / COPIES - CEPHFS_BYTES,
  },
  {
    ...{ id: 3, name: 'lxd-ssd', deviceClass: 'ssd', pgs: 128, ioShare: 0.95 },
    storedBytes: (state) => classUsedBytes('ssd', state) / COPIES,
  },
  {
    id: FILESYSTEM.metadata,
    name: 'lxd-cephfs_meta',
    deviceClass: 'ssd',
    pgs: 32,
    storedBytes: () => 2.1e9,
    ioShare: 0.049,
  },
  {
    id: FILESYSTEM.data,
    name: 'lxd-cephfs_data',
    deviceClass: 'hdd',
    pgs: 64,
    storedBytes: () => CEPHFS_BYTES,
    ioShare: 0.2,
  },
];

/** Ceph takes a device for full at this part of it. */
const FULL_RATIO = 0.95;
const OBJECT_BYTES = 4 * 2 ** 20;

export function writePools(page: PageWriter, cluster: CephCluster): void {
  const { state } = cluster;
  const rows = pools.map((pool) => ({
    ...pool,
    labels: { pool_id: pool.id },
    ...figuresOf(pool, state),
    ...lackOf(pool, cluster),
  }));
  type Row = (typeof rows)[number];
  const gauge = (name: string, value: (row: Row) => number) => writeAs('gauge', name, value);
  const counter = (name: string, value: (row: Row) => number) => writeAs('counter', name, value);
  const writeAs = (type: 'counter' | 'gauge', name: string, value: (row: Row) => number) =>
    page.family(
      `pool_${name}`,
      type,
      `DF pool ${name}`,
      rows.map((row): Line => [row.labels, value(row)]),
    );

  page.family(
    'pool_metadata',
    'untyped',
    'POOL Metadata',
    rows.map(({ labels, name }) => [
      { ...labels, name, type: 'replicated', description: `replica:${COPIES}`, compression_mode: 'none' },
      1,
    ]),
  );
  gauge('stored', ({ stored }) => stored);
  gauge('stored_raw', ({ stored }) => stored * COPIES);
  gauge('bytes_used', ({ stored }) => stored * COPIES);
  gauge('max_avail', ({ available }) => available);
  gauge('percent_used', ({ available, stored }) => stored / (stored + available));
  gauge('objects', ({ stored }) => Math.ceil(stored / OBJECT_BYTES));
  gauge('quota_bytes', () => 0);
  gauge('quota_objects', () => 0);
  counter('rd', ({ reads }) => reads);
  counter('wr', ({ writes }) => writes);
  counter('rd_bytes', ({ readBytes }) => readBytes);
  counter('wr_bytes', ({ writtenBytes }) => writtenBytes);
  for (const what of ['bytes', 'objects', 'keys']) gauge(`recovering_${what}_per_sec`, () => 0);
  writePgs(page, rows, state);
}

const DAY_MS = 86_400_000;

/** What a pool that fills up holds of all it can hold; undefined of one that does not. */
function filledOf({ name }: DemoPool, { clock, faults, speed }: RackState): number | undefined {
  const filling = faults.fillingPools.get(name);
  if (!filling) return undefined;
  const days = ((clock.now() - filling.sinceMs) * speed) / DAY_MS;
  return Math.min(FULL_RATIO, filling.usedRatio + filling.ratioPerDay * days);
}

function figuresOf(pool: DemoPool, state: RackState) {
  const { deviceClass, ioShare, storedBytes } = pool;
  const own = osds.filter((osd) => osd.deviceClass === deviceClass);
  const size = own.reduce((sum, osd) => sum + osd.sizeBytes, 0);
  const io = own.map((osd) => osdLoadOf(osd, state));
  const share = (value: (load: (typeof io)[number]) => number) =>
    Math.floor(io.reduce((sum, load) => sum + value(load), 0) * ioShare);
  const stored = Math.floor(storedBytes(state));
  const available = Math.floor((size * FULL_RATIO - classUsedBytes(deviceClass, state)) / COPIES);
  const filled = filledOf(pool, state);
  const room = stored + available;
  return {
    stored: filled === undefined ? stored : Math.floor(room * filled),
    available: filled === undefined ? available : Math.floor(room * (1 - filled)),
    reads: share((load) => load.reads),
    writes: share((load) => load.writes),
    readBytes: share((load) => load.readBytes),
    writtenBytes: share((load) => load.writtenBytes),
  };
}

/** Each placement group has a copy on every member; one that lies on an OSD which is down is a copy short. */
function lackOf({ deviceClass, pgs }: DemoPool, cluster: CephCluster) {
  const shares = members.map(({ name }) => {
    const own = osds.filter((osd) => osd.member === name && osd.deviceClass === deviceClass);
    return own.filter((osd) => !cluster.isUp(osd)).length / own.length;
  });
  const inactive = shares.filter((share) => share === 1).length > 1 ? pgs : 0;
  return {
    inactive,
    short: Math.round(pgs * Math.max(...shares)),
    lackingCopies: shares.reduce((sum, share) => sum + share, 0),
  };
}

type PoolRow = DemoPool & ReturnType<typeof figuresOf> & ReturnType<typeof lackOf> & { readonly labels: Line[0] };

function writePgs(page: PageWriter, rows: readonly PoolRow[], state: RackState): void {
  const states: readonly (readonly [state: string, count: (row: PoolRow) => number])[] = [
    ['active', ({ inactive, pgs }) => pgs - inactive],
    ['clean', ({ pgs, short }) => pgs - short],
    ['degraded', ({ short }) => short],
    ['undersized', ({ short }) => short],
    ['peered', ({ inactive }) => inactive],
    ['inconsistent', ({ name }) => state.faults.inconsistentPgs.get(name) ?? 0],
    ...['peering', 'down', 'remapped', 'recovering', 'backfilling', 'incomplete', 'stale', 'unknown']
      .concat('scrubbing', 'deep')
      .map((name) => [name, () => 0] as const),
  ];
  page.family(
    'pg_total',
    'gauge',
    'PG Total Count per Pool',
    rows.map(({ labels, pgs }) => [labels, pgs]),
  );
  for (const [name, count] of states) {
    page.family(
      `pg_${name}`,
      'gauge',
      `PG ${name} per pool`,
      rows.map((row) => [row.labels, count(row)]),
    );
  }
  const degraded = rows.reduce(
    (sum, { lackingCopies, stored }) => sum + Math.floor(Math.ceil(stored / OBJECT_BYTES) * lackingCopies),
    0,
  );
  const unfound = [...state.faults.unfoundObjects.values()].reduce((sum, count) => sum + count, 0);
  page.family('num_objects_degraded', 'gauge', 'Number of degraded objects', [[{}, degraded]]);
  page.family('num_objects_misplaced', 'gauge', 'Number of misplaced objects', [[{}, 0]]);
  page.family('num_objects_unfound', 'gauge', 'Number of unfound objects', [[{}, unfound]]);
}
