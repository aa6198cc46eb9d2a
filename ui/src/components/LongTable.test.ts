/* LongTable.test.ts - where the keys lead in a grid. */
import { describe, expect, it } from 'vitest';
import { moved } from './LongTable';
import { rendered } from './useLongScroll';

const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false });
const from = { index: 50, column: 3 };
const go = (name: string, ctrl = false, place = from) => moved(key(name, ctrl), place, 1000, 8, 10);

describe('keys', () => {
  it('move by cells, pages and to the ends', () => {
    expect(go('ArrowDown')).toEqual({ index: 51, column: 3 });
    expect(go('ArrowLeft')).toEqual({ index: 50, column: 2 });
    expect(go('PageUp')).toEqual({ index: 40, column: 3 });
    expect(go('Home')).toEqual({ index: 50, column: 0 });
    expect(go('End', true)).toEqual({ index: 999, column: 7 });
    expect(go('ArrowUp', true)).toEqual({ index: 0, column: 3 });
  });

  it('stop at the edges', () => {
    expect(go('ArrowRight', false, { index: 0, column: 7 })).toEqual({ index: 0, column: 7 });
    expect(go('PageDown', false, { index: 995, column: 0 })).toEqual({ index: 999, column: 0 });
  });

  it('that mean nothing here are left alone', () => {
    expect(go('a')).toBeNull();
    expect(go('Tab')).toBeNull();
  });
});

describe('what is rendered', () => {
  it('is what shows, and the row with the focus wherever it is', () => {
    expect(rendered(5, 8, 6, 100)).toEqual([5, 6, 7, 8]);
    expect(rendered(5, 8, 2, 100)).toEqual([2, 5, 6, 7, 8]);
    expect(rendered(5, 8, 90, 100)).toEqual([5, 6, 7, 8, 90]);
    expect(rendered(0, -1, 0, 0)).toEqual([]);
  });
});
