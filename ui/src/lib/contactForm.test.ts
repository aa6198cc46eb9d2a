import { describe, expect, it } from 'vitest';
import { attributeFaults, bodyOf, changeOf, startValues } from './contactForm';

const contact = {
  id: 1,
  name: '김하나',
  phone: '01011112222',
  email: null,
  attributes: { 주문번호: 'A-1' },
  groups: [
    { id: 1, name: '미지정' },
    { id: 7, name: '단골' },
  ],
  created_at: 0,
  updated_at: 0,
  suppressed: false,
};
const start = startValues(contact, new Set([1]));

describe('a contact as a form', () => {
  it('begins with its groups but 미지정, a new one with the group one looks at', () => {
    expect(start.group_ids).toEqual(['7']);
    expect(start.phone).toBe('010-1111-2222');
    expect(startValues(null, new Set([1]), 7).group_ids).toEqual(['7']);
    expect(startValues(null, new Set([1]), 1).group_ids).toEqual([]);
  });

  it('sends only what was changed', () => {
    expect(changeOf(start, start)).toEqual({});
    expect(changeOf(start, { ...start, email: ' a@b.kr ' })).toEqual({ email: 'a@b.kr' });
    const attributes = [...start.attributes, { key: ' 생일 ', value: '3월 2일' }, { key: '', value: '' }];
    expect(changeOf(start, { ...start, attributes })).toEqual({
      attributes: { 주문번호: 'A-1', 생일: '3월 2일' },
    });
    expect(bodyOf(start)).toMatchObject({ name: '김하나', email: null, group_ids: [7] });
  });

  it('knows fields without a name and names that stand twice', () => {
    const faults = attributeFaults([
      { key: '생일', value: '' },
      { key: '', value: '' },
      { key: '', value: 'x' },
      { key: ' 생일', value: 'y' },
    ]);
    expect([...faults]).toEqual([
      [2, 'nameless'],
      [3, 'twice'],
    ]);
  });
});
