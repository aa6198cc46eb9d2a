/* versions.test.ts - a changed part of a template is told apart from those that stayed. */
import { expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { versionParts } from './versions';

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
