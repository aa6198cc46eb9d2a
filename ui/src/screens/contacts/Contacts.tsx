/* Contacts.tsx - the customers: search, group, the list, and the window to add or change one. */
import { Button, CloseButton, Group, Loader, Paper, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks';
import { IconAddressBook, IconSearch, IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../components/links';
import type { Schemas } from '../../api/client';
import { contactsQuery, groupsQuery, summaryQuery } from '../../api/queries';
import { DownloadMenu } from '../../components/DownloadMenu';
import { Empty } from '../../components/Empty';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { RowButton } from '../../components/RowButton';
import { VirtualTable } from '../../components/VirtualTable';
import { downloadHref } from '../../lib/download';
import { formatCount, formatPhone } from '../../lib/format';
import { useCan } from '../../lib/useCan';
import { useLang } from '../../lib/useLang';
import { ContactModal } from './ContactModal';

type Contact = Schemas['Contact'];
const route = getRouteApi('/inside/contacts');

export function Contacts() {
  const { t } = useTranslation();
  const { q, group } = route.useSearch();
  const navigate = route.useNavigate();
  const canWrite = useCan('sender');
  const lang = useLang();
  const groups = useQuery(groupsQuery);
  const summary = useQuery(summaryQuery);
  const list = useInfiniteQuery({ ...contactsQuery(q, group), placeholderData: keepPreviousData });
  const [typed, setTyped] = useState(q ?? '');
  const search = useDebouncedCallback(
    (value: string) =>
      void navigate({ search: (s) => ({ ...s, q: value.trim() || undefined }), replace: true }),
    250,
  );
  const [chosen, setChosen] = useState<Contact | null>(null);
  const [opened, modal] = useDisclosure();
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const openContact = (c: Contact | null) => {
    setChosen(c);
    modal.open();
  };

  const columns = useMemo<ColumnDef<Contact>[]>(
    () => [
      {
        header: t('contact.name'),
        cell: ({ row: { original: c } }) => (
          <RowButton
            onClick={() => {
              setChosen(c);
              modal.open();
            }}
          >
            {c.name || t('contact.noName')}
          </RowButton>
        ),
      },
      {
        header: t('contact.phone'),
        meta: { width: 150 },
        cell: ({ row }) => <span className="tabular">{formatPhone(row.original.phone)}</span>,
      },
      {
        header: t('contact.groups'),
        meta: { deskOnly: true },
        cell: ({ row }) => (
          <Text size="sm" truncate>
            {row.original.groups.map((g) => g.name).join(', ')}
          </Text>
        ),
      },
      {
        header: t('contact.attributes'),
        meta: { deskOnly: true, width: '36%' },
        cell: ({ row }) => (
          <Text size="sm" c="dimmed" truncate>
            {Object.entries(row.original.attributes)
              .map(([k, v]) => `${k} ${v}`)
              .join(' · ')}
          </Text>
        ),
      },
    ],
    [t, modal],
  );

  const filtered = !!q || group !== undefined;
  const total = filtered ? undefined : summary.data?.contacts;
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
            <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => openContact(null)}>
              {t('contact.add')}
            </Button>
          </>
        )}
      </PageHeader>
      <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
        <Group mb="md" gap="sm" align="flex-end">
          <TextInput
            label={t('contact.search')}
            placeholder={t('contact.searchExample')}
            leftSection={
              list.isFetching && !list.isFetchingNextPage ? (
                <Loader size={16} />
              ) : (
                <IconSearch size={16} aria-hidden />
              )
            }
            rightSection={
              typed && (
                <CloseButton
                  size="sm"
                  aria-label={t('action.clear')}
                  onClick={() => {
                    setTyped('');
                    search('');
                  }}
                />
              )
            }
            value={typed}
            onChange={(e) => {
              setTyped(e.currentTarget.value);
              search(e.currentTarget.value);
            }}
            style={{ flex: '1 1 220px' }}
          />
          <Select
            label={t('contact.group')}
            data={(groups.data ?? []).map((g) => ({
              value: String(g.id),
              label: `${g.name} (${formatCount(g.member_count)})`,
            }))}
            value={group === undefined ? null : String(group)}
            onChange={(v) => void navigate({ search: (s) => ({ ...s, group: v ? Number(v) : undefined }) })}
            placeholder={t('contact.allGroups')}
            clearable
            clearButtonProps={{ 'aria-label': t('action.clear') }}
            searchable
            style={{ flex: '1 1 200px' }}
          />
          {items.length > 0 && (
            <DownloadMenu
              href={(format) => downloadHref('/contacts/export', { format, lang, q, group_id: group })}
            />
          )}
        </Group>
        <ProblemAlert error={list.error} retry={() => void list.refetch()} />
        {list.data && items.length === 0 && !filtered && (
          <Empty
            icon={<IconAddressBook aria-hidden />}
            title={t('contact.emptyTitle')}
            text={t('contact.emptyText')}
          >
            <ButtonLink to="/imports">{t('contact.import')}</ButtonLink>
            <Button variant="default" onClick={() => openContact(null)}>
              {t('contact.add')}
            </Button>
          </Empty>
        )}
        {list.data && items.length === 0 && filtered && (
          <Empty
            icon={<IconSearch aria-hidden />}
            title={t('contact.noneTitle')}
            text={t('contact.noneText')}
          >
            <Button
              variant="default"
              onClick={() => {
                setTyped('');
                void navigate({ search: { q: undefined, group: undefined } });
              }}
            >
              {t('contact.showAll')}
            </Button>
          </Empty>
        )}
        {items.length > 0 && (
          <VirtualTable
            label={t('nav.contacts')}
            columns={columns}
            items={items}
            rowKey={(c) => String(c.id)}
            total={total}
            more={list.hasNextPage}
            loadingMore={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
            onRow={openContact}
          />
        )}
      </Paper>
      <ContactModal
        opened={opened}
        onClose={modal.close}
        contact={chosen}
        groups={groups.data ?? []}
        canWrite={canWrite}
      />
    </>
  );
}
