/* longScroll.test.ts - a million rows in an element of six million pixels, without a row out of reach. */
import { describe, expect, it } from 'vitest';
import {
  CAP,
  type Measures,
  elementHeight,
  placed,
  revealed,
  rowTop,
  rowsShown,
  scrolled,
  settled,
  stuck,
} from './longScroll';

const small: Measures = { rows: 100, rowHeight: 60, view: 600 };
const huge: Measures = { rows: 10_000_000, rowHeight: 60, view: 600 };
const end = (m: Measures) => elementHeight(m) - m.view;

describe('a short list', () => {
  it('scrolls as any element', () => {
    const p = scrolled({ top: 0, at: 0 }, 1234, small);
    expect(p).toEqual({ top: 1234, at: 1234 });
    expect(rowTop(20, p, small)).toBe(1200);
    expect(rowsShown(p, small, 0)).toEqual({ first: 20, last: 30 });
    expect(settled(p, small)).toEqual(p);
  });

  it('that is empty or shorter than the window stays at its beginning', () => {
    expect(rowsShown({ top: 0, at: 0 }, { ...small, rows: 0 }, 5)).toEqual({ first: 0, last: -1 });
    expect(placed(500, { ...small, rows: 3 })).toEqual({ top: 0, at: 0 });
  });
});

describe('a list higher than an element can be', () => {
  it('is at most as high as every browser allows', () => {
    expect(elementHeight(huge)).toBe(CAP);
  });

  it('shows the first row at the upper end and the last at the lower', () => {
    expect(rowsShown(placed(0, huge), huge, 0).first).toBe(0);
    const p = scrolled({ top: 0, at: 0 }, end(huge), huge);
    expect(rowsShown(p, huge, 0).last).toBe(huge.rows - 1);
    expect(rowTop(huge.rows - 1, p, huge) + huge.rowHeight).toBeCloseTo(CAP, 3);
  });

  it('glides by what the wheel says', () => {
    const start = placed(300_000_000, huge);
    const p = scrolled(start, start.top + 100, huge);
    expect(p.at - start.at).toBe(100);
    // A row on the screen keeps its place in the element, so that the browser moves it by itself.
    expect(rowTop(5_000_003, p, huge)).toBeCloseTo(rowTop(5_000_003, start, huge), 3);
  });

  it('jumps over the whole list with the scroll bar', () => {
    const p = scrolled({ top: 0, at: 0 }, end(huge) / 2, huge);
    expect(p.at / (huge.rows * huge.rowHeight)).toBeCloseTo(0.5, 4);
  });

  it('reaches every row with small movements, in both directions', () => {
    for (const by of [500, -500]) {
      let p = placed(by > 0 ? 599_990_000 : 10_000, huge);
      for (let i = 0; i < 100; i++) {
        p = scrolled(p, Math.min(Math.max(p.top + by, 0), end(huge)), huge);
        if (stuck(p, huge)) p = settled(p, huge);
      }
      const { first, last } = rowsShown(p, huge, 0);
      expect(by > 0 ? last : first).toBe(by > 0 ? huge.rows - 1 : 0);
    }
  });

  it('comes back to the same row when it settles', () => {
    let p = placed(123_456_780, huge);
    for (let i = 0; i < 40; i++) p = scrolled(p, p.top + 700, huge);
    const after = settled(p, huge);
    expect(after.at).toBe(p.at);
    expect(stuck(after, huge)).toBe(false);
  });
});

describe('revealing a row', () => {
  it('moves as little as needed', () => {
    const p = placed(6000, small);
    expect(revealed(100, p, small)).toBe(6060 - 600);
    expect(revealed(95, placed(5400, small), small)).toBe(5400);
    expect(revealed(2, p, small)).toBe(120);
  });
});
