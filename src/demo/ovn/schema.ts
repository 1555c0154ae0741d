/** Columns of OVN_Northbound 7.0.0 and OVN_Southbound 20.27.0 that the demo has, by the shape of their type. */
export type Shape = 'text' | 'integer' | 'flag' | 'optional text' | 'optional flag' | 'uuids' | 'map' | 'optional uuid';
export type TableShapes = Readonly<Record<string, Readonly<Record<string, Shape>>>>;

export const northbound: TableShapes = {
  NB_Global: {
    nb_cfg: 'integer',
    nb_cfg_timestamp: 'integer',
    sb_cfg: 'integer',
    sb_cfg_timestamp: 'integer',
    hv_cfg: 'integer',
    hv_cfg_timestamp: 'integer',
    options: 'map',
  },
  Logical_Switch: { name: 'text', acls: 'uuids', qos_rules: 'uuids', dns_records: 'uuids' },
  Logical_Switch_Port: { name: 'text', enabled: 'optional flag' },
  Logical_Router: { name: 'text', nat: 'uuids', static_routes: 'uuids', policies: 'uuids' },
  Port_Group: { name: 'text', acls: 'uuids' },
  ACL: { action: 'text' },
  NAT: { type: 'text' },
  Load_Balancer: { name: 'text', protocol: 'optional text', vips: 'map' },
  Address_Set: { name: 'text' },
  DHCP_Options: { external_ids: 'map' },
};

export const southbound: TableShapes = {
  SB_Global: { nb_cfg: 'integer' },
  Chassis: { name: 'text', hostname: 'text', encaps: 'uuids' },
  Chassis_Private: { name: 'text', nb_cfg: 'integer', nb_cfg_timestamp: 'integer' },
  Encap: { type: 'text', ip: 'text' },
  Port_Binding: {
    logical_port: 'text',
    type: 'text',
    up: 'optional flag',
    chassis: 'optional uuid',
    ha_chassis_group: 'optional uuid',
    external_ids: 'map',
  },
  HA_Chassis_Group: { name: 'text', ha_chassis: 'uuids' },
  HA_Chassis: { chassis: 'optional uuid', priority: 'integer', external_ids: 'map' },
  BFD: { logical_port: 'text', dst_ip: 'text', status: 'text' },
  Service_Monitor: {
    logical_port: 'text',
    ip: 'text',
    port: 'integer',
    protocol: 'optional text',
    status: 'optional text',
  },
  MAC_Binding: { logical_port: 'text' },
  FDB: { dp_key: 'integer' },
  Datapath_Binding: { tunnel_key: 'integer', external_ids: 'map' },
};

export const server: TableShapes = {
  Database: {
    name: 'text',
    model: 'text',
    connected: 'flag',
    leader: 'flag',
    cid: 'optional uuid',
    sid: 'optional uuid',
    index: 'integer',
  },
};

const types: Readonly<Record<Shape, unknown>> = {
  text: 'string',
  integer: 'integer',
  flag: 'boolean',
  'optional text': { key: 'string', min: 0 },
  'optional flag': { key: 'boolean', min: 0 },
  'optional uuid': { key: { type: 'uuid' }, min: 0 },
  uuids: { key: { type: 'uuid' }, min: 0, max: 'unlimited' },
  map: { key: 'string', value: 'string', min: 0, max: 'unlimited' },
};

/** The answer to `get_schema` (RFC 7047 section 3.2). */
export const describeSchema = (name: string, version: string, tables: TableShapes): object => ({
  name,
  version,
  cksum: '0 0',
  tables: Object.fromEntries(
    Object.entries(tables).map(([table, columns]) => [
      table,
      {
        columns: Object.fromEntries(Object.entries(columns).map(([column, shape]) => [column, { type: types[shape] }])),
      },
    ]),
  ),
});
