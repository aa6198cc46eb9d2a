/*
 * pages.ts - a list that is read in pages from anywhere: which pages a window needs, a row that has
 * changed, a row's place when only its number in the spreadsheet is known.
 */
export const PAGE = 100;

/* Numbers of the pages that hold the rows first..last. */
export function pagesOf(first: number, last: number, size = PAGE): number[] {
  if (last < first) return [];
  const from = Math.floor(Math.max(first, 0) / size);
  const to = Math.floor(last / size);
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

interface Numbered {
  row: number;
}

/* The page with `changed` in the place of the row of that number; the same page when it is not there. */
export function withRow<T extends Numbered, P extends { items: T[] }>(page: P, changed: T): P {
  const i = page.items.findIndex((r) => r.row === changed.row);
  return i < 0 ? page : { ...page, items: page.items.with(i, changed) };
}

/*
 * The index of the first row whose number is at least `row`, asking for as few rows as it can: rows
 * are sorted by number and mostly without gaps, so the first guess is nearly right and the rest is
 * halving. `total` when all are smaller.
 */
export async function placeOf(
  row: number,
  total: number,
  numberAt: (index: number) => Promise<number>,
): Promise<number> {
  let low = 0;
  let high = total;
  let guess = Math.min(row - 1, total - 1);
  for (let step = 0; low < high; step++) {
    const i = Math.min(Math.max(guess, low), high - 1);
    const found = await numberAt(i);
    if (found === row) return i;
    if (found < row) low = i + 1;
    else high = i;
    // Three guesses by distance, then halves.
    guess = step < 3 ? i + (row - found) : Math.floor((low + high) / 2);
  }
  return low;
}
