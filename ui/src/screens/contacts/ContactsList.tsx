/* ContactsList.tsx - the customers as a grid, or as cards on a phone; ticks, and what is done with those ticked. */
import { Group, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type Dispatch, type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { type ContactMatch, contactCountQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { DownloadMenu } from '../../components/DownloadMenu';
import { LongList } from '../../components/LongList';
import { type LongHandle, LongTable, type Place } from '../../components/LongTable';
import { RowsSkeleton } from '../../components/RowsSkeleton';
import { useEndless } from '../../components/useEndless';
import { type Action, type ContactSort, actionsFor } from '../../lib/desk';
import { downloadHref } from '../../lib/download';
import { formatCount } from '../../lib/format';
import {
  MOST_PEOPLE,
  type Picked,
  type Tick,
  countOf,
  isPicked,
  selectionOf,
  someNames,
} from '../../lib/picked';
import { tellDone, tellProblem } from '../../lib/tell';
import { useLang } from '../../lib/useLang';
import { type Asked, ActionWindow } from './ActionWindow';
import { CARD_HEIGHT, Card, Keys, PageBox, Ticked, useColumns } from './ContactsParts';

type Contact = Schemas['Contact'];
const ROW_HEIGHT = 48;
const HEIGHT = 'max(360px, calc(100dvh - 350px))';

interface Props {
  list: UseInfiniteQueryResult<InfiniteData<Schemas['ContactList']>>;
  match: ContactMatch;
  sort: ContactSort;
  /* Changes when the list becomes another one. */
  filter: string;
  start: number;
  count: number | undefined;
  group: Schemas['Group'] | undefined;
  picked: Picked;
  tick: Dispatch<Tick>;
  canWrite: boolean;
  wide: boolean;
  onRest: (first: number) => void;
  onSort: (sort: ContactSort) => void;
  onOpen: (id: number) => void;
}

export function ContactsList(props: Props) {
  const { t } = useTranslation();
  const { list, match, filter, start, count, group, picked, tick, canWrite, onOpen } = props;
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const rows = useEndless<Contact>(list, start);
  const table = useRef<LongHandle>(null);
  const lang = useLang();
  const [asked, setAsked] = useState<Asked | null>(null);

  const tickOne = (c: Contact, index: number, stretch: boolean) => {
    const from = picked.anchor;
    if (!stretch || from === null || from === index) {
      if (picked.people.size >= MOST_PEOPLE && !picked.people.has(c.id)) return tellMost();
      return tick({ type: 'one', person: c, index });
    }
    const [low, high] = from < index ? [from, index] : [index, from];
    some(rows.items.slice(low, high + 1), !isPicked(picked, c.id), index);
  };
  const some = (people: Contact[], on: boolean, index?: number) => {
    if (on && people.length + picked.people.size > MOST_PEOPLE) tellMost();
    tick({ type: 'some', people, on, index });
  };
  const tellMost = () => tellDone(t('many.most', { n: formatCount(MOST_PEOPLE) }));

  const question = async (action: Action) => {
    try {
      // All that match may be others by now than when the list was read.
      const n = picked.whole
        ? await queryClient.fetchQuery({ ...contactCountQuery(match), staleTime: 0 })
        : picked.people.size;
      const selection = selectionOf(picked, match.q, match.group_id);
      setAsked({ action, selection, count: n, names: someNames(picked), from: group });
    } catch (error) {
      tellProblem(error);
    }
  };
  const onDone = (action: Action) => {
    // Those who were put into one more group may be put into another, too.
    if (action !== 'add' && action !== 'copy') tick({ type: 'none' });
  };
  const columns = useColumns({ ...props, rows: rows.items, tickOne, some });
  const onKey = (e: KeyboardEvent, place: Place, c: Contact | undefined) => {
    if (!c || (e.target as HTMLElement).matches('button, input')) return;
    if (e.key === 'Enter') onOpen(c.id);
    else if (e.key === ' ' && canWrite) tickOne(c, place.index, e.shiftKey);
    else if (e.key === 'a' && (e.ctrlKey || e.metaKey) && canWrite) some(rows.items, true);
    else if (e.key === 'Escape' && canWrite) tick({ type: 'none' });
    else return;
    e.preventDefault();
  };

  const n = countOf(picked, count);
  const common = {
    label: t('nav.contacts'),
    total: rows.total,
    rowAt: rows.rowAt,
    onShow: rows.onShow,
    start,
    onRest: props.onRest,
    handle: table,
    height: HEIGHT,
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs" mih={36}>
        {picked.whole || picked.people.size > 0 ? (
          <Ticked
            n={n}
            count={count}
            picked={picked}
            actions={actionsFor(group)}
            menu={!!narrow}
            onAction={(a) => void question(a)}
            tick={tick}
          />
        ) : (
          <Text size="sm" c="dimmed" role="status" className="tabular" data-testid="count">
            {count === undefined ? t('contact.counting') : t('contact.counted', { n: formatCount(count) })}
          </Text>
        )}
        <Group gap="xs">
          {canWrite && !narrow && <Keys />}
          {!(narrow && n !== 0) && (
            <DownloadMenu
              size="xs"
              href={(format) =>
                downloadHref('/contacts/export', { format, lang: lang, q: match.q, group_id: match.group_id })
              }
            />
          )}
        </Group>
      </Group>
      {!rows.ready ? (
        <RowsSkeleton />
      ) : narrow ? (
        <>
          {canWrite && <PageBox picked={picked} rows={rows.items} some={some} tick={tick} label />}
          <LongList<Contact>
            key={filter}
            {...common}
            cardHeight={CARD_HEIGHT}
            card={(c, index) => (
              <Card
                contact={c}
                picked={canWrite ? isPicked(picked, c.id) : undefined}
                disabled={picked.whole}
                onTick={() => tickOne(c, index, false)}
                onOpen={() => onOpen(c.id)}
              />
            )}
          />
        </>
      ) : (
        <LongTable<Contact>
          key={filter}
          {...common}
          columns={columns}
          count={rows.complete ? rows.items.length : (count ?? null)}
          rowHeight={ROW_HEIGHT}
          onKey={onKey}
          isSelected={canWrite ? (c) => isPicked(picked, c.id) : undefined}
        />
      )}
      <ActionWindow asked={asked} onClose={() => setAsked(null)} onDone={onDone} />
    </Stack>
  );
}
