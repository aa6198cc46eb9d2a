/* guess.test.ts - which variable is filled from where, and which is left to the person. */
import { describe, expect, it } from 'vitest';
import { guessAll, guessSource } from './guess';

describe('guessSource', () => {
  it('prefers the attribute of the same name, even for a name', () => {
    expect(guessSource('고객명', ['고객명'])).toEqual({ source: 'attribute', key: '고객명' });
  });

  it('knows the words for the person itself', () => {
    expect(guessSource('고객명', [])).toEqual({ source: 'name' });
    expect(guessSource('연락처', [])).toEqual({ source: 'phone' });
    expect(guessSource('E-mail', [])).toEqual({ source: 'email' });
  });

  it('sees through blanks, marks and endings', () => {
    expect(guessSource('주문번호', ['주문 번호'])).toEqual({ source: 'attribute', key: '주문 번호' });
    expect(guessSource('택배사명', ['택배사'])).toEqual({ source: 'attribute', key: '택배사' });
  });

  it('does not guess between two or from nothing', () => {
    expect(guessSource('배송일', ['배송일자', '배송일시'])).toBeNull();
    expect(guessSource('금액', ['수량'])).toBeNull();
  });

  it('keeps what a person chose', () => {
    expect(guessAll(['고객명', '금액'], [], { 고객명: { source: 'text', text: '고객' } })).toEqual({
      고객명: { source: 'text', text: '고객' },
    });
  });
});
