/*
 * numbers.ts - telephone numbers that a person pastes: one a line, or cells of a spreadsheet. What is a
 * number the server decides; here they are only told apart, and remembered with their lines.
 */
import type { Schemas } from '../api/client';

export type Added = Schemas['SuppressionsAdded'];

export interface Pasted {
  text: string;
  /* Line in the text, from 1. */
  line: number;
}

/* As many as one request may name, and how long each may be. */
export const MOST_NUMBERS = 10_000;
const LONGEST = 100;

/* Cells of a line are parted by tab, comma or semicolon; a name beside a number is left out. */
export function pastedNumbers(text: string): Pasted[] {
  return text.split(/\r\n|\r|\n/).flatMap((whole, i) => {
    const cells = whole
      .split(/[\t,;]/)
      .map((c) => c.trim().slice(0, LONGEST))
      .filter(Boolean);
    const numbers = cells.filter((c) => /\d/.test(c));
    return (numbers.length > 0 ? numbers : cells).map((c) => ({ text: c, line: i + 1 }));
  });
}

export function inPortions<T>(all: T[], size = MOST_NUMBERS): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

export const nothingAdded: Added = { added: 0, already: 0, refused_count: 0, refused: [], stopped: 0 };

/* What became of a portion, added to what became of those before; rows become lines of the text. */
export function together(before: Added, portion: Pasted[], now: Added): Added {
  const refused = now.refused.map((r) => ({ ...r, row: portion[r.row - 1]?.line ?? r.row }));
  return {
    added: before.added + now.added,
    already: before.already + now.already,
    refused_count: before.refused_count + now.refused_count,
    refused: [...before.refused, ...refused].slice(0, 100),
    stopped: before.stopped + now.stopped,
  };
}
