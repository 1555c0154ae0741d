import type { Replica } from './replica.ts';
import { dictionary, integer, maybeFlag, maybeInteger, maybeText, type RowOf, text, texts } from './tables.ts';

/** What is read of OVN_Southbound (ovn-sb(5)). The flows, which are most of it, are not. */
export const southboundTables = {
  SB_Global: { columns: { nb_cfg: integer } },
  Chassis: { columns: { name: text, hostname: text, encaps: texts } },
  Chassis_Private: { columns: { name: text, nb_cfg: integer, nb_cfg_timestamp: integer } },
  Encap: { columns: { type: text, ip: text } },
  Port_Binding: {
    columns: {
      logical_port: text,
      type: text,
      up: maybeFlag,
      chassis: maybeText,
      ha_chassis_group: maybeText,
      external_ids: dictionary,
    },
  },
  HA_Chassis_Group: { columns: { name: text, ha_chassis: texts } },
  HA_Chassis: { columns: { chassis: maybeText, priority: integer, external_ids: dictionary } },
  BFD: { columns: { logical_port: text, dst_ip: text, status: text } },
  Service_Monitor: {
    columns: { logical_port: text, ip: text, port: integer, protocol: maybeText, status: maybeText },
  },
  MAC_Binding: { columns: { logical_port: text } },
  FDB: { columns: { dp_key: maybeInteger } },
  Datapath_Binding: { columns: { tunnel_key: integer, external_ids: dictionary } },
} as const;

export type Southbound = Replica<typeof southboundTables>;
export type PortBinding = RowOf<typeof southboundTables.Port_Binding>;
