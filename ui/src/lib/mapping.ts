/*
 * mapping.ts - the choices of the column screen: one column per person's field, any number of
 * attributes with different names.
 */
import type { Schemas } from '../api/client';
import { guessSource } from './guess';

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

export interface Rules {
  duplicates: Schemas['DuplicateRule'];
  existing: Schemas['DuplicateRule'];
}

/* What has to be told so that the import is as chosen; null when it is so already. */
export function mappingChange(
  item: Pick<Schemas['Import'], 'columns' | 'duplicates' | 'existing'>,
  choices: Choice[],
  rules: Rules,
): Schemas['ImportMapping'] | null {
  const change: Schemas['ImportMapping'] = {};
  const wanted = toMapping(choices);
  if (JSON.stringify(wanted) !== JSON.stringify(toMapping(fromColumns(item.columns))))
    change.columns = wanted;
  if (rules.duplicates !== item.duplicates) change.duplicates = rules.duplicates;
  if (rules.existing !== item.existing) change.existing = rules.existing;
  return Object.keys(change).length > 0 ? change : null;
}

/* Variables of a template for which nothing in the list will do. */
export function missingVariables(variables: string[], choices: Choice[]): string[] {
  const attributes = choices.filter((c) => c.role === 'attribute').map((c) => c.attribute.trim());
  const fields = choices.map((c) => c.role);
  return variables.filter((v) => {
    const source = guessSource(v, attributes);
    if (!source) return true;
    return source.source !== 'attribute' && !fields.includes(source.source as Role);
  });
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
