/** The network of everything that LXD did not make. */
export const OTHER = 'other';

/**
 * The network of an object by its name, as LXD gives them (lxd/network/driver_ovn.go): `lxd-net5-lr`,
 * `lxd-net5-ls-int-lsp-router`, `lxd_net5_routes_ip4`, `lxd_acl7_net5`. Others belong to `other`.
 */
export function networkOf(name: string): string {
  const id = /^lxd-net(\d+)(?:-|$)/.exec(name) ?? /^lxd_(?:acl\d+_)?net(\d+)(?:_|$)/.exec(name);
  return id ? `lxd-net${id[1]}` : OTHER;
}

const instancePort = /^(lxd-net\d+)-instance-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(.+)$/;

/** Takes apart the name of an instance's port; a device's name may have dashes. */
export function parseInstancePort(name: string): { network: string; instanceUuid: string; device: string } | undefined {
  const [, network, instanceUuid, device] = instancePort.exec(name) ?? [];
  if (network === undefined || instanceUuid === undefined || device === undefined) return undefined;
  return { network, instanceUuid, device };
}

/** The port group of an LXD ACL, and those that say on which networks it is in force: `lxd_acl7` and `lxd_acl7_net5`. */
export const isSharedAcl = (group: string): boolean => /^lxd_acl\d+$/.test(group);
export const sharedAclOf = (group: string): string | undefined => /^(lxd_acl\d+)_net\d+$/.exec(group)?.[1];

/**
 * The member that a chassis is: the one that the configuration says, by the chassis' name or its host's. LXD calls a
 * member by its host's short name as a rule; Open vSwitch may know the host by its full name.
 */
export function memberOf(members: ReadonlyMap<string, string>, chassis: { name: string; hostname: string }): string {
  const { hostname, name } = chassis;
  const short = hostname.split('.')[0] ?? hostname;
  return members.get(name) ?? members.get(hostname) ?? members.get(short) ?? short;
}
