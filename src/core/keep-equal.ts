/**
 * Compares what was read now with what was read before, and puts what is equal in the place of its copy: lists, maps and
 * plain objects that have not changed stay the same objects (`===`), and so do the texts in them. Lists are compared
 * place by place. Anything else, such as a function, is equal when it is the same.
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
  let isEqual = before.length === now.length;
  for (let i = 0; i < now.length; i++) {
    if (i >= before.length || !isKept(before[i], now[i])) {
      if (isEqual) for (let j = 0; j < i; j++) now[j] = before[j];
      isEqual = false;
    } else if (!isEqual) now[i] = before[i];
  }
  return isEqual;
}

/** The order counts too: it is that of the samples. */
function keepEntries(before: ReadonlyMap<unknown, unknown>, now: Map<unknown, unknown>): boolean {
  let isEqual = before.size === now.size;
  const keys = before.keys();
  for (const [key, value] of now) {
    const held = before.get(key);
    if (keys.next().value !== key) isEqual = false;
    if (!isKept(held, value)) isEqual = false;
    else if (held !== value) now.set(key, held);
  }
  return isEqual;
}

function keepValues(before: Values, now: Values): boolean {
  const keys = Object.keys(now);
  let isEqual = Object.keys(before).length === keys.length;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const held = before[key];
    if (!isKept(held, now[key]) || (held === undefined && !(key in before))) {
      if (isEqual) for (let j = 0; j < i; j++) now[keys[j] as string] = before[keys[j] as string];
      isEqual = false;
    } else if (!isEqual) now[key] = held;
  }
  return isEqual;
}
