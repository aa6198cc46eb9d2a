/* templateForm.test.ts - only what a kind of template has is sent, line breaks are Kakao's, pictures are measured. */
import { describe, expect, it } from 'vitest';
import { emptyForm, formOf, imageFault, linksOf, moved, newButton, retyped, toForm } from './templateForm';
import type { Template } from './templates';

describe('a template being written', () => {
  it('sends only the fields of its kind', () => {
    const v = { ...emptyForm, name: ' a ', content: 'b\nc', title: 't', extra: 'e', advert: 'x' };
    expect(toForm(v, { image: true })).toEqual({
      name: 'a',
      content: 'b\r\nc',
      type: 'BA',
      emphasis: 'NONE',
      secure: false,
      buttons: [],
    });
    const all = toForm({ ...v, type: 'MI', emphasis: 'TEXT', subtitle: 's' }, { image: true });
    expect(all).toMatchObject({ title: 't', subtitle: 's', extra: 'e', advert: 'x' });
  });

  it('leaves the picture out of a check', () => {
    const v = { ...emptyForm, emphasis: 'IMAGE' as const, image: 'data:image/png;base64,AAAA' };
    expect(toForm(v, { image: false }).image).toBeUndefined();
    expect(toForm(v, { image: true }).image).toBe('AAAA');
  });

  it('sends the links that the button has, trimmed', () => {
    const b = { ...newButton('WL'), name: '보기', mobile: ' https://a.kr ', ios: 'a://' };
    expect(toForm({ ...emptyForm, buttons: [b] }, { image: true }).buttons).toEqual([
      { name: '보기', type: 'WL', mobile: 'https://a.kr' },
    ]);
    expect(linksOf('DS')).toEqual([]);
  });

  it('comes back from the gateway as it went', () => {
    const x = {
      name: 'n',
      content: 'a\r\nb',
      type: 'EX',
      emphasis: 'TEXT',
      title: 't',
      subtitle: null,
      extra: 'e',
      secure: true,
      buttons: [],
    } as unknown as Template;
    const v = formOf(x);
    expect(v.content).toBe('a\nb');
    expect(toForm(v, { image: true }).content).toBe('a\r\nb');
  });
});

describe('buttons', () => {
  it('get the name that their type prescribes and lose it again', () => {
    const added = retyped({ ...newButton('WL'), name: '내 이름' }, 'AC');
    expect(added.name).toBe('채널 추가');
    expect(retyped(added, 'WL').name).toBe('');
    expect(retyped({ ...newButton('WL'), name: '조회' }, 'BK').name).toBe('조회');
  });

  it('move within the list', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b']);
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
  });
});

describe('a picture', () => {
  const png = { type: 'image/png', size: 1000 };
  it('is twice as wide as high, small and of a kind that Kakao takes', () => {
    expect(imageFault(png, { width: 800, height: 400 })).toBeNull();
    expect(imageFault(png, { width: 800, height: 410 })).toBe('imageShape');
    expect(imageFault(png, { width: 400, height: 200 })).toBe('imageSmall');
    expect(imageFault({ ...png, size: 512001 }, { width: 800, height: 400 })).toBe('imageSize');
    expect(imageFault({ ...png, type: 'image/gif' }, { width: 800, height: 400 })).toBe('imageKind');
  });
});
