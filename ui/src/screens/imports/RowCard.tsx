/* RowCard.tsx - a row of the file on a phone: the same facts as in the table, and its two buttons. */
import { Button, Checkbox, Group, Paper } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { shownCell } from '../../lib/correction';
import { formatCount, formatPhone } from '../../lib/format';
import { Reason, Value, VerdictMark, useColumnName, useEffectWords } from './RowCells';
import classes from './RowsStep.module.css';

export const CARD_HEIGHT = 196;

interface Props {
  row: Schemas['ImportRow'];
  columns: Schemas['ImportColumn'][];
  canWrite: boolean;
  ticked: boolean;
  onTick: () => void;
  onEdit: () => void;
  onToggle: () => void;
}

export function RowCard({ row, columns, canWrite, ticked, onTick, onEdit, onToggle }: Props) {
  const { t } = useTranslation();
  const name = useColumnName();
  const effect = useEffectWords()(row);
  const people = columns.filter((c) => c.role === 'name' || c.role === 'phone');
  const rest = columns.filter((c) => !people.includes(c));
  const n = formatCount(row.row);
  return (
    <Paper withBorder p="xs" h="100%" className={classes.card}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap={8} wrap="nowrap">
          {canWrite && (
            <Checkbox
              checked={ticked}
              onChange={onTick}
              aria-label={t('import.tickRow', { row: n })}
              size="sm"
            />
          )}
          <strong className="tabular">{t('import.rowN', { row: n })}</strong>
          <VerdictMark verdict={row.verdict} />
        </Group>
        <span className={classes.effect}>{row.hidden ? `${t('import.hiddenRow')} · ${effect}` : effect}</span>
      </Group>
      <div className={row.dropped ? classes.dropped : undefined}>
        {people.map((c) => (
          <div key={c.index} className={classes.line} data-role={c.role}>
            <Value row={row} column={c} />
          </div>
        ))}
        <div className={`${classes.line} ${classes.rest}`}>
          {rest.map((c) => `${name(c)}: ${shownCell(row, c, formatPhone).text || '–'}`).join(' · ')}
        </div>
      </div>
      <Reason row={row} />
      {canWrite && (
        <Group gap="xs" mt="auto" justify="flex-end">
          <Button size="xs" variant="default" onClick={onEdit} aria-label={t('import.editRow', { row: n })}>
            {t('action.edit')}
          </Button>
          <Button
            size="xs"
            variant="default"
            onClick={onToggle}
            aria-label={t(row.dropped ? 'import.takeRow' : 'import.dropRow', { row: n })}
          >
            {row.dropped ? t('import.take') : t('import.drop_')}
          </Button>
        </Group>
      )}
    </Paper>
  );
}
