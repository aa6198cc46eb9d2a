/*
 * RowsStep.tsx - every row of the file with its verdict. The counters are the filters; a cell is
 * corrected where it stands; rows are left out one by one, in stretches, or a whole list at once.
 * The address keeps the filter and the place.
 */
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Popover,
  Stack,
  Text,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core';
import { IconKeyboard } from '@tabler/icons-react';
import { useMediaQuery } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type MouseEvent,
  useCallback,
  useEffect,
  useReducer,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { LongList } from '../../components/LongList';
import { type LongColumn, type LongHandle, LongTable, type Place } from '../../components/LongTable';
import { ProblemAlert } from '../../components/ProblemAlert';
import { type Filter, shownColumns } from '../../lib/correction';
import { formatCount } from '../../lib/format';
import { type Import, countIn, takes, verdicts } from '../../lib/imports';
import { MOST_ROWS, countOf, isTicked, nothing, ticked } from '../../lib/selection';
import { tellDone, tellProblem } from '../../lib/tell';
import { useCan } from '../../lib/useCan';
import { CARD_HEIGHT, RowCard } from './RowCard';
import { DataCell, NoRows, RowNumber, VerdictCell, useColumnName } from './RowCells';
import { RowEditor } from './RowEditor';
import { Corrections, GoToRow, TickedRows } from './RowTools';
import { useRowChanges } from './useRowChanges';
import { useRows } from './useRows';
import classes from './RowsStep.module.css';

type Row = Schemas['ImportRow'];
const route = getRouteApi('/inside/imports/$id');
const ROW_HEIGHT = 60;
const WIDTHS = { name: 150, phone: 250, email: 210, attribute: 170, ignore: 0 } as const;

interface Props {
  item: Import;
  onBack: () => void;
  onNext: () => void;
}

export function RowsStep({ item, onBack, onNext }: Props) {
  const { t } = useTranslation();
  const { verdict } = route.useSearch();
  const people = takes(item.counts);
  return (
    <Stack gap="md">
      <Counters item={item} on={verdict} />
      <RowList key={verdict ?? ''} item={item} filter={verdict} />
      <Group justify="space-between" wrap="nowrap" gap="xs" className={classes.foot}>
        <Button variant="default" onClick={onBack}>
          {t('import.toMapping')}
        </Button>
        <Button size="md" onClick={onNext} disabled={people === 0}>
          {t('import.toConfirm', { n: formatCount(people) })}
        </Button>
      </Group>
    </Stack>
  );
}

function Counters({ item, on }: { item: Import; on: Filter }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const counts = item.counts;
  const hidden = item.notes.find((n) => n.code === 'hidden_rows')?.count ?? 0;
  const filters: Filter[] = [undefined, ...verdicts, 'dropped'];
  if (hidden > 0 || on === 'hidden') filters.push('hidden');
  return (
    <div role="group" aria-label={t('import.filter')} className={classes.counters}>
      {filters.map((f) => (
        <UnstyledButton
          key={f ?? 'all'}
          className={classes.counter}
          aria-pressed={on === f}
          data-kind={f}
          onClick={() =>
            void navigate({
              search: (s) => ({ ...s, verdict: on === f ? undefined : f, at: undefined }),
              replace: true,
              resetScroll: false,
            })
          }
        >
          <Text span size="sm" display="block">
            {f === undefined ? t('import.all') : t(`import.verdicts.${f}`)}
          </Text>
          <span className={classes.number}>{formatCount(f === 'hidden' ? hidden : countIn(counts, f))}</span>
        </UnstyledButton>
      ))}
    </div>
  );
}

