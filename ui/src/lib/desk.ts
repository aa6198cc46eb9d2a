/*
 * desk.ts - what the screens of contacts, groups and suppressed numbers agree on: their addresses,
 * their orders, which changes to many contacts there are, and what a request for one looks like.
 */
import type { Schemas } from '../api/client';
import type { GroupSort } from '../api/queries';

export type ContactSort = Schemas['ContactSort'];
export type SuppressionReason = Schemas['Suppression']['reason'];

export const contactSorts: ContactSort[] = ['newest', 'oldest', 'name', 'name_desc', 'phone', 'phone_desc'];
export const groupSorts: GroupSort[] = ['created', 'name', 'members', 'newest'];
export const suppressionReasons: SuppressionReason[] = ['manual', 'file', 'blocked'];

export interface ContactsSearch {
  q?: string;
  group?: number;
  sort?: ContactSort;
  /* Number of the row at the upper edge, from 1; left out for the first. */
  at?: number;
  contact?: number | 'new';
  tab?: 'history';
}

/* ---- orders ---- */

export type Direction = 'ascending' | 'descending' | 'none';

const columns = {
  name: ['name', 'name_desc'],
  phone: ['phone', 'phone_desc'],
  created: ['oldest', 'newest'],
} as const satisfies Record<string, [ContactSort, ContactSort]>;
export type SortColumn = keyof typeof columns;

/* How a column stands in an order. */
export function directionOf(column: SortColumn, sort: ContactSort): Direction {
  const i = (columns[column] as readonly ContactSort[]).indexOf(sort);
  return i < 0 ? 'none' : i === 0 ? 'ascending' : 'descending';
}

/* The order after a click on the column's header: the other way round, or what people want first. */
export function sortedBy(column: SortColumn, sort: ContactSort): ContactSort {
  const [up, down] = columns[column];
  if (sort === up) return down;
  if (sort === down) return up;
  return column === 'created' ? down : up;
}

/* ---- changes to many ---- */

export type Action = 'add' | 'copy' | 'move' | 'remove' | 'delete';
export type Selection = Schemas['ContactSelection'];

interface GroupLike {
  id: number;
  is_default: boolean;
}

/* What can be done with contacts while one looks at a group, or at all. Nobody can be taken out of
 * 미지정 but by joining another group. */
export function actionsFor(group: GroupLike | undefined): Action[] {
  if (!group) return ['add', 'delete'];
  if (group.is_default) return ['move', 'delete'];
  return ['copy', 'move', 'remove', 'delete'];
}

/* More than this are deleted only by who types how many. */
export const MANY = 100;

/* The request for a change. */
export function actionBody(
  action: Action,
  selection: Selection,
  expected_count: number,
  from: number | undefined,
  to: number | undefined,
): Schemas['ContactAction'] {
  return {
    action: action === 'copy' ? 'add' : action,
    selection,
    expected_count,
    ...(action === 'add' || action === 'copy' || action === 'move' ? { group_id: to } : {}),
    ...(action === 'move' || action === 'remove' ? { from_group_id: from } : {}),
  };
}

/* "1,234" or " 1234 " → 1234; null when it is no number. */
export function typedNumber(text: string): number | null {
  const digits = text.replace(/[\s,]/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : null;
}
