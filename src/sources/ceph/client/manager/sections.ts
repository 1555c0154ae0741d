const LF = 10;
const HASH = 35;
const SPACE = 32;
const BRACE = 123;

/** A part of a page: where it starts, and where the next one would. */
export interface Section {
  readonly start: number;
  readonly end: number;
}

/**
 * A metrics page without the families that are not wanted: of the 465 that a manager has, most are not. A manager writes
 * comments and then samples of one family, again and again; where the first and the last of such samples have one name,
 * and it is not wanted, the section is left out without looking at what lies between. All else remains, so a section
 * may well have lines that are not wanted.
 */
export function* wantedSections(page: Buffer, isWanted: (family: string) => boolean): Generator<Section> {
  for (let start = 0, end = 0; start < page.length; start = end) {
    const samples = skipComments(page, start);
    end = findComment(page, samples);
    if (samples === end) continue;
    const name = nameAt(page, samples);
    if (isWanted(name) || name !== nameAt(page, lastLine(page, end))) yield { start, end };
  }
}

function skipComments(page: Buffer, from: number): number {
  let at = from;
  while (page[at] === HASH) {
    const end = page.indexOf(LF, at);
    if (end < 0) return page.length;
    at = end + 1;
  }
  return at;
}

function findComment(page: Buffer, from: number): number {
  let at = page.indexOf(HASH, from);
  while (at > from && page[at - 1] !== LF) at = page.indexOf(HASH, at + 1);
  return at < 0 ? page.length : at;
}

const lastLine = (page: Buffer, end: number): number => page.lastIndexOf(LF, end - 2) + 1;

const nameAt = (page: Buffer, start: number): string => page.toString('latin1', start, nameEnd(page, start));

/** Where the name that starts a sample line ends. */
export function nameEnd(page: Buffer, start: number): number {
  let at = start;
  while (at < page.length && page[at] !== BRACE && page[at] !== SPACE && page[at] !== LF) at++;
  return at;
}
