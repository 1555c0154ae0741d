import type { Component, ComponentHealth, ComponentKind } from '../hardware.ts';
import type { RedfishConnection } from './connection.ts';
import { healthOf, isAbsent, linkOf, listOf, numberOf, pathOf, type Resource, textOf } from './resource.ts';
import { readMembers } from './walk.ts';

const healths: Readonly<Record<string, ComponentHealth>> = { OK: 'ok', Warning: 'warning', Critical: 'critical' };

/** Health of the systems, their memory modules, processors and drives. One request each: ask rarely. */
export async function readComponents(
  connection: RedfishConnection,
  systems: readonly Resource[],
  signal: AbortSignal,
): Promise<Component[]> {
  const read = async (path: string | undefined) => (path === undefined ? undefined : connection.get(path, signal));
  const components: Component[] = [];
  const add = (kind: ComponentKind, resources: readonly Resource[]) => {
    for (const resource of resources) components.push(...report(kind, resource));
  };
  add('system', systems);
  for (const system of systems) {
    add('memory', await readMembers(read, linkOf(system, 'Memory')));
    add('processor', await readMembers(read, linkOf(system, 'Processors')));
    for (const storage of await readMembers(read, linkOf(system, 'Storage'))) {
      for (const link of listOf(storage, 'Drives')) {
        const drive = await read(pathOf(link));
        if (drive) add('drive', [drive]);
      }
    }
  }
  return components;
}

/** Nothing, where the BMC says nothing about its health. */
function report(kind: ComponentKind, resource: Resource): Component[] {
  const name = textOf(resource, 'DeviceLocator', 'Name', 'Id') ?? 'unnamed';
  const health = isAbsent(resource) ? 'absent' : healths[healthOf(resource) ?? ''];
  if (!health) return [];
  const isPredicted = resource['FailurePredicted'] === true && health === 'ok';
  const life = numberOf(resource, 'PredictedMediaLifeLeftPercent');
  return [
    {
      kind,
      name,
      health: isPredicted ? 'warning' : health,
      ...(life === undefined || health === 'absent' ? {} : { lifeLeftRatio: life / 100 }),
    },
  ];
}
