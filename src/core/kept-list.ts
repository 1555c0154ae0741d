type Columns<C extends readonly unknown[]> = { readonly [K in keyof C]: readonly C[K][] };

/** What a list was made of, and what it has become. */
interface Made<C extends readonly unknown[], R> {
  readonly columns: Columns<C>;
  readonly items: readonly R[];
}

/**
 * Makes a list again and again, each item of what stands at its place in some lists of the same length. What is made of
 * the same (`===`) as the last time is not made anew; where all items are the same, the list is that of the last time.
 * When some come or go, those before the first and behind the last of them are still known.
 * @param make is told, besides, what was made for this place the last time: of what gives the same it may return that
 */
export function keptList<C extends readonly [unknown, ...unknown[]], R>(
  make: (before: R | undefined, ...item: C) => R,
): (...columns: Columns<C>) => readonly R[] {
  let last: Made<C, R> | undefined;
  return (...columns) => {
    const before = last?.items ?? [];
    const [{ length }] = columns;
    const shift = before.length - length;
    const isSame = last ? comparison(last, columns) : () => false;
    const items = new Array<R>(length);
    for (let i = 0; i < length; i++) {
      if (isSame(i, i)) items[i] = before[i] as R;
      else if (shift !== 0 && isSame(i, i + shift)) items[i] = before[i + shift] as R;
      else items[i] = make(before[i], ...(columns.map((column) => column[i]) as unknown as C));
    }
    const isEqual = shift === 0 && items.every((item, i) => item === before[i]);
    last = { columns, items: isEqual ? before : items };
    return last.items;
  };
}

/** Whether what stands at a place now stood at another the last time. Most often only one of the lists is another. */
function comparison<C extends readonly unknown[]>({ columns: before, items }: Made<C, unknown>, columns: Columns<C>) {
  const changed = [...columns.keys()].filter((c) => columns[c] !== before[c]);
  return (place: number, lastPlace: number): boolean => {
    if (lastPlace < 0 || lastPlace >= items.length) return false;
    for (const c of changed) if (columns[c]?.[place] !== before[c]?.[lastPlace]) return false;
    return true;
  };
}
