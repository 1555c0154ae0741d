import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../free-port.ts';
import { describeLab, run, until } from '../../labs/lab.ts';
import { newestSchemas } from '../../labs/needs.ts';
import { type Db, schemas } from '../../labs/ovn.ts';
import type { Page } from '../../labs/page.ts';
import { type Running, start } from '../../labs/process.ts';
import { startRackwatch } from '../../labs/rackwatch.ts';

interface Schema {
  readonly name: string;
  cksum?: string;
  readonly tables: Record<string, { columns: Record<string, unknown>; isRoot?: boolean; indexes?: unknown }>;
}

/** Tables, or columns as `Table.column`. */
type Names = Readonly<Record<Db, readonly string[]>>;

const optional = (key: string) => ({ type: { key, min: 0, max: 1 } });
const integer = { type: 'integer' };

/** What OVN 22.03 does not have yet of what 23.03 has (NEWS of 22.06, 22.09, 22.12 and 23.03). */
const newSince2203: Names = {
  nb: ['Static_MAC_Binding', 'Mirror', 'Logical_Switch_Port.mirror_rules', 'Chassis_Template_Var'],
  sb: [
    ...[
      'Static_MAC_Binding',
      'Mirror',
      'Chassis_Template_Var',
      'MAC_Binding.timestamp',
      'Load_Balancer.datapath_group',
    ],
    ...['mirror_rules', 'port_security', 'additional_chassis', 'additional_encap', 'requested_additional_chassis'].map(
      (column) => `Port_Binding.${column}`,
    ),
  ],
};

/** Far older than what is supported: without tables and columns that are read. */
const newSince2009: Names = {
  nb: [...newSince2203.nb, ...['nb', 'sb', 'hv'].map((what) => `NB_Global.${what}_cfg_timestamp`)],
  sb: [...newSince2203.sb, 'Port_Binding.up', 'Chassis_Private', 'BFD', 'FDB'],
};

/** Some of what came between 23.06 and 25.09 in tables that are read, and a table. */
const newSince2303: Readonly<Record<Db, Readonly<Record<string, unknown>>>> = {
  nb: {
    'ACL.tier': integer,
    'NAT.match': { type: 'string' },
    'NAT.priority': integer,
    'Logical_Switch_Port.peer': optional('string'),
  },
  sb: {
    'FDB.timestamp': integer,
    'Datapath_Binding.nb_uuid': optional('uuid'),
    'Datapath_Binding.type': optional('string'),
    'Service_Monitor.logical_input_port': { type: 'string' },
    'ECMP_Nexthop.nexthop': { type: 'string' },
  },
};

const read = (folder: string, db: Db): Schema => JSON.parse(readFileSync(join(folder, `ovn-${db}.ovsschema`), 'utf8'));
const installed = (db: Db): Schema => read('/usr/share/ovn', db);
const newest = (db: Db): Schema => read(newestSchemas, db);

function without(db: Db, names: Names): Schema {
  const schema = installed(db);
  for (const name of names[db]) {
    const [table = '', column] = name.split('.');
    const columns = schema.tables[table]?.columns;
    expect([name, column === undefined || column in (columns ?? {})]).toEqual([name, columns !== undefined]);
    if (column === undefined) delete schema.tables[table];
    else delete columns?.[column];
  }
  return schema;
}

function extended(db: Db): Schema {
  const schema = installed(db);
  for (const [name, type] of Object.entries(newSince2303[db])) {
    const [table = '', column = ''] = name.split('.');
    schema.tables[table] ??= { columns: {}, isRoot: true };
    (schema.tables[table] as { columns: Record<string, unknown> }).columns[column] = type;
  }
  return schema;
}

const instancePort = 'lxd-net5-instance-6013eb99-68ae-4391-a85f-9f7c0f747101-eth0';
const named = (name: string) => ['named-uuid', name];

/** Rows for every version; what a schema does not have is left out. */
const content: Readonly<Record<Db, readonly (readonly [table: string, row: object, name?: string])[]>> = {
  nb: [
    ['NB_Global', { nb_cfg: 7, sb_cfg: 7, nb_cfg_timestamp: 1_700_000_000_000, sb_cfg_timestamp: 1_700_000_000_250 }],
    ['ACL', { priority: 1, direction: 'to-lport', match: '1', action: 'drop', tier: 1 }, 'acl'],
    ['Logical_Switch', { name: 'lxd-net5-ls-int', acls: named('acl') }],
  ],
  sb: [
    ['SB_Global', { nb_cfg: 7 }],
    ['Encap', { type: 'geneve', ip: '10.0.0.11', chassis_name: 'c1' }, 'encap'],
    ['Chassis', { name: 'c1', hostname: 'abydos', encaps: named('encap') }, 'chassis'],
    ['Chassis_Private', { name: 'c1', chassis: named('chassis'), nb_cfg: 6 }],
    ['Datapath_Binding', { tunnel_key: 1, type: 'logical-switch' }, 'datapath'],
    [
      'Port_Binding',
      {
        ...{ logical_port: instancePort, type: '', tunnel_key: 1, datapath: named('datapath') },
        ...{ chassis: named('chassis'), up: true },
      },
    ],
    ['FDB', { mac: '00:16:3e:00:00:01', dp_key: 1, port_key: 1, timestamp: 1 }],
  ],
};

