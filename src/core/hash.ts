/** To begin with. Differs per process, so that label values of one hash cannot be prepared. */
export const HASH_SEED = Math.trunc(Math.random() * 0x7fffffff);

/** A hash with one word more: 32 bits, signed. */
export function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}
