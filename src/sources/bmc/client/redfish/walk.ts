import type { RedfishConnection } from './connection.ts';
import { linkOf, listOf, objectOf, pathOf, type Resource } from './resource.ts';

/** One chassis with the resources that tell of its surroundings; those the BMC does not offer are missing. */
export interface ChassisTree {
  readonly chassis: Resource;
  readonly thermal?: Resource | undefined;
  readonly power?: Resource | undefined;
  /** The newer model, read where the two above are missing (DSP2046, 2020.4). */
  readonly sensors: readonly Resource[];
  readonly fans: readonly Resource[];
  readonly powerSupplies: readonly { readonly supply: Resource; readonly metrics: Resource | undefined }[];
  readonly environment?: Resource | undefined;
}

export interface RedfishTree {
  readonly chassis: readonly ChassisTree[];
  readonly systems: readonly Resource[];
  readonly managers: readonly Resource[];
}

const ROOT = '/redfish/v1/';
/** A collection of more members is taken for a fault. */
const MAX_MEMBERS = 512;

type Read = (path: string | undefined) => Promise<Resource | undefined>;

/** Reads what changes from one moment to the next. All paths come from links; only the root is known (DSP0266 §6.5). */
export async function walk(connection: RedfishConnection, signal: AbortSignal): Promise<RedfishTree> {
  const read: Read = async (path) => (path === undefined ? undefined : connection.get(path, signal));
  const root = (await connection.get(ROOT, signal, { required: true })) as Resource;
  const expands = objectOf(objectOf(root, 'ProtocolFeaturesSupported'), 'ExpandQuery')['Levels'] === true;
  // One collection has to be readable: it tells whether the login is any good.
  const chassisPath = linkOf(root, 'Chassis') ?? `${ROOT}Chassis`;
  await connection.get(chassisPath, signal, { required: true });
  const chassis: ChassisTree[] = [];
  for (const member of await readMembers(read, chassisPath, expands))
    chassis.push(await readChassis(read, member, expands));
  return {
    chassis,
    systems: await readMembers(read, linkOf(root, 'Systems'), expands),
    managers: await readMembers(read, linkOf(root, 'Managers'), expands),
  };
}

/** The members of a collection, one by one, or with one request where the BMC can expand. */
export async function readMembers(read: Read, path: string | undefined, expands = false): Promise<Resource[]> {
  const collection = await read(path && expands ? `${path}?$expand=.($levels=1)` : path);
  if (!collection) return [];
  const members: Resource[] = [];
  for (const member of listOf(collection, 'Members').slice(0, MAX_MEMBERS)) {
    const isExpanded = Object.keys(member).length > 1;
    const resource = isExpanded ? member : await read(pathOf(member));
    if (resource) members.push(resource);
  }
  return members;
}

async function readChassis(read: Read, chassis: Resource, expands: boolean): Promise<ChassisTree> {
  const thermal = await read(linkOf(chassis, 'Thermal'));
  const power = await read(linkOf(chassis, 'Power'));
  const isOld = thermal !== undefined || power !== undefined;
  const sensors = isOld ? [] : await readMembers(read, linkOf(chassis, 'Sensors'), expands);
  const thermalSubsystem = isOld ? undefined : await read(linkOf(chassis, 'ThermalSubsystem'));
  const powerSubsystem = isOld ? undefined : await read(linkOf(chassis, 'PowerSubsystem'));
  const powerSupplies: ChassisTree['powerSupplies'][number][] = [];
  for (const supply of await readMembers(read, powerSubsystem && linkOf(powerSubsystem, 'PowerSupplies'), expands))
    powerSupplies.push({ supply, metrics: await read(linkOf(supply, 'Metrics')) });
  return {
    chassis,
    thermal,
    power,
    sensors,
    fans: await readMembers(read, thermalSubsystem && linkOf(thermalSubsystem, 'Fans'), expands),
    powerSupplies,
    environment: power ? undefined : await read(linkOf(chassis, 'EnvironmentMetrics')),
  };
}
