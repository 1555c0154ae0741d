import type { Instance } from '../client/api.ts';
import { parseBytes, parseCpus, parseTimestamp } from '../client/limits.ts';
import type { InstanceFacts, NicFacts } from '../facts.ts';

/**
 * What an instance's configuration and state say, in base units.
 * @param self name of the server that was asked: a server that is not clustered says "none"
 * @param memoryOf memory of a member in bytes, for limits that are a percentage of it
 */
export function readInstanceFacts(
  instance: Instance,
  self: string,
  memoryOf: (member: string) => number | undefined,
): InstanceFacts {
  const config = instance.expanded_config ?? {};
  const member = instance.location === 'none' || instance.location === '' ? self : instance.location;
  return {
    project: instance.project,
    name: instance.name,
    kind: instance.type,
    member,
    state: instance.status.toLowerCase(),
    lastPowerRunning: config['volatile.last_state.power'] === 'RUNNING',
    nics: readNics(instance),
    pools: readPools(instance),
    ...present('configUnknown', instance.expanded_config ? undefined : (true as const)),
    ...present('lastUsedAt', parseTimestamp(instance.last_used_at)),
    ...present('startProtected', parseBoolean(config['security.protection.start']) ? (true as const) : undefined),
    ...present('uuid', config['volatile.uuid']),
    ...present('evacuateOrigin', config['volatile.evacuate.origin']),
    ...present('evacuate', config['cluster.evacuate'] || undefined),
    ...present('hasLocalDevice', hasLocalDevice(instance)),
    ...present('memoryLimitBytes', parseBytes(config['limits.memory'], memoryOf(member))),
    ...present('cpuLimit', parseCpus(config['limits.cpu'])),
    ...present('autostart', parseBoolean(config['boot.autostart'])),
  };
}

function readNics({ expanded_config: config, expanded_devices: devices, state }: Instance): NicFacts[] {
  return Object.entries(devices ?? {}).flatMap(([device, settings]) => {
    if (settings['type'] !== 'nic') return [];
    const hwaddr = settings['hwaddr'] ?? config?.[`volatile.${device}.hwaddr`];
    const seen = Object.values(state?.network ?? {}).find((link) => hwaddr !== undefined && link.hwaddr === hwaddr);
    const addresses = (seen?.addresses ?? []).filter(({ scope }) => scope === 'global').map(({ address }) => address);
    const routes = [settings['ipv4.routes.external'], settings['ipv6.routes.external']];
    return [
      {
        device,
        addresses,
        externalRoutes: routes.flatMap((list) => list?.split(',') ?? []).map((route) => route.trim()),
        ...present('network', settings['network'] ?? settings['parent']),
        ...present('hwaddr', hwaddr),
      },
    ];
  });
}

function readPools({ expanded_devices: devices }: Instance): string[] {
  const disks = Object.values(devices ?? {}).filter((device) => device['type'] === 'disk' && device['pool']);
  const rootFirst = disks.sort((a, b) => Number(b['path'] === '/') - Number(a['path'] === '/'));
  return [...new Set(rootFirst.map((disk) => disk['pool'] as string))];
}

/**
 * Whether LXD would leave it where it is for a device's sake (`CanMigrate` of lxd/device). Disks of a pool are not meant:
 * whether they can move is the pool's matter.
 */
const hasLocalDevice = ({ expanded_devices: devices }: Instance): true | undefined =>
  Object.values(devices ?? {}).some((device) => !canMove(device)) || undefined;

function canMove(device: Readonly<Record<string, string>>): boolean {
  switch (device['type']) {
    case 'nic':
      return Boolean(device['network']) || device['nictype'] === 'ovn';
    case 'disk':
      return (
        Boolean(device['pool']) ||
        device['path'] === '/' ||
        /^(ceph|cephfs|cloud-init|agent):/.test(device['source'] ?? '')
      );
    default:
      return device['type'] === 'none' || device['type'] === 'tpm';
  }
}

/** LXD's notion of a boolean in a configuration. */
function parseBoolean(text: string | undefined): boolean | undefined {
  return text === undefined || text === '' ? undefined : ['true', '1', 'yes', 'on'].includes(text.toLowerCase());
}

/** A key that is there only when its value is known. */
function present<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
