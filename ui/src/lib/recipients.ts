/* recipients.ts - whom a send goes to, in words. */
import type { TFunction } from 'i18next';
import type { Schemas } from '../api/client';
import { formatCount } from './format';

type Recipients = Schemas['Recipients'];

/* "단골, 11월 주문 외 2개" */
export function namesOf(groups: { name: string }[], t: TFunction, most = 2): string {
  const names = groups.slice(0, most).map((g) => g.name);
  if (names.length === 0) return t('recipients.gone');
  return groups.length > most
    ? t('recipients.andMore', { names: names.join(', '), n: formatCount(groups.length - most) })
    : names.join(', ');
}

/* All of the choice, a line each part. */
export function recipientLines(r: Recipients, t: TFunction): string[] {
  return [
    namesOf(r.groups, t, 10),
    ...(r.except_groups.length > 0
      ? [t('recipients.lineExcept', { names: namesOf(r.except_groups, t, 10) })]
      : []),
    ...(r.except_days !== null ? [t('recipients.lineDays', { n: formatCount(r.except_days) })] : []),
  ];
}

/* Members that stand in more than one of the chosen groups, and get one message all the same. */
export function twice(members: number[], selected: number): number {
  return Math.max(0, members.reduce((a, b) => a + b, 0) - selected);
}
