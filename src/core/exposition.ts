import { type FamilyHeader, renderHeader } from './family-text.ts';
import type { Families } from './snapshot.ts';

/** The Content-Type of what `expose` returns. */
export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Joins the ready text of any number of stages: one header per family, then the lines of every stage that has it.
 * Nothing is parsed, copied or rendered. Where two stages disagree about a family's type or help, the first one wins.
 */
export function expose(stages: Iterable<Families>): Buffer[] {
  const families = new Map<string, { header: FamilyHeader; chunks: Buffer[] }>();
  for (const stage of stages) {
    for (const [name, { header, chunks }] of stage) {
      const family = families.get(name);
      if (family) family.chunks.push(...chunks);
      else families.set(name, { header, chunks: [...chunks] });
    }
  }
  const names = [...families.keys()].sort();
  return names.flatMap((name) => {
    const { header, chunks } = families.get(name) as { header: FamilyHeader; chunks: Buffer[] };
    return chunks.length === 0 ? [] : [headerBytes(header), ...chunks];
  });
}

/** Headers are declared once and shown at every scrape; those that come with a text live as long as its snapshot. */
const renderedHeaders = new WeakMap<FamilyHeader, Buffer>();

function headerBytes(header: FamilyHeader): Buffer {
  let bytes = renderedHeaders.get(header);
  if (!bytes) {
    bytes = Buffer.from(renderHeader(header));
    renderedHeaders.set(header, bytes);
  }
  return bytes;
}
