import type { Replica } from './replica.ts';
import { dictionary, integer, maybeFlag, maybeText, text, texts } from './tables.ts';

/**
 * What is read of OVN_Northbound (ovn-nb(5)). What stands in both databases is read from the southbound one: that is
 * what is in force, and a read-only key is enough for it. Sets of owned rows give counts; ports and flows are not read.
 */
export const northboundTables = {
  NB_Global: {
    columns: {
      nb_cfg: integer,
      nb_cfg_timestamp: integer,
      sb_cfg: integer,
      sb_cfg_timestamp: integer,
      hv_cfg: integer,
      hv_cfg_timestamp: integer,
      options: dictionary,
    },
  },
  Logical_Switch: { columns: { name: text, acls: texts, load_balancer: texts, qos_rules: texts, dns_records: texts } },
  // Only the few ports that are switched off.
  Logical_Switch_Port: { columns: { name: text, enabled: maybeFlag }, where: [['enabled', '==', false]] },
  Logical_Router: {
    columns: { name: text, nat: texts, static_routes: texts, policies: texts, load_balancer: texts },
  },
  Port_Group: { columns: { name: text, acls: texts } },
  ACL: { columns: { action: text } },
  NAT: { columns: { type: text } },
  Load_Balancer: { columns: { name: text, protocol: maybeText, vips: dictionary } },
  Address_Set: { columns: { name: text } },
  DHCP_Options: { columns: { external_ids: dictionary } },
} as const;

export type Northbound = Replica<typeof northboundTables>;
