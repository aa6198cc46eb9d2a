/*
 * refresh.ts - what the page must read again after contacts or groups have changed. One contact is
 * put in its place in the lists that are there, so that nobody loses the place in a long one.
 */
import type { InfiniteData } from '@tanstack/react-query';
import type { Schemas } from '../../api/client';
import { contactQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';

type Contact = Schemas['Contact'];
type Lists = InfiniteData<Schemas['ContactList']>;

const LISTS = ['contacts', 'list'];
const KEPT = 10; // pages of a list that are read again at once

function inLists(change: (items: Contact[]) => Contact[]): void {
  queryClient.setQueriesData<Lists>(
    { queryKey: LISTS },
    (d) => d && { ...d, pages: d.pages.map((p) => ({ ...p, items: change(p.items) })) },
  );
  void queryClient.invalidateQueries({ queryKey: LISTS, refetchType: 'none' });
}

function numbersChanged(): void {
  for (const queryKey of [['contacts', 'count'], ['contacts', 'sample'], ['groups'], ['statistics']])
    void queryClient.invalidateQueries({ queryKey });
}

export function contactChanged(c: Contact): void {
  queryClient.setQueryData(contactQuery(c.id).queryKey, c);
  inLists((items) => items.map((i) => (i.id === c.id ? c : i)));
  numbersChanged();
}

export function contactGone(id: number): void {
  inLists((items) => items.filter((i) => i.id !== id));
  queryClient.removeQueries({ queryKey: contactQuery(id).queryKey });
  numbersChanged();
}

/* Many have changed: lists are read again, of very long ones the beginning. */
export function contactsChanged(): void {
  queryClient.setQueriesData<Lists>({ queryKey: LISTS }, (d) =>
    d && d.pages.length > KEPT
      ? { pages: d.pages.slice(0, KEPT), pageParams: d.pageParams.slice(0, KEPT) }
      : d,
  );
  for (const key of ['contacts', 'groups', 'statistics'])
    void queryClient.invalidateQueries({ queryKey: [key] });
}
