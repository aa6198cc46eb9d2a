/* preview.test.ts - gaps show their variable, and what a text message loses is cut out exactly. */
import { expect, it } from 'vitest';
import { markLost, markMissing, plainText } from './preview';

it('writes a gap as the template does', () => {
  expect(markMissing([{ kind: 'missing', text: '이름' }])).toEqual([{ kind: 'missing', text: '#{이름}' }]);
  expect(markMissing([{ kind: 'missing', text: '#{이름}' }])[0]!.text).toBe('#{이름}');
});

it('puts the extra text below', () => {
  expect(plainText([{ kind: 'fixed', text: 'a' }], 'b')).toBe('a\n\nb');
});

it('cuts at lost characters, also outside the basic plane', () => {
  expect(markLost('가😀😀나', ['😀'])).toEqual([
    { text: '가', lost: false },
    { text: '😀😀', lost: true },
    { text: '나', lost: false },
  ]);
  expect(markLost('가나', [])).toEqual([{ text: '가나', lost: false }]);
});
