/* draft.test.ts - what a draft still lacks, and how a typed number is read. */
import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { type Draft, choiceOf, draftFaults, isWebAddress, toCampaign, typedCount } from './draft';

const template = {
  id: 7,
  variables: ['고객명', '금액'],
  buttons: [
    { ordinal: 1, tracked: true },
    { ordinal: 2, tracked: false },
  ],
} as Schemas['Template'];

const draft: Draft = {
  name: 'a',
  groups: [1, 2],
  except: [3],
  except_days: 7,
  template_id: 7,
  values: { 고객명: { source: 'name' } },
  links: {},
};

describe('draft', () => {
  it('names everything that is missing', () => {
    expect(draftFaults({ ...draft, name: ' ' }, template)).toEqual({
      name: 'nameMissing',
      'values.금액': 'valueMissing',
      'links.1': 'linkMissing',
    });
  });

  it('sends only what the template has', () => {
    const full: Draft = {
      ...draft,
      values: { 고객명: { source: 'name' }, 금액: { source: 'text', text: '1' }, 옛것: { source: 'phone' } },
      links: { 1: ' https://a.kr/ ', 2: 'https://b.kr/' },
    };
    expect(draftFaults(full, template)).toEqual({});
    expect(toCampaign(full, template)).toEqual({
      name: 'a',
      template_id: 7,
      recipients: { group_ids: [1, 2], except_group_ids: [3], except_days: 7 },
      values: { 고객명: { source: 'name' }, 금액: { source: 'text', text: '1' } },
      links: [{ button: 1, url: 'https://a.kr/' }],
    });
  });

  it('leaves out groups that are no more', () => {
    expect(choiceOf(draft, new Set([2, 9]))).toEqual({
      group_ids: [2],
      except_group_ids: [],
      except_days: 7,
    });
  });

  it('knows web addresses', () => {
    expect(isWebAddress('https://shop.kr/a?b=1')).toBe(true);
    expect(isWebAddress('shop.kr')).toBe(false);
    expect(isWebAddress('javascript:alert(1)')).toBe(false);
    expect(isWebAddress('https://')).toBe(false);
  });

  it('reads typed numbers', () => {
    expect(typedCount('1,234명')).toBe(1234);
    expect(typedCount(' 1 234 ')).toBe(1234);
    expect(typedCount('12a')).toBeNull();
    expect(typedCount('')).toBeNull();
  });
});