/* The list of one filter: mounted anew when another is chosen. */
function RowList({ item, filter }: { item: Import; filter: Filter }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const { at } = route.useSearch();
  const [start] = useState((at ?? 1) - 1);
  const canWrite = useCan('sender');
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const table = useRef<LongHandle>(null);
  const rows = useRows(item.id, filter, filter === 'hidden' ? 0 : countIn(item.counts, filter), start);
  const [selection, tick] = useReducer(ticked, nothing);
  const changes = useRowChanges(
    item,
    filter,
    () => rows.numbers(0, rows.total - 1),
    () => {
      tick({ type: 'none' });
      table.current?.focus();
    },
  );
  const [editing, setEditing] = useState<Row | null>(null);
  const columns = shownColumns(item.columns);
  const count = countOf(selection, rows.total);

  const onRest = useCallback(
    (first: number) =>
      void navigate({
        search: (s) => ({ ...s, at: first > 0 ? first + 1 : undefined }),
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const tickOne = (row: Row, index: number, stretch: boolean) => {
    const from = selection.anchor;
    if (!stretch || from === null || from === index) return tick({ type: 'row', row: row.row, index });
    const [low, high] = from < index ? [from, index] : [index, from];
    if (high - low >= MOST_ROWS) return tellDone(t('import.tickMost', { n: formatCount(MOST_ROWS) }));
    const on = !isTicked(selection, row.row);
    rows.numbers(low, high).then((all) => tick({ type: 'stretch', rows: all, index, on }), tellProblem);
  };
  const go = async (row: number) => {
    try {
      const index = await rows.find(row);
      table.current?.goTo(Math.min(index, rows.total - 1));
      table.current?.focus();
    } catch (error) {
      tellProblem(error);
    }
  };
  // A cell that is no longer open leaves the focus to its place in the table, unless it went elsewhere.
  const open = changes.correction !== null;
  const wasOpen = useRef(open);
  useEffect(() => {
    if (wasOpen.current && !open && document.activeElement === document.body) table.current?.focus();
    wasOpen.current = open;
  }, [open]);
  const shape = useTableColumns({
    item,
    canWrite,
    columns,
    changes,
    selection,
    tickOne,
    tick,
    total: rows.total,
  });
  const onKey = (e: KeyboardEvent, place: Place, row: Row | undefined) => {
    if (!row || !canWrite || (e.target as HTMLElement).matches('input[type=text]')) return;
    const column = shape[place.column];
    if (e.key === 'Enter' || e.key === 'F2') {
      if ((e.target as HTMLElement).matches('button')) return;
      if (column?.onOpen) column.onOpen(row, place.index);
      else if (column?.key === 'drop') changes.toggle(row);
      else return;
    } else if (e.key === ' ') tickOne(row, place.index, e.shiftKey);
    else return;
    e.preventDefault();
  };

  if (rows.known && rows.total === 0)
    return (
      <>
        <Said filter={filter} said={changes.said} />
        <NoRows />
      </>
    );
  const common = {
    label: t('import.step.rows'),
    total: rows.total,
    rowAt: rows.rowAt,
    onShow: rows.onShow,
    start,
    onRest,
    handle: table,
  };
  return (
    <Stack gap="xs">
      <Said filter={filter} said={changes.said} />
      <ProblemAlert error={rows.error} retry={rows.retry} />
      <Group justify="space-between" gap="xs" mih={34}>
        {count > 0 ? (
          <TickedRows
            count={count}
            busy={changes.busy}
            onDrop={(dropped) => changes.dropMany(selection, dropped)}
            onNone={() => tick({ type: 'none' })}
          />
        ) : (
          canWrite &&
          item.state === 'mapping' && (
            <Group gap="xs">
              <Corrections item={item} />
            </Group>
          )
        )}
        <Group gap="xs">
          {canWrite && !narrow && <Keys />}
          <GoToRow onGo={(row) => void go(row)} />
        </Group>
      </Group>
      {narrow ? (
        <>
          {canWrite && (
            <Checkbox
              label={t('import.tickAll', { n: formatCount(rows.total) })}
              checked={selection.whole}
              onChange={(e) => tick({ type: 'whole', on: e.currentTarget.checked })}
            />
          )}
          <LongList<Row>
            {...common}
            cardHeight={CARD_HEIGHT}
            card={(row, index) => (
              <RowCard
                row={row}
                columns={columns}
                canWrite={canWrite}
                ticked={isTicked(selection, row.row)}
                onTick={() => tickOne(row, index, false)}
                onEdit={() => setEditing(row)}
                onToggle={() => changes.toggle(row)}
              />
            )}
          />
        </>
      ) : (
        <LongTable<Row>
          {...common}
          columns={shape}
          rowHeight={ROW_HEIGHT}
          onKey={onKey}
          isSelected={canWrite ? (row) => isTicked(selection, row.row) : undefined}
          look={(row) => row.verdict}
        />
      )}
      {editing && (
        <RowEditor
          row={editing}
          columns={columns}
          save={changes.correctRow}
          onClose={() => setEditing(null)}
        />
      )}
    </Stack>
  );
}

/* How the table is used without a mouse. */
function Keys() {
  const { t } = useTranslation();
  return (
    <Popover width={320} position="bottom-end" withArrow>
      <Popover.Target>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={t('import.keysTitle')}
          title={t('import.keysTitle')}
        >
          <IconKeyboard size={18} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{t('import.keys')}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}

/* What the list holds; after a change, what became of it. */
function Said({ filter, said }: { filter: Filter; said: string }) {
  const { t } = useTranslation();
  return (
    <Text
      size="sm"
      role="status"
      data-testid="said"
      c={said ? undefined : 'dimmed'}
      fw={said ? 600 : undefined}
    >
      {said || t(`import.explain.${filter ?? 'all'}`)}
    </Text>
  );
}

interface Shape {
  item: Import;
  canWrite: boolean;
  columns: Schemas['ImportColumn'][];
  changes: ReturnType<typeof useRowChanges>;
  selection: ReturnType<typeof ticked>;
  tickOne: (row: Row, index: number, stretch: boolean) => void;
  tick: (tick: Parameters<typeof ticked>[1]) => void;
  total: number;
}

function useTableColumns(s: Shape): LongColumn<Row>[] {
  const { t } = useTranslation();
  const name = useColumnName();
  const { canWrite, columns, changes, selection, tickOne, tick } = s;
  const fixed: LongColumn<Row>[] = [
    {
      key: 'row',
      header: t('import.row'),
      width: 84,
      pin: 'left',
      align: 'right',
      cell: (row) => <RowNumber row={row} />,
    },
    {
      key: 'verdict',
      header: t('import.verdict'),
      width: 156,
      pin: 'left',
      cell: (row) => <VerdictCell row={row} columns={columns} />,
    },
  ];
  const data = columns.map<LongColumn<Row>>((column) => ({
    key: `c${column.index}`,
    header: name(column),
    width: WIDTHS[column.role],
    grow: true,
    cell: (row) => (
      <DataCell
        row={row}
        column={column}
        columns={columns}
        name={name(column)}
        correction={changes.correction}
        onType={changes.type}
        onSave={changes.save}
        onCancel={changes.cancel}
      />
    ),
    onOpen: canWrite ? (row) => changes.begin(row, column.index) : undefined,
  }));
  if (!canWrite) return [...fixed, ...data];
  const select: LongColumn<Row> = {
    key: 'tick',
    width: 44,
    pin: 'left',
    header: (
      <Checkbox
        size="sm"
        aria-label={t('import.tickAll', { n: formatCount(s.total) })}
        title={t('import.tickAll', { n: formatCount(s.total) })}
        checked={selection.whole}
        indeterminate={!selection.whole && selection.rows.size > 0}
        onChange={(e) => tick({ type: 'whole', on: e.currentTarget.checked })}
      />
    ),
    cell: (row, index) => (
      <Checkbox
        size="sm"
        tabIndex={-1}
        aria-label={t('import.tickRow', { row: formatCount(row.row) })}
        checked={isTicked(selection, row.row)}
        disabled={selection.whole}
        onChange={() => {}}
        onClick={(e: MouseEvent) => tickOne(row, index, e.shiftKey)}
      />
    ),
  };
  const drop: LongColumn<Row> = {
    key: 'drop',
    width: 106,
    pin: 'right',
    header: <VisuallyHidden>{t('import.rowAction')}</VisuallyHidden>,
    align: 'right',
    cell: (row) => (
      <Button
        size="compact-sm"
        variant="default"
        tabIndex={-1}
        onClick={() => changes.toggle(row)}
        aria-label={t(row.dropped ? 'import.takeRow' : 'import.dropRow', { row: formatCount(row.row) })}
      >
        {row.dropped ? t('import.take') : t('import.drop_')}
      </Button>
    ),
  };
  return [select, ...fixed, ...data, drop];
}
