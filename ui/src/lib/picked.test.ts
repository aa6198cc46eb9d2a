import { describe, expect, it } from 'vitest';
import {
  MOST_PEOPLE,
  type Person,
  boxOf,
  countOf,
  isPicked,
  nobody,
  selectionOf,
  someNames,
  ticked,
} from './picked';

const people: Person[] = ['김하나', '이두리', '박세나'].map((name, i) => ({ id: i + 1, name }));
const one = ticked(nobody, { type: 'one', person: people[0]!, index: 4 });

describe('ticks', () => {
  it('stay through a search, but not their place', () => {
    const after = ticked(one, { type: 'relisted' });
    expect([...after.people.keys()]).toEqual([1]);
    expect(after.anchor).toBeNull();
    expect(one.anchor).toBe(4);
  });

  it('of all that match end with another search', () => {
    const all = ticked(one, { type: 'whole' });
    expect(isPicked(all, 99)).toBe(true);
    expect(ticked(all, { type: 'relisted' })).toEqual(nobody);
    expect(ticked(all, { type: 'one', person: people[1]!, index: 0 })).toBe(all);
  });

  it('come and go, alone and together', () => {
    expect(ticked(one, { type: 'one', person: people[0]!, index: 4 }).people.size).toBe(0);
    const all = ticked(one, { type: 'some', people, on: true });
    expect(boxOf(all, people)).toBe('all');
    expect(boxOf(one, people)).toBe('some');
    expect(boxOf(nobody, people)).toBe('none');
    expect(ticked(all, { type: 'some', people, on: false }).people.size).toBe(0);
    expect(ticked(all, { type: 'gone', ids: [2] }).people.has(2)).toBe(false);
  });

  it('are never more than a request may name', () => {
    const many = Array.from({ length: MOST_PEOPLE + 5 }, (_, i) => ({ id: i + 1, name: '' }));
    expect(ticked(nobody, { type: 'some', people: many, on: true }).people.size).toBe(MOST_PEOPLE);
  });

  it('become what the API wants, and what a question says', () => {
    expect(selectionOf(one, '김', 3)).toEqual({ ids: [1] });
    const all = ticked(one, { type: 'whole' });
    expect(selectionOf(all, '김', 3)).toEqual({ matching: { q: '김', group_id: 3 } });
    expect(selectionOf(all, undefined, undefined)).toEqual({ matching: {} });
    expect([countOf(one, 50), countOf(all, 50), countOf(all, undefined)]).toEqual([1, 50, null]);
    expect(someNames(one)).toEqual(['김하나']);
    expect(someNames(all)).toEqual([]);
  });
});
