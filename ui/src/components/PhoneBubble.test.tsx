/* PhoneBubble.test.tsx - every kind of template and message as the phone shows it, part by part and in order. */
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import '../app/i18n';
import type { Schemas } from '../api/client';
import { PhoneBubble } from './PhoneBubble';
import { TemplateBubble } from './TemplateBubble';

afterEach(cleanup);

const template = {
  name: '배송 안내',
  content: '#{이름}님,\r\n  상품이 출발했습니다.',
  type: 'BA',
  emphasis: 'NONE',
  title: null,
  subtitle: null,
  extra: null,
  image_url: null,
  buttons: [],
} as unknown as Schemas['Template'];

const bubble = (more: object = {}) => {
  render(<TemplateBubble sender="하늘꽃집" template={{ ...template, ...more }} />);
  return screen.getByTestId('bubble');
};
const order = (all: string, ...parts: string[]) => parts.map((p) => all.indexOf(p));
const rising = (places: number[]) => places.every((p, i) => p >= 0 && (i === 0 || p > places[i - 1]!));

describe('a bubble', () => {
  it('basic: the channel, the text with its breaks and blanks, variables marked', () => {
    const b = bubble();
    expect(rising(order(b.textContent, '하늘꽃집', '알림톡 도착', '#{이름}님,\r\n  상품이'))).toBe(true);
    expect(within(b).getByText('#{이름}').className).toContain('variable');
    expect(b.querySelector('ul')).toBeNull();
    expect(b.querySelector('img')).toBeNull();
  });

  it('emphasis: the sub-title above the title, both above the text', () => {
    const b = bubble({ emphasis: 'TEXT', title: '주문 #{번호}', subtitle: '배송 완료' });
    expect(rising(order(b.textContent, '배송 완료', '주문 ', '#{번호}', '#{이름}'))).toBe(true);
  });

  it('image: shown, and a link to it when it cannot be loaded', () => {
    const own = bubble({ emphasis: 'IMAGE', image_url: 'data:image/png;base64,AAAA' });
    expect(own.querySelector('img')?.getAttribute('src')).toBe('data:image/png;base64,AAAA');
    cleanup();
    const kakao = bubble({ emphasis: 'IMAGE', image_url: 'https://img.kakao.com/a.jpg' });
    fireEvent.error(kakao.querySelector('img')!);
    expect(kakao.querySelector('img')).toBeNull();
    expect(within(kakao).getByRole('link').getAttribute('href')).toBe('https://img.kakao.com/a.jpg');
  });

  it('image: no link where the whole bubble is pressed, nor for other schemes', () => {
    const { container } = render(
      <PhoneBubble sender="a" body="b" buttons={[]} image="https://img.kakao.com/a.jpg" still />,
    );
    fireEvent.error(container.querySelector('img')!);
    render(<PhoneBubble sender="a" body="b" buttons={[]} image="javascript:alert(1)" />);
    expect(screen.queryByRole('link')).toBeNull();
  });

  it('extra text: below the text', () => {
    const b = bubble({ type: 'EX', extra: '문의 02-123-4567' });
    expect(rising(order(b.textContent, '출발했습니다', '문의 02-123-4567'))).toBe(true);
  });

  it('adding the channel: its sentence, and its button first', () => {
    const b = bubble({
      type: 'MI',
      extra: '영업 9시~18시',
      buttons: [
        { name: '채널 추가', type: 'AC' },
        { name: '조회', type: 'WL' },
      ],
    });
    expect(rising(order(b.textContent, '영업 9시', '채널 추가하고', '조회'))).toBe(true);
    expect(
      within(b)
        .getAllByRole('listitem')
        .map((li) => li.dataset.type),
    ).toEqual(['AC', 'WL']);
  });

  it('message: values and gaps are marked, a button says where it leads', () => {
    render(
      <PhoneBubble
        sender="하늘꽃집"
        body={[
          { kind: 'value', text: '김하늘' },
          { kind: 'fixed', text: '님 ' },
          { kind: 'missing', text: '#{번호}' },
        ]}
        buttons={[{ name: '조회', type: 'WL', target: 'https://shop.kr' }]}
      />,
    );
    expect(screen.getByText('김하늘').className).toContain('value');
    expect(screen.getByText('#{번호}').className).toContain('missing');
    expect(screen.getByRole('listitem').textContent).toBe('조회→ https://shop.kr');
  });
});
