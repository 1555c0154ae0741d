import type { RedfishConnection } from './connection.ts';
import { linkOf, listOf, numberOf, type Resource, textOf } from './resource.ts';
import { readMembers } from './walk.ts';

/** Logs that hold the hardware's events; audit and task logs are another matter. */
const isEventLog = (service: Resource): boolean =>
  /^(sel|log\d*|event|system)/i.test(textOf(service, 'Id', 'Name') ?? '');

/** Entries of the first event log that managers or systems offer; undefined when none can be read. */
export async function countLogEntries(
  connection: RedfishConnection,
  owners: readonly Resource[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const read = async (path: string | undefined) => (path === undefined ? undefined : connection.get(path, signal));
  for (const owner of owners) {
    const services = await readMembers(read, linkOf(owner, 'LogServices'));
    const service = services.find(isEventLog);
    const entries = service && (await read(linkOf(service, 'Entries')));
    if (entries) return numberOf(entries, 'Members@odata.count') ?? listOf(entries, 'Members').length;
  }
  return undefined;
}
