/* format.test.ts - numbers and times as people read them, with times of Seoul in any zone. */
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDate,
  formatDay,
  formatFriendly,
  formatHour,
  formatPhone,
  formatPrice,
  formatSeconds,
  formatShare,
  formatTime,
} from './format';

const newYear = Date.UTC(2026, 11, 31, 15, 0, 0); // 2027-01-01 00:00 in Seoul

describe('format', () => {
  it('groups thousands', () => {
    expect(formatCount(1234567)).toBe('1,234,567');
    expect(formatPrice(13000)).toBe('13,000');
    expect(formatPrice(6.5)).toBe('6.5');
  });

  it('tells sizes of files as file managers do', () => {
    expect([512, 1536, 999 * 1024, 200 * 1024 * 1024].map(formatBytes)).toEqual([
      '512 B',
      '1.5 KB',
      '999 KB',
      '200 MB',
    ]);
  });

  it('dates a day of Seoul, with the year when it is another', () => {
    expect(formatDate(newYear, 'ko', newYear)).toBe('1월 1일');
    expect(formatDate(newYear - 1, 'ko', newYear)).toBe('2026년 12월 31일');
  });

  it('never rounds a share to all or nothing', () => {
    expect(formatShare(null)).toBe('–');
    expect(formatShare(0)).toBe('0%');
    expect(formatShare(1)).toBe('100%');
    expect(formatShare(0.99999)).toBe('99.9%');
    expect(formatShare(0.00001)).toBe('0.1%');
    expect(formatShare(0.98765)).toBe('98.8%');
  });

  it('writes phone numbers with dashes', () => {
    expect(formatPhone('01012345678')).toBe('010-1234-5678');
    expect(formatPhone('0111234567')).toBe('011-123-4567');
    expect(formatPhone('0212345678')).toBe('02-1234-5678');
    expect(formatPhone('021234567')).toBe('02-123-4567');
    expect(formatPhone('abc')).toBe('abc');
  });

  it('tells the time of Seoul whatever the zone of the browser', () => {
    expect(formatTime(newYear)).toBe('2027-01-01 00:00');
    expect(formatTime(newYear - 1)).toBe('2026-12-31 23:59');
    expect(formatSeconds(newYear + 9_000)).toBe('2027-01-01 00:00:09');
    expect(formatHour(newYear, 'ko')).toBe('0시');
    expect(formatHour(newYear, 'en')).toBe('00:00');
    expect(formatDay(newYear)).toBe('1/1');
  });

  it('leaves the year away when it is this one', () => {
    const now = Date.UTC(2026, 10, 23);
    expect(formatFriendly(Date.UTC(2026, 10, 23, 8, 5), 'ko', now)).toBe('11월 23일 17:05');
    expect(formatFriendly(newYear, 'ko', now)).toContain('2027');
  });
});
