/*
 * templateForm.ts - a template while it is being written: all fields of all kinds, so that trying
 * another kind loses nothing, and the form of the API with only those that the kind has.
 */
import type { Schemas } from '../api/client';
import type { Template } from './templates';

export type Kind = 'BA' | 'EX' | 'AD' | 'MI';
export type Emphasis = 'NONE' | 'TEXT' | 'IMAGE';
export type ButtonType = Schemas['ButtonType'];

export const buttonTypes: ButtonType[] = ['WL', 'AL', 'DS', 'BK', 'MD', 'AC'];
export const MOST_BUTTONS = 5;
/* Kakao wants exactly this name. */
export const ADD_CHANNEL = '채널 추가';

export interface FormButton {
  /* Tells buttons apart while they are moved; not sent. */
  key: number;
  name: string;
  type: ButtonType;
  mobile: string;
  pc: string;
  ios: string;
  android: string;
}

export interface FormValues {
  name: string;
  content: string;
  type: Kind;
  emphasis: Emphasis;
  title: string;
  subtitle: string;
  extra: string;
  advert: string;
  secure: boolean;
  buttons: FormButton[];
  /* A data: address of the new image. */
  image: string;
}

export const emptyForm: FormValues = {
  name: '',
  content: '',
  type: 'BA',
  emphasis: 'NONE',
  title: '',
  subtitle: '',
  extra: '',
  advert: '',
  secure: false,
  buttons: [],
  image: '',
};

const lines = (text: string) => text.replace(/\r\n?/g, '\n');
const wire = (text: string) => lines(text).replace(/\n/g, '\r\n');

let keys = 0;

export function newButton(type: ButtonType): FormButton {
  const name = type === 'AC' ? ADD_CHANNEL : type === 'DS' ? '배송 조회' : '';
  return { key: ++keys, name, type, mobile: '', pc: '', ios: '', android: '' };
}

export function formOf(x: Template): FormValues {
  return {
    ...emptyForm,
    name: x.name,
    content: lines(x.content),
    type: (['BA', 'EX', 'AD', 'MI'] as const).find((k) => k === x.type) ?? 'BA',
    emphasis: (['NONE', 'TEXT', 'IMAGE'] as const).find((k) => k === x.emphasis) ?? 'NONE',
    title: x.title ?? '',
    subtitle: x.subtitle ?? '',
    extra: lines(x.extra ?? ''),
    secure: x.secure,
    buttons: x.buttons.map((b) => ({
      key: ++keys,
      name: b.name,
      type: b.type,
      mobile: b.mobile ?? '',
      pc: b.pc ?? '',
      ios: b.ios ?? '',
      android: b.android ?? '',
    })),
  };
}

export const hasExtra = (type: Kind) => type === 'EX' || type === 'MI';
export const hasAdvert = (type: Kind) => type === 'AD' || type === 'MI';

/* Which links a button of that type has. */
export function linksOf(type: ButtonType): ('mobile' | 'pc' | 'ios' | 'android')[] {
  if (type === 'WL') return ['mobile', 'pc'];
  if (type === 'AL') return ['android', 'ios', 'mobile'];
  return [];
}

function toButton(b: FormButton): Schemas['NewTemplateButton'] {
  const links = linksOf(b.type).flatMap((l) => (b[l].trim() ? [[l, b[l].trim()] as const] : []));
  return { name: b.name.trim(), type: b.type, ...Object.fromEntries(links) };
}

/* The body of the API. `image`: whether the picture goes along; a check does without its weight. */
export function toForm(v: FormValues, { image }: { image: boolean }): Schemas['TemplateForm'] {
  return {
    name: v.name.trim(),
    content: wire(v.content),
    type: v.type,
    emphasis: v.emphasis,
    ...(v.emphasis === 'TEXT' ? { title: v.title.trim(), subtitle: v.subtitle.trim() } : {}),
    ...(hasExtra(v.type) ? { extra: wire(v.extra) } : {}),
    ...(hasAdvert(v.type) && v.advert.trim() ? { advert: v.advert.trim() } : {}),
    secure: v.secure,
    buttons: v.buttons.map(toButton),
    ...(image && v.emphasis === 'IMAGE' && v.image ? { image: v.image.replace(/^data:[^,]*,/, '') } : {}),
  };
}

/* The form with the button of another type; what the type prescribes is filled in. */
export function retyped(b: FormButton, type: ButtonType): FormButton {
  const fixed = (t: ButtonType) => newButton(t).name;
  const name = b.name === '' || b.name === fixed(b.type) || type === 'AC' ? fixed(type) : b.name;
  return { ...b, type, name };
}

/* The list with the item moved one place; unchanged at its ends. */
export function moved<T>(list: T[], from: number, by: -1 | 1): T[] {
  const to = from + by;
  if (to < 0 || to >= list.length) return list;
  const next = [...list];
  [next[from], next[to]] = [next[to]!, next[from]!];
  return next;
}

export const IMAGE_MOST = 500 * 1024;
export const IMAGE_LEAST_WIDTH = 500;

export type ImageFault = 'imageKind' | 'imageSize' | 'imageShape' | 'imageSmall';

/* What Kakao would not take of a picture. */
export function imageFault(
  file: { type: string; size: number },
  size: { width: number; height: number },
): ImageFault | null {
  if (file.type !== 'image/jpeg' && file.type !== 'image/png') return 'imageKind';
  if (file.size > IMAGE_MOST) return 'imageSize';
  if (size.width < IMAGE_LEAST_WIDTH) return 'imageSmall';
  if (Math.abs(size.width / size.height - 2) > 0.02) return 'imageShape';
  return null;
}

export type Finding = Schemas['TemplateFinding'];

/* Id of a field's input, by the field's name in a finding. */
export const fieldId = (field: string) => `field-${field.replace(/\W/g, '-')}`;
