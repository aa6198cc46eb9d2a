/*
 * RowCells.tsx - what stands in the cells of the rows: the verdict with what a confirm will do, a
 * value with what it was before, the reason in the cell it is about. Nothing is said by colour alone.
 */
import { Text, TextInput } from '@mantine/core';
import { IconAlertCircle, IconCheck, IconCopy, IconPencil, IconWand } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { type Correction, type Verdict, reasonColumn, shownCell } from '../../lib/correction';
import { formatCount, formatPhone } from '../../lib/format';
import classes from './RowsStep.module.css';

type Row = Schemas['ImportRow'];
type Column = Schemas['ImportColumn'];
const icons = { ok: IconCheck, repaired: IconWand, duplicate: IconCopy, error: IconAlertCircle };

export function VerdictMark({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const Icon = icons[verdict];
  return (
    <span className={classes.verdict} data-kind={verdict}>
      <Icon size={16} stroke={2.2} aria-hidden />
      {t(`import.verdicts.${verdict}`)}
    </span>
  );
}

/* What a confirm makes of the row. */
export function useEffectWords(): (row: Row) => string {
  const { t } = useTranslation();
  return (row) =>
    row.dropped
      ? t('import.effect.dropped')
      : t(`import.effect.${row.effect}`, { row: formatCount(row.duplicate_of ?? 0) });
}

/* Why the row is not simply ok; null when there is nothing to say. */
export function useReasonWords(): (row: Row) => string | null {
  const { t } = useTranslation();
  return (row) => {
    if (row.verdict === 'duplicate' && row.duplicate_of !== null) {
      const same = t('import.sameAs', { row: formatCount(row.duplicate_of) });
      return row.effect === 'merge' ? same : `${same} ${t('import.otherTaken')}`;
    }
    return row.reason_text;
  };
}

export function Reason({ row }: { row: Row }) {
  const words = useReasonWords()(row);
  if (!words) return null;
  const Icon = icons[row.verdict];
  return (
    <span className={classes.reason} data-kind={row.verdict} title={words}>
      <Icon size={14} stroke={2.2} aria-hidden />
      <span className={classes.clamp}>{words}</span>
    </span>
  );
}

export function RowNumber({ row }: { row: Row }) {
  const { t } = useTranslation();
  return (
    <>
      <span className="tabular">{formatCount(row.row)}</span>
      {(row.hidden || row.edited) && (
        <span className={classes.marks}>
          {row.edited && <IconPencil size={13} aria-label={t('import.edited')} role="img" />}
          {row.hidden && t('import.hiddenRow')}
        </span>
      )}
    </>
  );
}

export function VerdictCell({ row, columns }: { row: Row; columns: Column[] }) {
  const effect = useEffectWords()(row);
  return (
    <>
      <VerdictMark verdict={row.verdict} />
      {row.verdict !== 'ok' && reasonColumn(row, columns) === null ? (
        <Reason row={row} />
      ) : (
        <span className={classes.effect}>{effect}</span>
      )}
    </>
  );
}

export function Value({ row, column }: { row: Row; column: Column }) {
  const { t } = useTranslation();
  const { text, stored } = shownCell(row, column, formatPhone);
  if (stored !== undefined)
    return (
      <span className={classes.value}>
        <del className={classes.old}>{text}</del> → <ins className={classes.fresh}>{stored}</ins>
      </span>
    );
  if (!text) return <span className={`${classes.value} ${classes.empty}`}>{t('import.noValue')}</span>;
  return (
    <span className={classes.value} title={text}>
      {text}
    </span>
  );
}

interface DataCellProps {
  row: Row;
  column: Column;
  columns: Column[];
  name: string;
  correction: Correction | null;
  onType: (value: string) => void;
  onSave: () => void;
  onCancel: () => void;
}

export function DataCell({
  row,
  column,
  columns,
  name,
  correction: c,
  onType,
  onSave,
  onCancel,
}: DataCellProps) {
  const { t } = useTranslation();
  if (c && c.row === row.row && c.column === column.index) {
    const press = (e: KeyboardEvent) => {
      if (e.nativeEvent.isComposing) return; // Enter ends a Hangul syllable first
      if (e.key === 'Enter') onSave();
      else if (e.key === 'Escape') onCancel();
      else return;
      e.preventDefault();
      e.stopPropagation();
    };
    return (
      <TextInput
        size="xs"
        aria-label={t('import.correct', { row: formatCount(row.row), column: name })}
        value={c.value}
        maxLength={2000}
        autoFocus
        readOnly={c.state === 'saving'}
        error={c.problem}
        onFocus={(e) => e.currentTarget.select()}
        onChange={(e) => onType(e.currentTarget.value)}
        onKeyDown={press}
        onDoubleClick={(e) => e.stopPropagation()}
        onBlur={c.state === 'typing' ? onSave : undefined}
        inputMode={column.role === 'phone' ? 'tel' : column.role === 'email' ? 'email' : undefined}
      />
    );
  }
  return (
    <span className={row.dropped ? classes.dropped : undefined}>
      <Value row={row} column={column} />
      {row.verdict !== 'ok' && reasonColumn(row, columns) === column.index && <Reason row={row} />}
    </span>
  );
}

/* The name of a column for people: its header, or what it is taken for. */
export function useColumnName(): (c: Column) => string {
  const { t } = useTranslation();
  return (c) =>
    c.role === 'attribute'
      ? (c.attribute ?? c.header)
      : c.role === 'ignore'
        ? c.header || t('import.noHeader', { n: c.index + 1 })
        : t(`import.roles.${c.role}`);
}

export function NoRows() {
  const { t } = useTranslation();
  return (
    <Text p="xl" c="dimmed" ta="center">
      {t('import.noRows')}
    </Text>
  );
}