const insertsFor = (db: Db, { tables }: Schema) =>
  content[db].flatMap(([table, row, name]) => {
    const columns = tables[table]?.columns;
    if (!columns) return [];
    const known = Object.fromEntries(Object.entries(row).filter(([column]) => column in columns));
    return [{ op: 'insert', table, row: known, ...(name ? { 'uuid-name': name } : {}) }];
  });

describeLab(['ovn', 'newest ovn'], () => {
  let folder: string;
  const servers: Running[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ovn-schemas-'));
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  /** A server of that schema with the content; resolves to its address. */
  async function serve(db: Db, schema: Schema): Promise<string> {
    delete schema.cksum;
    const [file, data] = [join(folder, `${db}.ovsschema`), join(folder, `${db}.db`)];
    writeFileSync(file, JSON.stringify(schema));
    await run('ovsdb-tool', ['create', data, file]);
    const remote = `tcp:127.0.0.1:${await freePort()}`;
    const listen = remote.replace(/^tcp:(.*):(\d+)$/, 'ptcp:$2:$1');
    const unixctl = `--unixctl=${join(folder, `${db}.ctl`)}`;
    servers.push(start('ovsdb', 'ovsdb-server', ['--no-chdir', `--remote=${listen}`, unixctl, data]));
    await until(() => run('ovsdb-client', ['-t', '30', 'list-dbs', remote]).then(() => true), { what: 'it answers' });
    const answer = await run('ovsdb-client', [
      'transact',
      remote,
      JSON.stringify([schemas[db], ...insertsFor(db, schema)]),
    ]);
    expect(answer).not.toContain('error');
    return remote;
  }

  async function pageOf(make: (db: Db) => Schema): Promise<Page> {
    const [northbound, southbound] = [await serve('nb', make('nb')), await serve('sb', make('sb'))];
    const rackwatch = await startRackwatch({
      sources: { ovn: { northbound: [northbound], southbound: [southbound], min_age: '0s' } },
    });
    try {
      return await rackwatch.scrapeUntil('both databases are read', (page) => page.value('ovn_nb_cfg') !== undefined);
    } finally {
      await rackwatch.stop();
    }
  }

  const network = { network: 'lxd-net5' };

  /** What every version has. */
  function expectBasics(page: Page): void {
    expect(page.find('rackwatch_collector_success', { source: 'ovn' }).map(({ value }) => value)).not.toContain(0);
    expect(page.value('ovn_nb_cfg')).toBe(7);
    expect(page.value('ovn_sb_cfg')).toBe(7);
    expect(page.value('ovn_network_switches', network)).toBe(1);
    expect(page.value('ovn_network_acls', { ...network, action: 'drop' })).toBe(1);
    expect(page.value('ovn_chassis_info', { chassis: 'c1', member: 'abydos', ip: '10.0.0.11' })).toBe(1);
    expect(page.value('ovn_network_info', { ...network, lxd_network: 'lxd-net5' })).toBe(1);
  }

  test.each([
    ['22.03', (db: Db) => without(db, newSince2203)],
    ['23.03', installed],
    ['25.09', extended],
    ['the newest that Debian has', newest],
  ])('the schema of %s', async (_, make) => {
    const page = await pageOf(make);
    expectBasics(page);
    expect(page.value('ovn_network_ports', { ...network, state: 'up' })).toBe(1);
    expect(page.value('ovn_chassis_nb_cfg_lag', { chassis: 'c1' })).toBe(1);
    expect(page.value('ovn_northd_delay_seconds')).toBe(0.25);
  });

  test('a schema that lacks what is read: what it does not have is not shown', async () => {
    const page = await pageOf((db) => without(db, newSince2009));
    expectBasics(page);
    // The port is there, and whether it is up nobody knows.
    expect(page.value('ovn_network_ports', { ...network, state: 'up' })).toBe(0);
    expect(page.value('ovn_network_ports', { ...network, state: 'down' })).toBe(0);
    expect(page.find('ovn_chassis_nb_cfg_lag')).toEqual([]);
    expect(page.find('ovn_northd_delay_seconds')).toEqual([]);
  });
});
