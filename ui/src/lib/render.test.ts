/* render.test.ts - the sketch fills once, in one pass, and marks what is missing. */
import { describe, expect, it } from 'vitest';
import { renderPieces } from './render';

const contact = { name: '김#{주문번호}', phone: '01011112222', email: null, attributes: { 주문번호: 'A-1' } };

describe('renderPieces', () => {
  it('fills variables without expanding values again', () => {
    expect(
      renderPieces(
        '#{고객명}님 #{번호}.',
        { 고객명: { source: 'name' }, 번호: { source: 'attribute', key: '주문번호' } },
        contact,
      ),
    ).toEqual([
      { text: '김#{주문번호}', kind: 'value' },
      { text: '님 ', kind: 'fixed' },
      { text: 'A-1', kind: 'value' },
      { text: '.', kind: 'fixed' },
    ]);
  });

  it('shows the name of a variable without a value', () => {
    expect(renderPieces('#{메일}', { 메일: { source: 'email' } }, contact)).toEqual([
      { text: '#{메일}', kind: 'missing' },
    ]);
  });
});
