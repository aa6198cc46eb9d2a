/* imports.test.ts - progress and speed that do not lie. */
import { describe, expect, it } from 'vitest';
import { type Moment, percent, remembered, speedOf } from './imports';

describe('progress', () => {
  it('is unknown while the rows are not counted, and never 100 too early', () => {
    expect(percent(null)).toBeNull();
    expect(percent({ stage: 'checking', done: 5, total: null })).toBeNull();
    expect(percent({ stage: 'checking', done: 999_999, total: 1_000_000 })).toBe(99);
    expect(percent({ stage: 'importing', done: 2, total: 2 })).toBe(100);
  });
});

describe('speed', () => {
  it('is that of the last seconds', () => {
    let moments: Moment[] = [];
    for (let time = 0; time <= 20_000; time += 500)
      moments = remembered(moments, {
        time,
        bytes: time < 10_000 ? time * 10 : 100_000 + (time - 10_000) * 2,
      });
    expect(speedOf(moments)).toBe(2000);
    expect(moments.length).toBeLessThan(10);
  });

  it('is not told before it is known', () => {
    expect(speedOf([])).toBeNull();
    expect(
      speedOf([
        { time: 0, bytes: 0 },
        { time: 100, bytes: 9e9 },
      ]),
    ).toBeNull();
  });
});
