/*
 * picked.ts - which contacts are ticked: people by their ids, whatever was searched meanwhile, or all
 * that match without knowing them. Names are kept, so that a question can say whom it is about.
 */
import type { Selection } from './desk';

export interface Person {
  id: number;
  name: string;
}

export interface Picked {
  whole: boolean;
  people: ReadonlyMap<number, string>;
  /* Index in the list of the last single tick; a stretch begins there. */
  anchor: number | null;
}

/* As many as one request may name. */
export const MOST_PEOPLE = 10_000;

export const nobody: Picked = { whole: false, people: new Map(), anchor: null };

export type Tick =
  | { type: 'one'; person: Person; index: number }
  | { type: 'some'; people: Person[]; on: boolean; index?: number }
  | { type: 'whole' }
  | { type: 'none' }
  /* Another search or order: places mean something else, and "all that match" are others. */
  | { type: 'relisted' }
  | { type: 'gone'; ids: number[] };

export function ticked(p: Picked, tick: Tick): Picked {
  switch (tick.type) {
    case 'none':
      return nobody;
    case 'whole':
      return { ...nobody, whole: true };
    case 'relisted':
      return p.whole ? nobody : { ...p, anchor: null };
    case 'one':
      return changed(p, [tick.person], !p.people.has(tick.person.id), tick.index);
    case 'some':
      return changed(p, tick.people, tick.on, tick.index ?? null);
    case 'gone': {
      const people = new Map(p.people);
      for (const id of tick.ids) people.delete(id);
      return { ...p, people };
    }
  }
}

function changed(p: Picked, some: Person[], on: boolean, anchor: number | null): Picked {
  if (p.whole) return p;
  const people = new Map(p.people);
  for (const { id, name } of some) {
    if (!on) people.delete(id);
    else if (people.size < MOST_PEOPLE || people.has(id)) people.set(id, name);
  }
  return { whole: false, people, anchor };
}

export const isPicked = (p: Picked, id: number) => p.whole || p.people.has(id);

/* How many; null when all that match are meant and nobody has counted them yet. */
export const countOf = (p: Picked, matching: number | undefined): number | null =>
  p.whole ? (matching ?? null) : p.people.size;

/* How the box above the list stands to those that are there. */
export function boxOf(p: Picked, people: Person[]): 'all' | 'some' | 'none' {
  if (p.whole) return 'all';
  if (p.people.size === 0) return 'none';
  return people.length > 0 && people.every((c) => p.people.has(c.id)) ? 'all' : 'some';
}

/* Who is meant, as the API wants it. */
export function selectionOf(p: Picked, q: string | undefined, group_id: number | undefined): Selection {
  if (!p.whole) return { ids: [...p.people.keys()] };
  return { matching: { ...(q ? { q } : {}), ...(group_id ? { group_id } : {}) } };
}

/* A few of the names, for a question about ticked people. */
export const someNames = (p: Picked, most = 3): string[] =>
  p.whole ? [] : [...p.people.values()].filter(Boolean).slice(0, most);
