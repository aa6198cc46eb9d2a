/*
 * RowsStep.tsx - every row with its verdict. The counters are the filters; each row has the number
 * it has in the spreadsheet, its reason, and a button to leave it out.
 */
import { Button, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ColumnDef } from '@tanstack/react-table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { importQuery, importRowsQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { VirtualTable } from '../../components/VirtualTable';
import { formatCount, formatPhone } from '../../lib/format';
import { tellProblem } from '../../lib/tell';
import classes from './RowsStep.module.css';

type Row = Schemas['ImportRow'];
const route = getRouteApi('/inside/imports/$id');
const verdicts = ['ok', 'repaired', 'duplicate', 'error'] as const;

interface Props {
  item: Schemas['Import'];
  onBack: () => void;
  onNext: () => void;
}

export function RowsStep({ item, onBack, onNext }: Props) {
  const { t } = useTranslation();
  const { verdict } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery({ ...importRowsQuery(item.id, verdict), placeholderData: keepPreviousData });
  const rows = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const counts = item.counts;
  const takes = counts.will_create + counts.will_update;
  const drop = useMutation({
    mutationFn: (row: Row) =>
      answer(
        api.PATCH('/imports/{id}/rows/{row}', {
          params: { path: { id: item.id, row: row.row } },
          body: { dropped: !row.dropped },
        }),
      ),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['imports', item.id, 'rows'] });
      void queryClient.invalidateQueries({ queryKey: importQuery(item.id).queryKey, exact: true });
    },
    onError: tellProblem,
  });
  const { mutate: toggle } = drop;
  const columns = useMemo<ColumnDef<Row>[]>(
    () => [
      {
        header: t('import.row'),
        meta: { width: 56, align: 'right' },
        cell: ({ row }) => <span className="tabular">{formatCount(row.original.row)}</span>,
      },
      {
        header: t('import.verdict'),
        meta: { width: 104, deskOnly: true },
        cell: ({ row }) => <Verdict verdict={row.original.verdict} />,
      },
      {
        header: t('import.person'),
        cell: ({ row: { original: r } }) => (
          <div className={r.dropped ? classes.dropped : undefined}>
            <Text size="sm" fw={600} truncate>
              {r.name || t('contact.noName')}
            </Text>
            <Phone row={r} />
            <div className={classes.phoneOnly}>
              <Reason row={r} />
            </div>
          </div>
        ),
      },
      {
        header: t('import.reason'),
        meta: { width: '34%', deskOnly: true },
        cell: ({ row: { original: r } }) => <Reason row={r} />,
      },
      {
        id: 'drop',
        header: '',
        meta: { width: 88, align: 'right' },
        cell: ({ row: { original: r } }) =>
          r.verdict === 'ok' || r.verdict === 'repaired' ? (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => toggle(r)}
              aria-label={t(r.dropped ? 'import.takeRow' : 'import.dropRow', { row: r.row })}
            >
              {r.dropped ? t('import.take') : t('import.drop_')}
            </Button>
          ) : null,
      },
    ],
    [t, toggle],
  );
  return (
    <Stack gap="md">
      <Group gap="xs" role="group" aria-label={t('import.filter')}>
        <Counter
          label={t('import.all')}
          value={counts.rows}
          on={!verdict}
          onClick={() => void navigate({ search: (s) => ({ ...s, verdict: undefined }) })}
        />
        {verdicts.map((v) => (
          <Counter
            key={v}
            label={t(`import.verdicts.${v}`)}
            value={counts[v]}
            kind={v}
            on={verdict === v}
            onClick={() =>
              void navigate({ search: (s) => ({ ...s, verdict: verdict === v ? undefined : v }) })
            }
          />
        ))}
      </Group>
      <Text size="sm" c="dimmed">
        {t(`import.explain.${verdict ?? 'all'}`)}
      </Text>
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      <Paper withBorder p={{ base: 4, sm: 'md' }}>
        {list.data && rows.length === 0 ? (
          <Text p="md" c="dimmed" ta="center">
            {t('import.noRows')}
          </Text>
        ) : (
          <VirtualTable
            label={t('import.step.rows')}
            columns={columns}
            items={rows}
            rowKey={(r) => String(r.row)}
            more={list.hasNextPage}
            loadingMore={list.isFetchingNextPage}
            onMore={() => void list.fetchNextPage()}
          />
        )}
      </Paper>
      <Group justify="space-between" className={classes.foot}>
        <Button variant="default" onClick={onBack}>
          {t('import.toMapping')}
        </Button>
        <Group gap="md">
          {counts.dropped > 0 && (
            <Text size="sm" c="dimmed">
              {t('import.droppedCount', { n: formatCount(counts.dropped) })}
            </Text>
          )}
          <Button size="md" onClick={onNext} disabled={takes === 0}>
            {t('import.toConfirm', { n: formatCount(takes) })}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

interface CounterProps {
  label: string;
  value: number;
  kind?: Row['verdict'];
  on: boolean;
  onClick: () => void;
}

function Counter({ label, value, kind, on, onClick }: CounterProps) {
  return (
    <UnstyledButton className={classes.counter} aria-pressed={on} data-kind={kind} onClick={onClick}>
      <Text span size="sm" display="block">
        {label}
      </Text>
      <Text span fw={800} fz={22} lh={1.2} className="tabular" display="block">
        {formatCount(value)}
      </Text>
    </UnstyledButton>
  );
}

function Verdict({ verdict }: { verdict: Row['verdict'] }) {
  const { t } = useTranslation();
  return (
    <span className={classes.verdict} data-kind={verdict}>
      {t(`import.verdicts.${verdict}`)}
    </span>
  );
}

function Phone({ row: r }: { row: Row }) {
  const { t } = useTranslation();
  if (r.verdict === 'repaired' && r.original_phone !== r.phone && formatPhone(r.phone) !== r.original_phone)
    return (
      <Text size="sm" className="tabular" truncate>
        <s className={classes.old}>{r.original_phone}</s> → {formatPhone(r.phone)}
      </Text>
    );
  return (
    <Text size="sm" c="dimmed" className="tabular" truncate>
      {r.phone ? formatPhone(r.phone) : r.original_phone || t('import.noPhone')}
    </Text>
  );
}

function Reason({ row: r }: { row: Row }) {
  const { t } = useTranslation();
  const words = r.dropped
    ? t('import.dropped')
    : r.duplicate_of !== null
      ? t('import.sameAs', { row: formatCount(r.duplicate_of) })
      : r.reason_text;
  return (
    <Text size="sm">
      <Text span hiddenFrom="sm" fw={600}>
        {t(`import.verdicts.${r.verdict}`)}
        {words || r.contact_id !== null ? ': ' : ''}
      </Text>
      {words}
      {!words && r.contact_id !== null && (
        <Text span c="dimmed">
          {t('import.updates')}
        </Text>
      )}
    </Text>
  );
}
