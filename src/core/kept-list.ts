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
  let last: Made<C, R> = { columns: [[]] as unknown as Columns<C>, items: [] };
  return (...columns) => {
    const { items: before } = last;
    const changes = compareColumns(last.columns, columns);
    const { length } = columns[0];
    const shift = before.length - length;
    const isKnown = (place: number, lastPlace: number): boolean =>
      lastPlace >= 0 && lastPlace < before.length && isSame(changes, place, lastPlace);
    const itemAt = (place: number): R => {
      if (isKnown(place, place)) return before[place] as R;
      if (shift !== 0 && isKnown(place, place + shift)) return before[place + shift] as R;
      return make(before[place], ...(columns.map((column) => column[place]) as unknown as C));
    };
    // As long as every item is that of before, there is no need of another list.
    let items: R[] | undefined = shift === 0 ? undefined : [];
    for (let place = 0; place < length; place++) {
      const item = itemAt(place);
      if (items) items.push(item);
      else if (item !== before[place]) items = [...before.slice(0, place), item];
    }
    last = { columns, items: items ?? before };
    return last.items;
  };
}

/** A list that is another than the last time. */
interface Change {
  readonly now: readonly unknown[];
  readonly before: readonly unknown[];
}

/** Most often only one of the lists is another. */
const compareColumns = <C extends readonly unknown[]>(before: Columns<C>, now: Columns<C>): readonly Change[] =>
  now.flatMap((column, c) => (column === before[c] ? [] : [{ now: column, before: before[c] ?? [] }]));

/** Whether what stands at a place now stood at another the last time. */
function isSame(changes: readonly Change[], place: number, lastPlace: number): boolean {
  for (const { before, now } of changes) if (now[place] !== before[lastPlace]) return false;
  return true;
}
