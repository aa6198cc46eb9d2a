/*
 * longScroll.ts - how far down a list of any length one is, when browsers cannot make an element of
 * any height (Firefox ends near 17 million pixels, Chromium near 33).
 *
 * An element of at most CAP pixels stands for the whole list. `top` is the element's scroll position,
 * `at` the pixel of the whole list that is at the window's upper edge. Small movements (wheel, finger)
 * move both by the same amount, so that rows glide as anywhere; large ones (the scroll bar) are
 * stretched over the whole list. When the movement has ended, `settled` says where the element
 * belongs, so that its two ends stay the ends of the list. Near both ends nothing is stretched: a
 * wheel could otherwise come ever closer to the last row and never arrive.
 */
export const CAP = 6_000_000;
const CALM = 100_000;

export interface Measures {
  rows: number;
  rowHeight: number;
  /* Height of the window on the list. */
  view: number;
}

export interface Position {
  top: number;
  at: number;
}

const clamp = (v: number, max: number) => Math.min(Math.max(v, 0), Math.max(max, 0));

/* Height of the whole list, and of the element that stands for it. */
export const wholeHeight = (m: Measures) => m.rows * m.rowHeight;
export const elementHeight = (m: Measures) => Math.min(wholeHeight(m), CAP);

const lastAt = (m: Measures) => Math.max(wholeHeight(m) - m.view, 0);
const lastTop = (m: Measures) => Math.max(elementHeight(m) - m.view, 0);

/* From a place in the element (of height `from`) to one in the list (`to`), and back. */
function stretched(v: number, from: number, to: number): number {
  if (v <= CALM) return v;
  if (v >= from - CALM) return to - (from - v);
  return CALM + ((v - CALM) / (from - 2 * CALM)) * (to - 2 * CALM);
}

/* The position of which `at` is known. */
export function placed(at: number, m: Measures): Position {
  const where = clamp(at, lastAt(m));
  if (wholeHeight(m) <= CAP) return { top: where, at: where };
  return { top: stretched(where, lastAt(m), lastTop(m)), at: where };
}

/* The position after the element was scrolled to `top`. */
export function scrolled(now: Position, top: number, m: Measures): Position {
  if (wholeHeight(m) <= CAP) return { top, at: clamp(top, lastAt(m)) };
  const by = top - now.top;
  if (Math.abs(by) > 2 * m.view) return { top, at: clamp(stretched(top, lastTop(m), lastAt(m)), lastAt(m)) };
  return { top, at: clamp(now.at + by, lastAt(m)) };
}

/* The position as it should be when nothing moves. */
export const settled = (now: Position, m: Measures) => placed(now.at, m);

/* At an end of the element but not of the list: there would be no way on. */
export function stuck(now: Position, m: Measures): boolean {
  return (
    (now.top <= 0 && now.at > 0) || (Math.ceil(now.top) >= Math.floor(lastTop(m)) && now.at < lastAt(m) - 1)
  );
}

/* First and last row that show, with `spare` more at both ends; last is -1 in an empty list. */
export function rowsShown(now: Position, m: Measures, spare: number): { first: number; last: number } {
  const first = Math.floor(now.at / m.rowHeight) - spare;
  const last = Math.ceil((now.at + m.view) / m.rowHeight) - 1 + spare;
  return { first: Math.max(first, 0), last: Math.min(last, m.rows - 1) };
}

/* Where a row stands inside the element. */
export const rowTop = (row: number, now: Position, m: Measures) => row * m.rowHeight - (now.at - now.top);

/* `at` that brings a row wholly into the window with the least movement. */
export function revealed(row: number, now: Position, m: Measures): number {
  const above = row * m.rowHeight;
  const below = above + m.rowHeight - m.view;
  return above < now.at ? above : below > now.at ? below : now.at;
}
