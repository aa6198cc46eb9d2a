/*
 * guess.ts - where the value of a template's variable probably comes from, judged by its name.
 *
 * An exact attribute name wins, then names that mean the contact's own fields, then attribute names
 * that are equal after blanks, marks and common endings are taken away. Anything else stays open:
 * a wrong guess in a message is worse than a question.
 */
import type { Schemas } from '../api/client';

export type Source = Schemas['VariableSource'];

const personNames = new Set([
  '이름',
  '고객명',
  '고객',
  '고객이름',
  '성함',
  '성명',
  '회원명',
  '회원',
  '수신자',
  '받는분',
  '받는사람',
  '주문자',
  '주문자명',
  'name',
  'customer',
  'customername',
  'username',
]);
const phoneNames = new Set([
  '전화',
  '전화번호',
  '휴대폰',
  '휴대폰번호',
  '휴대전화',
  '핸드폰',
  '연락처',
  'phone',
  'mobile',
  'tel',
]);
const emailNames = new Set(['이메일', '메일', '이메일주소', 'email', 'mail']);

function bare(name: string): string {
  return name.toLowerCase().replace(/[\s_\-./()[\]]/g, '');
}

/* Also without an ending that changes little: 주문번호/주문no, 택배사/택배사명 */
function stem(name: string): string {
  return bare(name).replace(/(번호|no|num|number|명|이름|일시|시간|날짜|일자|금액|가격)$/u, '');
}

export function guessSource(variable: string, attributes: string[]): Source | null {
  if (attributes.includes(variable)) return { source: 'attribute', key: variable };
  const b = bare(variable);
  const same = attributes.find((a) => bare(a) === b);
  if (same) return { source: 'attribute', key: same };
  if (personNames.has(b)) return { source: 'name' };
  if (phoneNames.has(b)) return { source: 'phone' };
  if (emailNames.has(b)) return { source: 'email' };
  const s = stem(variable);
  if (s.length < 2) return null;
  const alike = attributes.filter((a) => stem(a) === s);
  return alike.length === 1 ? { source: 'attribute', key: alike[0] } : null;
}

/* Guesses for every variable that has no source yet. */
export function guessAll(
  variables: string[],
  attributes: string[],
  kept: Record<string, Source> = {},
): Record<string, Source> {
  const values: Record<string, Source> = {};
  for (const v of variables) {
    const source = kept[v] ?? guessSource(v, attributes);
    if (source) values[v] = source;
  }
  return values;
}
