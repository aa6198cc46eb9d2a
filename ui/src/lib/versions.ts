/* versions.ts - a version of a template as named parts of text, so that two versions can be compared part by part. */
import { diffArrays } from 'diff';
import type { Schemas } from '../api/client';

export type VersionPart = 'kind' | 'title' | 'subtitle' | 'content' | 'extra' | 'buttons';

/* `word`: the name of a kind of button. */
export function versionParts(
  v: Schemas['TemplateVersion'],
  word: (type: Schemas['ButtonType']) => string,
): Record<VersionPart, string> {
  const lines = (text: string | null) => (text ?? '').replace(/\r\n/g, '\n');
  return {
    kind: `${v.type} ${v.emphasis}`,
    title: lines(v.title),
    subtitle: lines(v.subtitle),
    content: lines(v.content),
    extra: lines(v.extra),
    buttons: v.buttons
      .map((b) =>
        [`${b.ordinal}. ${b.name} (${word(b.type)})`, b.mobile, b.pc, b.android, b.ios]
          .filter(Boolean)
          .join(' '),
      )
      .join('\n'),
  };
}

const words = new Intl.Segmenter('ko', { granularity: 'word' });
const segments = (text: string) => [...words.segment(text)].map((s) => s.segment);

export interface Mark {
  text: string;
  kind: 'same' | 'added' | 'removed';
}

/* Both texts in one, by whole words; blanks and line breaks count, because Kakao counts them. */
export function markChanges(old: string, fresh: string): Mark[] {
  return diffArrays(segments(old), segments(fresh)).map((c) => ({
    text: c.value.join(''),
    kind: c.added ? 'added' : c.removed ? 'removed' : 'same',
  }));
}
