/*
 * Contacts.tsx - the customers: what is searched, in which order, of which group; and who is open.
 * All of it stands in the address, with the place in the list.
 */
import { Button, Group, Paper, Select } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAddressBook, IconSearch, IconUserPlus, IconUsersGroup } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect, useReducer, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { contactCountQuery, contactsQuery, groupQuery, summaryQuery } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { GroupSelect } from '../../components/GroupSelect';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { SearchInput } from '../../components/SearchInput';
import { ButtonLink } from '../../components/links';
import { type ContactsSearch, type ContactSort, contactSorts } from '../../lib/desk';
import { formatCount } from '../../lib/format';
import { nobody, ticked } from '../../lib/picked';
import { useCan } from '../../lib/useCan';
import { GroupStrip } from '../groups/GroupStrip';
import { ContactWindow } from './ContactWindow';
import { ContactsList } from './ContactsList';

export type Contact = Schemas['Contact'];
const route = getRouteApi('/inside/contacts');

export function Contacts() {
  const { t } = useTranslation();
  const { q, group, sort = 'newest', at, contact, tab } = route.useSearch();
  const navigate = route.useNavigate();
  const canWrite = useCan('sender');
  const wide = useMediaQuery('(min-width: 75em)', undefined, { getInitialValueInEffect: false });
  const summary = useQuery(summaryQuery);
  const match = { q, group_id: group };
  const list = useInfiniteQuery({ ...contactsQuery(match, sort), placeholderData: keepPreviousData });
  const count = useQuery(contactCountQuery(match));
  const chosenGroup = useQuery({ ...groupQuery(group ?? 0), enabled: group !== undefined });
  const [picked, tick] = useReducer(ticked, nobody);

  // Ticks belong to the group one looks at; a search or an order only moves people about.
  const filter = `${group ?? ''} ${sort} ${q ?? ''}`;
  const [was, setWas] = useState({ filter, group, start: (at ?? 1) - 1 });
  if (was.filter !== filter) {
    setWas({ filter, group, start: (at ?? 1) - 1 });
    tick({ type: was.group === group ? 'relisted' : 'none' });
  }

  const go = useCallback(
    (change: Partial<ContactsSearch>, replace = true) =>
      void navigate({ search: (s) => ({ ...s, ...change }), replace, resetScroll: false }),
    [navigate],
  );
  const refilter = (change: Partial<ContactsSearch>, replace?: boolean) =>
    go({ ...change, at: undefined }, replace);
  const open = useCallback((id: number | 'new') => go({ contact: id, tab: undefined }, false), [go]);
  const close = () => go({ contact: undefined, tab: undefined });
  const onRest = useCallback((first: number) => go({ at: first > 0 ? first + 1 : undefined }), [go]);
  const onSort = useCallback(
    (s: ContactSort) => go({ sort: s === 'newest' ? undefined : s, at: undefined }),
    [go],
  );

  const filtered = !!q || group !== undefined;
  const none = list.data !== undefined && !list.isPlaceholderData && list.data.pages[0]?.items.length === 0;
  useEffect(() => {
    if (none && at !== undefined) go({ at: undefined });
  }, [none, at, go]);
  return (
    <>
      <PageHeader
        title={t('nav.contacts')}
        lead={summary.data && t('contact.lead', { n: formatCount(summary.data.contacts) })}
      >
        {canWrite && (
          <>
            <ButtonLink to="/imports" variant="default">
              {t('contact.import')}
            </ButtonLink>
            <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => open('new')}>
              {t('contact.add')}
            </Button>
          </>
        )}
      </PageHeader>
      {group !== undefined && (
        <GroupStrip
          id={group}
          group={chosenGroup.data}
          error={chosenGroup.error}
          onAll={() => refilter({ group: undefined })}
        />
      )}
      <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
        <Group mb="xs" gap="sm" align="flex-start">
          <SearchInput
            label={t('contact.search')}
            placeholder={t('contact.searchExample')}
            value={q ?? ''}
            onSearch={(words) => refilter({ q: words || undefined })}
            busy={list.isFetching && !list.isFetchingNextPage}
            style={{ flex: '2 1 220px' }}
          />
          <GroupSelect
            label={t('contact.group')}
            placeholder={t('contact.allGroups')}
            value={group}
            onChange={(id) => refilter({ group: id }, false)}
            clearable
            style={{ flex: '1 1 170px' }}
          />
          {!wide && (
            <Select
              label={t('contact.sort')}
              data={contactSorts.map((s) => ({ value: s, label: t(`contact.sorts.${s}`) }))}
              value={sort}
              onChange={(s) => s && onSort(s as ContactSort)}
              allowDeselect={false}
              style={{ flex: '1 1 140px' }}
            />
          )}
        </Group>
        <ProblemAlert error={list.error} retry={() => void list.refetch()} />
        {none && !filtered && (
          <Empty
            icon={<IconAddressBook aria-hidden />}
            title={t('contact.emptyTitle')}
            text={t('contact.emptyText')}
          >
            <ButtonLink to="/imports">{t('contact.import')}</ButtonLink>
            <Button variant="default" onClick={() => open('new')}>
              {t('contact.add')}
            </Button>
          </Empty>
        )}
        {none && filtered && !q && (
          <Empty
            icon={<IconUsersGroup aria-hidden />}
            title={t('group.nobodyTitle')}
            text={t(chosenGroup.data?.is_default ? 'group.nobodyDefault' : 'group.nobodyText')}
          >
            <Button variant="default" onClick={() => refilter({ group: undefined })}>
              {t('contact.showAll')}
            </Button>
          </Empty>
        )}
        {none && q && (
          <Empty
            icon={<IconSearch aria-hidden />}
            title={t('contact.noneTitle')}
            text={t(group === undefined ? 'contact.noneText' : 'contact.noneInGroup', {
              q,
              group: chosenGroup.data?.name ?? '',
            })}
          >
            {group !== undefined && (
              <Button variant="default" onClick={() => refilter({ group: undefined })}>
                {t('contact.searchEverywhere')}
              </Button>
            )}
            <Button variant="default" onClick={() => refilter({ q: undefined, group: undefined })}>
              {t('contact.showAll')}
            </Button>
          </Empty>
        )}
        {!none && (
          <ContactsList
            list={list}
            match={match}
            sort={sort}
            filter={filter}
            start={was.start}
            count={count.data}
            group={chosenGroup.data}
            picked={picked}
            tick={tick}
            canWrite={canWrite}
            wide={wide ?? true}
            onRest={onRest}
            onSort={onSort}
            onOpen={open}
          />
        )}
      </Paper>
      <ContactWindow
        contact={contact}
        tab={tab}
        group={chosenGroup.data?.is_default ? undefined : group}
        canWrite={canWrite}
        onTab={(to) => go({ tab: to })}
        onClose={close}
        onOpen={open}
        onGone={(id) => {
          tick({ type: 'gone', ids: [id] });
          close();
        }}
      />
    </>
  );
}
