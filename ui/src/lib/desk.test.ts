import { describe, expect, it } from 'vitest';
import { actionBody, actionsFor, contactSorts, directionOf, sortedBy, typedNumber } from './desk';

describe('orders', () => {
  it('turn round on the second click and come back on the third', () => {
    expect(sortedBy('name', 'newest')).toBe('name');
    expect(sortedBy('name', 'name')).toBe('name_desc');
    expect(sortedBy('name', 'name_desc')).toBe('name');
    expect(sortedBy('created', 'phone')).toBe('newest');
    expect(sortedBy('created', 'newest')).toBe('oldest');
  });

  it('are told by exactly one column each', () => {
    for (const sort of contactSorts) {
      const told = (['name', 'phone', 'created'] as const).map((c) => directionOf(c, sort));
      expect(told.filter((d) => d !== 'none')).toHaveLength(1);
    }
    expect(directionOf('created', 'newest')).toBe('descending');
  });
});

describe('changes to many', () => {
  const selection = { ids: [1, 2] };

  it('depend on the group one looks at', () => {
    expect(actionsFor(undefined)).toEqual(['add', 'delete']);
    expect(actionsFor({ id: 1, is_default: true })).not.toContain('remove');
    expect(actionsFor({ id: 2, is_default: false })).toContain('remove');
  });

  it('name only the groups they are about', () => {
    expect(actionBody('copy', selection, 2, 5, 6)).toEqual({
      action: 'add',
      selection,
      expected_count: 2,
      group_id: 6,
    });
    expect(actionBody('move', selection, 2, 5, 6)).toMatchObject({ group_id: 6, from_group_id: 5 });
    expect(actionBody('remove', selection, 2, 5, 6)).not.toHaveProperty('group_id');
    expect(actionBody('delete', selection, 2, 5, 6)).toEqual({
      action: 'delete',
      selection,
      expected_count: 2,
    });
  });

  it('are confirmed by a number as people type it', () => {
    expect(typedNumber('1,234')).toBe(1234);
    expect(typedNumber(' 12 ')).toBe(12);
    expect(typedNumber('')).toBeNull();
    expect(typedNumber('12명')).toBeNull();
    expect(typedNumber('-1')).toBeNull();
  });
});
