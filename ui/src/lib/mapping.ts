/*
 * mapping.ts - the choices of the column screen: one column per person's field, any number of
 * attributes with different names.
 */
import type { Schemas } from '../api/client';

export type Role = Schemas['ColumnRole'];
export interface Choice {
  index: number;
  role: Role;
  attribute: string;
}

/* An attribute's name from a header: marks that break a template's #{…} are taken away. */
export function attributeName(header: string, index: number): string {
  const name = header
    .replace(/[#{}\n\r\t]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return name || `항목${index + 1}`;
}

export function fromColumns(columns: Schemas['ImportColumn'][]): Choice[] {
  return columns.map((c) => ({
    index: c.index,
    role: c.role,
    attribute: c.attribute ?? attributeName(c.header, c.index),
  }));
}

/* Gives a column a role; name, phone and e-mail address leave the column that had them. */
export function choose(choices: Choice[], index: number, role: Role): Choice[] {
  const single = role === 'name' || role === 'phone' || role === 'email';
  return choices.map((c) => {
    if (c.index === index) return { ...c, role };
    return single && c.role === role ? { ...c, role: 'ignore' } : c;
  });
}

export type MappingFault = 'noPhone' | 'attributeEmpty' | 'attributeTwice';

/* What keeps the choices from being usable; null when nothing does. */
export function mappingFault(choices: Choice[]): MappingFault | null {
  if (!choices.some((c) => c.role === 'phone')) return 'noPhone';
  const names = choices.filter((c) => c.role === 'attribute').map((c) => c.attribute.trim());
  if (names.includes('')) return 'attributeEmpty';
  return new Set(names).size < names.length ? 'attributeTwice' : null;
}

export function toMapping(choices: Choice[]): Schemas['ImportMapping']['columns'] {
  return choices
    .filter((c) => c.role !== 'ignore')
    .map((c) =>
      c.role === 'attribute'
        ? { index: c.index, role: c.role, attribute: c.attribute.trim() }
        : { index: c.index, role: c.role },
    );
}
