/* RowEditor.tsx - all cells of a row as a form, for windows too narrow to correct in the table. */
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { ProblemAlert } from '../../components/ProblemAlert';
import { reasonColumn } from '../../lib/correction';
import { formatCount } from '../../lib/format';
import { useColumnName, useReasonWords } from './RowCells';

type Row = Schemas['ImportRow'];

interface Props {
  row: Row;
  columns: Schemas['ImportColumn'][];
  save: (row: Row, cells: { index: number; value: string }[]) => Promise<void>;
  onClose: () => void;
}

export function RowEditor({ row, columns, save, onClose }: Props) {
  const { t } = useTranslation();
  const name = useColumnName();
  const reason = useReasonWords()(row);
  const about = row.verdict === 'ok' ? undefined : reasonColumn(row, columns);
  const [values, setValues] = useState(() =>
    Object.fromEntries(columns.map((c) => [c.index, row.cells[c.index] ?? ''])),
  );
  const send = useMutation({
    mutationFn: () => {
      const cells = columns
        .map((c) => ({ index: c.index, value: values[c.index] ?? '' }))
        .filter((c) => c.value !== (row.cells[c.index] ?? ''));
      return cells.length > 0 ? save(row, cells) : Promise.resolve();
    },
    onSuccess: onClose,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('import.editTitle', { row: formatCount(row.row) })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          send.mutate();
        }}
      >
        <Stack gap="sm">
          <ProblemAlert error={send.error} />
          {columns.map((c) => (
            <TextInput
              key={c.index}
              label={name(c)}
              value={values[c.index] ?? ''}
              error={about === c.index ? reason : undefined}
              maxLength={2000}
              data-autofocus={about === c.index || undefined}
              inputMode={c.role === 'phone' ? 'tel' : undefined}
              onChange={(e) => {
                const value = e.currentTarget.value;
                setValues((all) => ({ ...all, [c.index]: value }));
              }}
            />
          ))}
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={send.isPending}>
              {t('import.checkAgain')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
