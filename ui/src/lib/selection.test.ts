/* selection.test.ts - ticking rows of a long list. */
import { describe, expect, it } from 'vitest';
import { countOf, isTicked, nothing, portions, ticked } from './selection';

describe('selection', () => {
  it('ticks and unticks a row and remembers where', () => {
    const one = ticked(nothing, { type: 'row', row: 7, index: 5 });
    expect(isTicked(one, 7)).toBe(true);
    expect(one.anchor).toBe(5);
    expect(countOf(ticked(one, { type: 'row', row: 7, index: 5 }), 100)).toBe(0);
  });

  it('ticks a stretch, and unticks one', () => {
    const some = ticked(nothing, { type: 'stretch', rows: [3, 4, 6], index: 3, on: true });
    expect(countOf(some, 100)).toBe(3);
    const fewer = ticked(some, { type: 'stretch', rows: [4, 6], index: 2, on: false });
    expect([...fewer.rows]).toEqual([3]);
  });

  it('of the whole list needs no numbers and leaves no single ticks behind', () => {
    const one = ticked(nothing, { type: 'row', row: 7, index: 5 });
    const all = ticked(one, { type: 'whole', on: true });
    expect(countOf(all, 1_000_000)).toBe(1_000_000);
    expect(isTicked(all, 123)).toBe(true);
    expect(ticked(all, { type: 'row', row: 7, index: 5 })).toBe(all);
    expect(ticked(all, { type: 'whole', on: false })).toEqual(nothing);
  });

  it('is sent in portions', () => {
    expect(portions(new Set([5, 1, 3]), 2)).toEqual([[1, 3], [5]]);
    expect(portions([])).toEqual([]);
  });
});
