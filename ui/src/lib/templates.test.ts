/* templates.test.ts - one word for a template's state, and the list's filter. */
import { describe, expect, it } from 'vitest';
import { type Template, filterTemplates, stateCounts, templateState } from './templates';

const template = (more: Partial<Template>) =>
  ({
    id: 1,
    sender_profile_id: 1,
    name: '배송 안내',
    code: 'TA_1',
    title: null,
    content: '#{이름}님 상품이 출발했습니다',
    status: 'active',
    inspection: 'approved',
    problem: null,
    ...more,
  }) as Template;

describe('state of a template', () => {
  it('is its inspection, unless it is stopped, asleep or gone', () => {
    expect(templateState(template({}))).toBe('approved');
    expect(templateState(template({ inspection: 'rejected' }))).toBe('rejected');
    expect(templateState(template({ status: 'stopped' }))).toBe('stopped');
    expect(templateState(template({ status: 'dormant' }))).toBe('dormant');
    expect(templateState(template({ problem: { code: 'gone', text: '' } }))).toBe('gone');
  });
});

describe('list of templates', () => {
  const list = [
    template({ id: 1 }),
    template({ id: 2, name: '예약 확인', sender_profile_id: 2 }),
    template({ id: 3, name: '쿠폰', status: 'stopped' }),
  ];
  const ids = (filter: Parameters<typeof filterTemplates>[1]) =>
    filterTemplates(list, filter).map((x) => x.id);

  it('is searched by all words, in any order, decomposed or not', () => {
    expect(ids({ q: '안내 배송' })).toEqual([1]);
    expect(ids({ q: '예약'.normalize('NFD') })).toEqual([2]);
    expect(ids({ q: '출발' })).toEqual([1, 2, 3]);
    expect(ids({ q: '없는말' })).toEqual([]);
  });

  it('is filtered by state and sender profile together', () => {
    expect(ids({ state: 'approved' })).toEqual([1, 2]);
    expect(ids({ state: 'approved', profile: 1 })).toEqual([1]);
    expect(stateCounts(list)).toEqual(
      new Map([
        ['approved', 2],
        ['stopped', 1],
      ]),
    );
  });
});
