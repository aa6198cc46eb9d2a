/* versions.test.ts - a changed part of a template is told apart from those that stayed. */
import { expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { markChanges, versionParts } from './versions';

type Version = Schemas['TemplateVersion'];

const version = (more: Partial<Version>): Version => ({
  version: 1,
  content: 'a\r\nb',
  type: 'BA',
  emphasis: 'NONE',
  title: null,
  subtitle: null,
  extra: null,
  buttons: [],
  created_at: 0,
  ...more,
});
const button = {
  ordinal: 1,
  name: '조회',
  type: 'WL' as const,
  type_name: '웹링크',
  mobile: 'https://a.kr/#{x}',
  pc: null,
  ios: null,
  android: null,
  tracked: true,
};

it('differs only where it changed', () => {
  const word = (type: string) => type;
  const a = versionParts(version({ buttons: [button] }), word);
  const b = versionParts(
    version({ content: 'a\nb', buttons: [{ ...button, mobile: 'https://b.kr' }] }),
    word,
  );
  expect(a.content).toBe(b.content);
  expect(a.buttons).toBe('1. 조회 (WL) https://a.kr/#{x}');
  expect(b.buttons).not.toBe(a.buttons);
});

it('marks whole words and line breaks', () => {
  const marks = markChanges('상품이 출발하였습니다.\n택배', '상품이 출발했습니다.\n\n택배');
  const text = (kind: string) => marks.filter((m) => m.kind !== kind).map((m) => m.text);
  expect(text('added').join('')).toBe('상품이 출발하였습니다.\n택배');
  expect(text('removed').join('')).toBe('상품이 출발했습니다.\n\n택배');
  expect(marks.filter((m) => m.kind === 'removed').map((m) => m.text)).toEqual(['출발하였습니다']);
});
