import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, describeError, SourceError } from '../../../../core/errors.ts';

/** The admin sockets of the OSDs in a folder, by the OSD's number: `<cluster>-osd.<number>.asok`, Ceph's default name. */
export async function listOsdSockets(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new SourceError(codeOf(error), describeError(error), { cause: error });
  });
  return new Map(
    names.flatMap((name) => {
      const [, id] = /-osd\.(\d+)\.asok$/.exec(name) ?? [];
      return id === undefined ? [] : [[id, join(folder, name)] as const];
    }),
  );
}
