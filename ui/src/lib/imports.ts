/* imports.ts - what follows from an import's state and counts, and the speed of an upload. */
import type { Schemas } from '../api/client';

export type Import = Schemas['Import'];
export type ImportState = Import['state'];
export type Counts = Schemas['ImportCounts'];

export const verdicts = ['ok', 'repaired', 'duplicate', 'error'] as const;

/* What a file chooser offers first; anything else may be dropped too, the server looks at the bytes. */
export const LOOKS = '.xlsx,.xlsm,.xls,.csv,.tsv,.txt,.html,.htm';
export const MOST_BYTES = 200 * 1024 * 1024;

/* True while the server works at it and the answer will be another one soon. */
export function isUnderWay(item: Pick<Import, 'state' | 'progress'>): boolean {
  return item.state === 'checking' || item.state === 'importing' || item.state === 'cancelling';
}

/* People that a confirm takes: new ones, changed ones, and those that only join the groups. */
export const takes = (c: Counts) => c.will_create + c.will_update + c.will_keep;

/* Rows of a filter, as far as the counters know. */
export function countIn(c: Counts, filter: (typeof verdicts)[number] | 'dropped' | undefined): number {
  return filter === undefined ? c.rows : c[filter];
}

/* 0 to 100; null while nobody knows how much there is. */
export function percent(p: Import['progress']): number | null {
  if (!p || p.total === null || p.total === 0) return null;
  return Math.min(100, Math.floor((p.done / p.total) * 100));
}

export interface Moment {
  time: number;
  bytes: number;
}

const SPAN_MS = 3000;

/* The moments of the last seconds, with this one. */
export function remembered(moments: Moment[], now: Moment): Moment[] {
  return [...moments.filter((m) => now.time - m.time <= SPAN_MS), now];
}

/* Bytes a second over the remembered moments; null before half a second has passed. */
export function speedOf(moments: Moment[]): number | null {
  const first = moments[0];
  const last = moments.at(-1);
  if (!first || !last || last.time - first.time < 500) return null;
  return ((last.bytes - first.bytes) / (last.time - first.time)) * 1000;
}
