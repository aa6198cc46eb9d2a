/* Messages.tsx - everybody of a send: search and filters stand in the address, the rows in a virtual table. */
import { Button, Chip, CloseButton, Group, Paper, Select, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { messagesQuery } from '../../api/queries';
import { DownloadMenu } from '../../components/DownloadMenu';
import { ProblemAlert } from '../../components/ProblemAlert';
import { RowButton } from '../../components/RowButton';
import { MessageStateBadge } from '../../components/StateBadge';
import { VirtualTable } from '../../components/VirtualTable';
import { downloadHref } from '../../lib/download';
import { formatCount, formatPhone, formatSeconds } from '../../lib/format';
import { type MessageState, barStates } from '../../lib/states';
import { useLang } from '../../lib/useLang';

type Message = Schemas['Message'];
const route = getRouteApi('/inside/campaigns/$id');

export function Messages({ campaign: c }: { campaign: Schemas['Campaign'] }) {
  const { t } = useTranslation();
  const { state, clicked, q } = route.useSearch();
  const navigate = route.useNavigate();
  const lang = useLang();
  const list = useInfiniteQuery({
    ...messagesQuery(c.id, { state, clicked, q }),
    placeholderData: keepPreviousData,
  });
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const [typed, setTyped] = useState(q ?? '');
  const search = useDebouncedCallback(
    (value: string) =>
      void navigate({
        search: (s) => ({ ...s, q: value.trim() || undefined }),
        replace: true,
        resetScroll: false,
      }),
    250,
  );
  const open = useCallback(
    (m: Message) => void navigate({ search: (s) => ({ ...s, message: m.ordinal }), resetScroll: false }),
    [navigate],
  );
  const columns = useColumns(open, c.links.length > 0);
  const filtered = !!q || !!state || !!clicked;
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'md' }} component="section" aria-labelledby="recipients">
      <Title order={2} size="h4" mb="sm" id="recipients">
        {t('campaign.recipients')}
      </Title>
      <Group mb="md" gap="sm" align="flex-end">
        <TextInput
          label={t('campaign.search')}
          placeholder={t('contact.searchExample')}
          leftSection={<IconSearch size={16} aria-hidden />}
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
          style={{ flex: '1 1 200px' }}
        />
        <Select
          label={t('campaign.state')}
          data={[
            { value: '', label: t('campaign.allStates') },
            ...barStates
              .filter((s) => c.counts[s] > 0 || s === state)
              .map((s) => ({ value: s, label: `${t(`messageState.${s}`)} (${formatCount(c.counts[s])})` })),
          ]}
          value={state ?? ''}
          onChange={(v) =>
            void navigate({
              search: (s) => ({ ...s, state: (v || undefined) as MessageState | undefined }),
              replace: true,
              resetScroll: false,
            })
          }
          allowDeselect={false}
          style={{ flex: '1 1 160px' }}
        />
        {c.links.length > 0 && (
          <Chip
            variant="outline"
            checked={!!clicked}
            onChange={(on) =>
              void navigate({
                search: (s) => ({ ...s, clicked: on || undefined }),
                replace: true,
                resetScroll: false,
              })
            }
            mb={4}
          >
            {t('campaign.onlyClicked', { n: formatCount(c.counts.clicked) })}
          </Chip>
        )}
        {items.length > 0 && (
          <DownloadMenu
            href={(format) =>
              downloadHref('/campaigns/{id}/messages/export', { format, lang, state, clicked, q }, c.id)
            }
          />
        )}
      </Group>
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {list.data && items.length === 0 ? (
        <Group justify="center" p="lg">
          <Text c="dimmed">{t('campaign.noRecipients')}</Text>
          {filtered && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setTyped('');
                void navigate({ search: {}, resetScroll: false });
              }}
            >
              {t('contact.showAll')}
            </Button>
          )}
        </Group>
      ) : (
        <VirtualTable
          label={t('campaign.recipients')}
          columns={columns}
          items={items}
          rowKey={(m) => String(m.ordinal)}
          total={filtered ? undefined : c.counts.total}
          more={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
          onRow={open}
        />
      )}
    </Paper>
  );
}

function useColumns(open: (m: Message) => void, tracked: boolean): ColumnDef<Message>[] {
  const { t } = useTranslation();
  return useMemo<ColumnDef<Message>[]>(
    () => [
      {
        header: t('contact.name'),
        cell: ({ row: { original: m } }) => (
          <>
            <RowButton onClick={() => open(m)}>{m.name || t('contact.noName')}</RowButton>
            <Text size="sm" c="dimmed" className="tabular">
              {formatPhone(m.phone)}
            </Text>
          </>
        ),
      },
      {
        header: t('campaign.state'),
        meta: { width: 124 },
        cell: ({ row }) => <MessageStateBadge state={row.original.state} />,
      },
      {
        header: t('campaign.reason'),
        meta: { deskOnly: true, width: '26%' },
        cell: ({ row }) => <Text size="sm">{row.original.reason_text}</Text>,
      },
      {
        header: t('campaign.sentAt'),
        meta: { deskOnly: true, width: 170 },
        cell: ({ row }) => (
          <Text size="sm" className="tabular">
            {formatSeconds(row.original.sent_at)}
          </Text>
        ),
      },
      {
        header: t('campaign.settledAt'),
        meta: { deskOnly: true, width: 170 },
        cell: ({ row }) => (
          <Text size="sm" className="tabular">
            {formatSeconds(row.original.settled_at)}
          </Text>
        ),
      },
      ...(tracked
        ? [
            {
              header: t('campaign.clicks'),
              meta: { width: 64, align: 'right' as const },
              cell: ({ row }) => <span className="tabular">{row.original.click_count || '–'}</span>,
            } satisfies ColumnDef<Message>,
          ]
        : []),
    ],
    [t, open, tracked],
  );
}
