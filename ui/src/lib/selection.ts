/*
 * selection.ts - which rows of a long list are ticked: single ones and stretches by their numbers,
 * or the whole list without knowing them. A stretch begins where the last single tick was.
 */
export interface Selection {
  whole: boolean;
  rows: ReadonlySet<number>;
  /* Index in the list of the last single tick. */
  anchor: number | null;
}

/* As many as one request may name. */
export const MOST_ROWS = 10_000;

export const nothing: Selection = { whole: false, rows: new Set(), anchor: null };

export type Tick =
  | { type: 'row'; row: number; index: number }
  | { type: 'stretch'; rows: number[]; index: number; on: boolean }
  | { type: 'whole'; on: boolean }
  | { type: 'none' };

export function ticked(s: Selection, tick: Tick): Selection {
  switch (tick.type) {
    case 'none':
      return nothing;
    case 'whole':
      return { ...nothing, whole: tick.on };
    case 'row': {
      if (s.whole) return s;
      const rows = new Set(s.rows);
      if (!rows.delete(tick.row)) rows.add(tick.row);
      return { whole: false, rows, anchor: tick.index };
    }
    case 'stretch': {
      if (s.whole) return s;
      const rows = new Set(s.rows);
      for (const row of tick.rows) {
        if (tick.on) rows.add(row);
        else rows.delete(row);
      }
      return { whole: false, rows, anchor: tick.index };
    }
  }
}

export const isTicked = (s: Selection, row: number) => s.whole || s.rows.has(row);
export const countOf = (s: Selection, total: number) => (s.whole ? total : s.rows.size);

/* The row numbers in portions that one request may name. */
export function portions(rows: Iterable<number>, size = MOST_ROWS): number[][] {
  const all = [...rows].sort((a, b) => a - b);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
