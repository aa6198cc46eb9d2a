/* pages.test.ts - the arithmetic of lists read in pages. */
import { describe, expect, it } from 'vitest';
import { pagesOf, placeOf, withRow } from './pages';

describe('pages', () => {
  it('are those that the window touches', () => {
    expect(pagesOf(0, 0, 100)).toEqual([0]);
    expect(pagesOf(99, 100, 100)).toEqual([0, 1]);
    expect(pagesOf(250, 549, 100)).toEqual([2, 3, 4, 5]);
    expect(pagesOf(0, -1, 100)).toEqual([]);
  });

  it('take a changed row in', () => {
    const page = {
      items: [
        { row: 2, is: 'error' },
        { row: 3, is: 'error' },
      ],
      total: 2,
    };
    const changed = { row: 3, is: 'ok' };
    expect(withRow(page, changed).items).toEqual([{ row: 2, is: 'error' }, changed]);
    expect(withRow(page, { row: 9, is: 'ok' })).toBe(page);
  });
});

describe('the place of a row', () => {
  const look = async (numbers: number[], row: number) => {
    let asked = 0;
    const at = await placeOf(row, numbers.length, (i) => {
      asked += 1;
      return Promise.resolve(numbers[i]!);
    });
    return { at, asked };
  };

  it('is found at once where no row is missing', async () => {
    const dense = Array.from({ length: 1_000_000 }, (_, i) => i + 2);
    expect(await look(dense, 500_000)).toEqual({ at: 499_998, asked: 2 });
    expect((await look(dense, 2)).at).toBe(0);
    expect((await look(dense, 1_000_001)).at).toBe(999_999);
  });

  it('is that of the next one where the row is not in the list', async () => {
    const sparse = Array.from({ length: 10_000 }, (_, i) => 5 + i * i);
    expect((await look(sparse, 6)).at).toBe(1);
    expect((await look(sparse, 7)).at).toBe(2);
    expect((await look(sparse, 1)).at).toBe(0);
    expect((await look(sparse, 1e12)).at).toBe(10_000);
    expect((await look(sparse, 5 + 777 * 777)).at).toBe(777);
  });

  it('needs few questions in any list', async () => {
    const odd = Array.from({ length: 1_000_000 }, (_, i) => (i < 500_000 ? i + 2 : i * 7));
    for (const i of [1, 499_999, 500_000, 765_432, 999_999])
      expect((await look(odd, odd[i]!)).asked).toBeLessThan(30);
  });

  it('of an empty list is its end', async () => {
    expect(await look([], 5)).toEqual({ at: 0, asked: 0 });
  });
});
