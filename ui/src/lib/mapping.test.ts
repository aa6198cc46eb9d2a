/* mapping.test.ts - the rules of the column screen. */
import { describe, expect, it } from 'vitest';
import {
  type Choice,
  attributeName,
  choose,
  mappingChange,
  mappingFault,
  missingVariables,
  toMapping,
} from './mapping';

const choices: Choice[] = [
  { index: 0, role: 'name', attribute: '이름' },
  { index: 1, role: 'phone', attribute: '휴대폰' },
  { index: 2, role: 'attribute', attribute: '주문번호' },
  { index: 3, role: 'ignore', attribute: '비고' },
];

describe('mapping', () => {
  it('moves a single role from one column to the other', () => {
    const after = choose(choices, 3, 'phone');
    expect(after[3]!.role).toBe('phone');
    expect(after[1]!.role).toBe('ignore');
  });

  it('lets many columns be attributes', () => {
    expect(choose(choices, 3, 'attribute')[2]!.role).toBe('attribute');
  });

  it('wants a phone and different attribute names', () => {
    expect(mappingFault(choices)).toBeNull();
    expect(mappingFault(choose(choices, 1, 'ignore'))).toBe('noPhone');
    const twice = choose(choices, 3, 'attribute').map((c) => ({ ...c, attribute: '같음' }));
    expect(mappingFault(twice)).toBe('attributeTwice');
    expect(mappingFault(choices.map((c) => ({ ...c, attribute: ' ' })))).toBe('attributeEmpty');
  });

  it('sends only what is used', () => {
    expect(toMapping(choices)).toEqual([
      { index: 0, role: 'name' },
      { index: 1, role: 'phone' },
      { index: 2, role: 'attribute', attribute: '주문번호' },
    ]);
  });

  it('makes attribute names that a template can name', () => {
    expect(attributeName('주문\n번호 #{1}', 0)).toBe('주문 번호 1');
    expect(attributeName('  ', 4)).toBe('항목5');
  });

  it('tells the server only what is different', () => {
    const columns = choices.map((c) => ({
      ...c,
      header: c.attribute,
      samples: [],
      basis: 'header' as const,
      hidden: false,
      attribute: c.role === 'attribute' ? c.attribute : null,
    }));
    const item = { columns, duplicates: 'keep', existing: 'overwrite' } as const;
    const rules = { duplicates: 'keep', existing: 'overwrite' } as const;
    expect(mappingChange(item, choices, rules)).toBeNull();
    expect(mappingChange(item, choices, { ...rules, existing: 'fill' })).toEqual({ existing: 'fill' });
    expect(mappingChange(item, choose(choices, 3, 'attribute'), rules)?.columns).toHaveLength(4);
  });

  it('misses the variables that no column fills', () => {
    expect(missingVariables(['고객명', '주문번호', '배송일'], choices)).toEqual(['배송일']);
    expect(missingVariables(['고객명'], choose(choices, 0, 'ignore'))).toEqual(['고객명']);
  });
});
