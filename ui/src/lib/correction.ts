/*
 * correction.ts - a cell that is being corrected, and what became of its row.
 *
 * The cell is named by its row's number and its column in the file, never by its place on the
 * screen: rows may move while somebody types.
 */
import type { Schemas } from '../api/client';

type Row = Schemas['ImportRow'];
export type Verdict = Row['verdict'];

export interface Cell {
  row: number;
  column: number;
}

export interface Correction extends Cell {
  before: string;
  value: string;
  state: 'typing' | 'saving' | 'failed';
  problem?: string;
}

export type CorrectionStep =
  | { type: 'begin'; cell: Cell; value: string }
  | { type: 'type'; value: string }
  | { type: 'save' }
  | { type: 'cancel' }
  | { type: 'saved'; cell: Cell }
  | { type: 'failed'; cell: Cell; problem: string };

export const sameCell = (a: Cell | null, b: Cell) => a !== null && a.row === b.row && a.column === b.column;

export const isChanged = (c: Correction) => c.value !== c.before;

/* The correction after a step; null when no cell is open. Answers for a cell left meanwhile change nothing. */
export function corrected(now: Correction | null, step: CorrectionStep): Correction | null {
  if (step.type === 'begin')
    return now?.state === 'saving'
      ? now
      : { ...step.cell, before: step.value, value: step.value, state: 'typing' };
  if (!now) return null;
  switch (step.type) {
    case 'type':
      return now.state === 'saving'
        ? now
        : { ...now, value: step.value, state: 'typing', problem: undefined };
    case 'save':
      return isChanged(now) ? { ...now, state: 'saving', problem: undefined } : null;
    case 'cancel':
      return now.state === 'saving' ? now : null;
    case 'saved':
      return sameCell(now, step.cell) ? null : now;
    case 'failed':
      return sameCell(now, step.cell) ? { ...now, state: 'failed', problem: step.problem } : now;
  }
}

export type Filter = Verdict | 'dropped' | 'hidden' | undefined;

/* True when the row stands in the list with this filter. */
export function standsIn(row: Row, filter: Filter): boolean {
  if (filter === undefined) return true;
  if (filter === 'dropped') return row.dropped;
  if (filter === 'hidden') return row.hidden;
  return row.verdict === filter;
}

/* What a cell holds and what would be stored: `stored` is there only when a repair made it different. */
export interface Shown {
  text: string;
  stored?: string;
}

const digits = (text: string) => text.replace(/\D/g, '');

/* The cell of a column as a person should see it. */
export function shownCell(row: Row, column: Schemas['ImportColumn'], phone: (n: string) => string): Shown {
  const text = row.cells[column.index] ?? '';
  const stored =
    column.role === 'phone'
      ? phone(row.phone)
      : column.role === 'name'
        ? row.name
        : column.role === 'email'
          ? (row.email ?? '')
          : (row.attributes[column.attribute ?? ''] ?? '');
  if (!stored || stored === text) return { text };
  if (column.role === 'phone' && digits(text) === row.phone) return { text: stored };
  if (row.verdict !== 'repaired' || stored === text.trim()) return { text };
  return { text, stored };
}

/* The columns to show, those of a person first. */
export function shownColumns(columns: Schemas['ImportColumn'][]): Schemas['ImportColumn'][] {
  const order = { name: 0, phone: 1, email: 2, attribute: 3, ignore: 4 } as const;
  return columns
    .filter((c) => c.role !== 'ignore')
    .sort((a, b) => order[a.role] - order[b.role] || a.index - b.index);
}

/* The column in whose cell the reason stands; null when it belongs to the row as a whole. */
export function reasonColumn(row: Row, columns: Schemas['ImportColumn'][]): number | null {
  if (row.reason_column !== null && columns.some((c) => c.index === row.reason_column))
    return row.reason_column;
  return null;
}
