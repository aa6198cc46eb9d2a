/* locales.test.ts - both catalogues have the same keys, the same placeholders, and no empty text. */
import { describe, expect, it } from 'vitest';
import en from './en.json';
import ko from './ko.json';

function flat(tree: object, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([k, v]) =>
      typeof v === 'string' ? [[prefix + k, v]] : Object.entries(flat(v as object, `${prefix}${k}.`)),
    ),
  );
}

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();

describe('catalogues', () => {
  const k = flat(ko);
  const e = flat(en);

  it('have the same keys', () => {
    expect(Object.keys(e).sort()).toEqual(Object.keys(k).sort());
  });

  it('have the same placeholders', () => {
    for (const key of Object.keys(k))
      expect([key, placeholders(e[key]!)]).toEqual([key, placeholders(k[key]!)]);
  });

  it('leave nothing empty', () => {
    for (const all of [k, e])
      for (const [key, text] of Object.entries(all)) expect([key, text.trim() !== '']).toEqual([key, true]);
  });
});
