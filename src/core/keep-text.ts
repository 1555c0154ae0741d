import type { FamilyText, SealedFamily } from './family-text.ts';
import type { Families } from './snapshot.ts';

/** How much larger than the text that is kept the memory may be that it lies in. */
const MAX_LOOSENESS = 1.25;

/**
 * Most of what a target says it said the last time as well. Text that has not changed stays where it is, and its copy is
 * dropped while that is young; what has changed is copied together. Text is written into pieces that grow by doubling,
 * one or more per family: kept as they are, half of the memory of a thousand small targets would be air.
 * @param families sealed
 * @param last what the same collector gave in the last cycle
 * @returns `last` where nothing has changed
 */
export function keepText(families: ReadonlyMap<string, FamilyText>, last: Families | undefined): Families {
  const [kept, changed] = [[] as FamilyText[], [] as FamilyText[]];
  for (const [name, family] of families) (isSame(family, last?.get(name)) ? kept : changed).push(family);
  if (last && kept.length === last.size && changed.length === 0) return last;
  packTogether(changed);
  if (kept.length === 0) return families;
  const held = kept.map(({ header }) => last?.get(header.name) as SealedFamily);
  if (isLoose(held)) {
    packTogether(kept);
    return families;
  }
  const result = new Map<string, SealedFamily>(families);
  for (const family of held) result.set(family.header.name, family);
  return result;
}

function isSame({ chunks, header }: SealedFamily, before: SealedFamily | undefined): boolean {
  const [chunk, ...more] = chunks;
  const [held, ...others] = before?.chunks ?? [];
  return header === before?.header && !!chunk && !!held && more.length + others.length === 0 && chunk.equals(held);
}

/** A piece of memory is held as a whole by whatever is left of it. */
function isLoose(families: readonly SealedFamily[]): boolean {
  const slabs = new Set<ArrayBufferLike>();
  let used = 0;
  for (const { chunks } of families) {
    for (const { buffer, length } of chunks) {
      slabs.add(buffer);
      used += length;
    }
  }
  let held = 0;
  for (const { byteLength } of slabs) held += byteLength;
  return held > MAX_LOOSENESS * used;
}

function packTogether(families: readonly FamilyText[]): void {
  const slab = Buffer.allocUnsafeSlow(families.reduce((sum, { bytes }) => sum + bytes, 0));
  let end = 0;
  for (const family of families) end = family.moveTo(slab, end);
}
