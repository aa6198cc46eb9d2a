/*
 * Suppressions.tsx - 수신거부: the numbers that nothing is sent to, why and since when; adding them by
 * hand or from a file, taking them off again. Search, reason and place stand in the address.
 */
import { Button, Group, Paper, Select, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconBellOff, IconInfoCircle, IconPlus, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type KeyboardEvent, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { suppressionsQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { Empty } from '../../components/Empty';
import { LongList } from '../../components/LongList';
import { type LongColumn, LongTable, type Place } from '../../components/LongTable';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { SearchInput } from '../../components/SearchInput';
import { AnchorLink } from '../../components/links';
import { RowsSkeleton } from '../../components/RowsSkeleton';
import { useEndless } from '../../components/useEndless';
import { ask } from '../../lib/ask';
import { type SuppressionReason, suppressionReasons } from '../../lib/desk';
import { formatCount, formatPhone, formatTime } from '../../lib/format';
import { tellDone, tellProblem } from '../../lib/tell';
import { useCan } from '../../lib/useCan';
import { AddNumbers } from './AddNumbers';
import { useReasonWords } from './useReasonWords';

type Suppression = Schemas['Suppression'];
const route = getRouteApi('/inside/suppressions');
const ROW_HEIGHT = 58;
const CARD_HEIGHT = 132;
const HEIGHT = 'max(360px, calc(100dvh - 320px))';

/* Contacts carry the mark, too. */
function suppressionsChanged(): void {
  for (const key of ['suppressions', 'contacts']) void queryClient.invalidateQueries({ queryKey: [key] });
}

function useRemoval(): (s: Suppression) => void {
  const { t } = useTranslation();
  const remove = useMutation({
    mutationFn: (id: number) => answer(api.DELETE('/suppressions/{id}', { params: { path: { id } } })),
    onSuccess: () => tellDone(t('suppression.released')),
    onError: tellProblem,
    onSettled: suppressionsChanged,
  });
  return (s) =>
    ask({
      title: t('suppression.removeTitle', { phone: formatPhone(s.phone) }),
      text: t(s.reason === 'blocked' ? 'suppression.releaseBlocked' : 'suppression.releaseText'),
      yes: t('suppression.release'),
      onYes: () => remove.mutate(s.id),
    });
}

export function Suppressions() {
  const { t } = useTranslation();
  const { q, reason, at } = route.useSearch();
  const navigate = route.useNavigate();
  const canWrite = useCan('sender');
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const list = useInfiniteQuery({ ...suppressionsQuery({ q, reason }), placeholderData: keepPreviousData });
  const [start] = useState((at ?? 1) - 1);
  const filter = `${reason ?? ''} ${q ?? ''}`;
  const [first] = useState(filter);
  const rows = useEndless<Suppression>(list, start);
  const [adding, add] = useDisclosure();
  const remove = useRemoval();
  const go = useCallback(
    (change: { q?: string; reason?: SuppressionReason; at?: number }) =>
      void navigate({ search: (s) => ({ ...s, ...change }), replace: true, resetScroll: false }),
    [navigate],
  );
  const onRest = useCallback((row: number) => go({ at: row > 0 ? row + 1 : undefined }), [go]);
  const columns = useColumns(canWrite, remove);
  const onKey = (e: KeyboardEvent, place: Place, s: Suppression | undefined) => {
    const cell = e.target as HTMLElement;
    if (!s || cell.matches('a, button')) return;
    const key = columns[place.column]?.key;
    if (e.key === 'Delete' && canWrite) remove(s);
    else if (e.key !== 'Enter') return;
    else if (key === 'remove') remove(s);
    else cell.querySelector<HTMLElement>('a')?.click();
    e.preventDefault();
  };
  const none = list.data !== undefined && !list.isPlaceholderData && rows.items.length === 0;
  const common = {
    label: t('nav.suppressions'),
    total: rows.total,
    rowAt: rows.rowAt,
    onShow: rows.onShow,
    start: filter === first ? start : 0,
    onRest,
    height: HEIGHT,
  };
  return (
    <>
      <PageHeader title={t('nav.suppressions')} lead={t('suppression.lead')}>
        {canWrite && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={add.open}>
            {t('suppression.add')}
          </Button>
        )}
      </PageHeader>
      <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
        <Group mb="sm" gap="sm" align="flex-start">
          <SearchInput
            label={t('contact.search')}
            placeholder={t('suppression.searchExample')}
            value={q ?? ''}
            onSearch={(words) => go({ q: words || undefined, at: undefined })}
            busy={list.isFetching && !list.isFetchingNextPage}
            style={{ flex: '2 1 200px' }}
          />
          <Select
            label={t('suppression.reason')}
            data={[
              { value: '', label: t('suppression.allReasons') },
              ...suppressionReasons.map((r) => ({ value: r, label: t(`suppression.reasons.${r}`) })),
            ]}
            value={reason ?? ''}
            onChange={(r) => go({ reason: (r || undefined) as SuppressionReason | undefined, at: undefined })}
            allowDeselect={false}
            style={{ flex: '1 1 140px' }}
          />
        </Group>
        <ProblemAlert error={list.error} retry={() => void list.refetch()} />
        {!list.data && !list.error && <RowsSkeleton />}
        {none && !q && !reason && (
          <Empty
            icon={<IconBellOff aria-hidden />}
            title={t('suppression.emptyTitle')}
            text={t('suppression.emptyText')}
          >
            {canWrite && <Button onClick={add.open}>{t('suppression.add')}</Button>}
          </Empty>
        )}
        {none && (q || reason) && (
          <Empty
            icon={<IconSearch aria-hidden />}
            title={t('suppression.noneTitle')}
            text={t('suppression.noneText')}
          >
            <Button variant="default" onClick={() => go({ q: undefined, reason: undefined })}>
              {t('contact.showAll')}
            </Button>
          </Empty>
        )}
        {rows.items.length > 0 && (
          <Stack gap="xs">
            <Text size="sm" c="dimmed" className="tabular" role="status">
              {rows.complete
                ? t('suppression.counted', { n: formatCount(rows.items.length) })
                : t('suppression.countedMore', { n: formatCount(rows.items.length) })}
            </Text>
            {!rows.ready ? (
              <RowsSkeleton />
            ) : narrow ? (
              <LongList<Suppression>
                key={filter}
                {...common}
                cardHeight={CARD_HEIGHT}
                card={(s) => <Card entry={s} canWrite={canWrite} onRemove={() => remove(s)} />}
              />
            ) : (
              <LongTable<Suppression>
                key={filter}
                {...common}
                columns={columns}
                count={rows.complete ? rows.items.length : null}
                rowHeight={ROW_HEIGHT}
                onKey={onKey}
              />
            )}
          </Stack>
        )}
      </Paper>
      <Group gap={8} mt="sm" wrap="nowrap" align="flex-start" c="dimmed">
        <IconInfoCircle size={18} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
        <Text size="sm">{t('suppression.how')}</Text>
      </Group>
      <AddNumbers opened={adding} onClose={add.close} onAdded={suppressionsChanged} />
    </>
  );
}

function useColumns(canWrite: boolean, onRemove: (s: Suppression) => void): LongColumn<Suppression>[] {
  const { t } = useTranslation();
  const phone: LongColumn<Suppression> = {
    key: 'phone',
    width: 200,
    grow: true,
    header: t('suppression.who'),
    cell: (s) => <Who entry={s} tabIndex={-1} />,
  };
  const reason: LongColumn<Suppression> = {
    key: 'reason',
    width: 240,
    grow: true,
    header: t('suppression.reason'),
    cell: (s) => <Why entry={s} tabIndex={-1} />,
  };
  const since: LongColumn<Suppression> = {
    key: 'since',
    width: 150,
    header: t('suppression.sinceHead'),
    cell: (s) => (
      <Text size="sm" c="dimmed" className="tabular">
        {formatTime(s.created_at)}
      </Text>
    ),
  };
  const remove: LongColumn<Suppression> = {
    key: 'remove',
    width: 100,
    header: <VisuallyHidden>{t('suppression.release')}</VisuallyHidden>,
    align: 'right',
    cell: (s) => (
      <Button
        size="compact-sm"
        variant="default"
        tabIndex={-1}
        aria-label={t('suppression.releaseOf', { phone: formatPhone(s.phone) })}
        onClick={() => onRemove(s)}
      >
        {t('suppression.releaseShort')}
      </Button>
    ),
  };
  return [phone, reason, since, ...(canWrite ? [remove] : [])];
}

/* The number, and whose it is. */
function Who({ entry: s, tabIndex }: { entry: Suppression; tabIndex?: number }) {
  const { t } = useTranslation();
  return (
    <>
      <Text fw={600} className="tabular">
        {formatPhone(s.phone)}
      </Text>
      {s.contact ? (
        <AnchorLink
          to="/contacts"
          search={{ contact: s.contact.id }}
          size="sm"
          truncate
          underline="always"
          tabIndex={tabIndex}
          style={{ display: 'block' }}
        >
          {s.contact.name || t('contact.noName')}
        </AnchorLink>
      ) : (
        <Text size="sm" c="dimmed">
          {t('suppression.noContact')}
        </Text>
      )}
    </>
  );
}

/* The reason, with the campaign or the remark. */
function Why({ entry: s, tabIndex }: { entry: Suppression; tabIndex?: number }) {
  const { t } = useTranslation();
  const words = useReasonWords();
  return (
    <>
      <Text size="sm" fw={600}>
        {t(`suppression.reasons.${s.reason}`)}
      </Text>
      {s.campaign ? (
        <AnchorLink
          to="/campaigns/$id"
          params={{ id: s.campaign.id }}
          search={{}}
          size="sm"
          truncate
          underline="always"
          tabIndex={tabIndex}
          title={words(s)}
          style={{ display: 'block' }}
        >
          {s.campaign.name}
        </AnchorLink>
      ) : (
        <Text size="sm" c="dimmed" truncate title={s.note}>
          {s.note || (s.reason === 'blocked' ? words(s) : '')}
        </Text>
      )}
    </>
  );
}

function Card({
  entry: s,
  canWrite,
  onRemove,
}: {
  entry: Suppression;
  canWrite: boolean;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="sm" h="100%">
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
        <div style={{ minWidth: 0 }}>
          <Who entry={s} />
        </div>
        {canWrite && (
          <Button
            variant="default"
            size="xs"
            style={{ flex: 'none' }}
            aria-label={t('suppression.releaseOf', { phone: formatPhone(s.phone) })}
            onClick={onRemove}
          >
            {t('suppression.releaseShort')}
          </Button>
        )}
      </Group>
      <Group justify="space-between" align="flex-end" wrap="nowrap" gap="xs" mt={4}>
        <div style={{ minWidth: 0 }}>
          <Why entry={s} />
        </div>
        <Text size="xs" c="dimmed" className="tabular" style={{ flex: 'none' }}>
          {formatTime(s.created_at)}
        </Text>
      </Group>
    </Paper>
  );
}
