/**
 * Compares what was read now with what was read before, and puts what is equal in the place of its copy: lists, maps and
 * plain objects that have not changed stay the same objects (`===`), and so do the texts in them. Lists are compared
 * place by place, and from their ends where one is longer. Anything else, such as a function, is equal when it is the same.
 * @param now its parts are replaced by equal ones
 * @returns `before` where all of it is equal, else `now`
 */
export function keepEqual<T>(before: unknown, now: T): T {
  return isKept(before, now) ? (before as T) : now;
}

function isKept(before: unknown, now: unknown): boolean {
  if (before === now) return true;
  if (typeof now !== 'object' || typeof before !== 'object' || now === null || before === null)
    return Object.is(before, now);
  if (Array.isArray(now)) return Array.isArray(before) && keepItems(before, now);
  if (now instanceof Map) return before instanceof Map && keepEntries(before, now);
  return isPlain(now) && isPlain(before) && keepValues(before as Values, now as Values);
}

type Values = Record<string, unknown>;

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

/** As long as all is equal nothing is replaced: then the whole will be. */
function keepItems(before: readonly unknown[], now: unknown[]): boolean {
  const shift = before.length - now.length;
  let isEqual = shift === 0;
  for (let i = 0; i < now.length; i++) {
    if (i < before.length && isKept(before[i], now[i])) {
      if (!isEqual) now[i] = before[i];
      continue;
    }
    if (isEqual) for (let j = 0; j < i; j++) now[j] = before[j];
    isEqual = false;
    const moved = i + shift;
    if (shift !== 0 && moved >= 0 && isKept(before[moved], now[i])) now[i] = before[moved];
  }
  return isEqual;
}

/** The order counts too: it is that of the samples. As long as it is the same, nothing needs to be looked up. */
function keepEntries(before: ReadonlyMap<unknown, unknown>, now: Map<unknown, unknown>): boolean {
  let isEqual = before.size === now.size;
  const entries = before.entries();
  let next = entries.next().value;
  for (const [key, value] of now) {
    const isInStep = next !== undefined && next[0] === key;
    const held = next && isInStep ? next[1] : before.get(key);
    next = isInStep ? entries.next().value : undefined;
    if (!isInStep) isEqual = false;
    if (!isKept(held, value)) isEqual = false;
    else if (held !== value) now.set(key, held);
  }
  return isEqual;
}

/** `for … in`, because it makes no list of the keys: there are many small objects. */
function keepValues(before: Values, now: Values): boolean {
  let isEqual = true;
  let surplus = 0;
  for (const key in now) {
    const held = before[key];
    const value = now[key];
    surplus--;
    if ((held === value || isKept(held, value)) && (held !== undefined || key in before)) {
      if (!isEqual) now[key] = held;
    } else if (isEqual) {
      replaceUntil(key, before, now);
      isEqual = false;
    }
  }
  if (!isEqual) return false;
  for (const _ in before) surplus++;
  if (surplus > 0) replaceUntil(undefined, before, now);
  return surplus === 0;
}

function replaceUntil(end: string | undefined, before: Values, now: Values): void {
  for (const key in now) {
    if (key === end) return;
    now[key] = before[key];
  }
}
