/*
 * RowTools.tsx - what can be done with many rows: those that are ticked, the way to a row by its
 * number, and the wrong rows as a workbook, there and back.
 */
import { Alert, Button, FileButton, Group, NumberInput, Text } from '@mantine/core';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importQuery } from '../../api/queries';
import { uploadCorrections } from '../../api/upload';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount } from '../../lib/format';
import { type Import, LOOKS } from '../../lib/imports';

interface TickedProps {
  count: number;
  busy: boolean;
  onDrop: (dropped: boolean) => void;
  onNone: () => void;
}

export function TickedRows({ count, busy, onDrop, onNone }: TickedProps) {
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      <Text size="sm" fw={600} role="status">
        {t('import.ticked', { n: formatCount(count) })}
      </Text>
      <Button size="xs" variant="default" loading={busy} onClick={() => onDrop(true)}>
        {t('import.dropTicked')}
      </Button>
      <Button size="xs" variant="default" loading={busy} onClick={() => onDrop(false)}>
        {t('import.takeTicked')}
      </Button>
      <Button size="xs" variant="subtle" onClick={onNone}>
        {t('import.tickNone')}
      </Button>
    </Group>
  );
}

export function GoToRow({ onGo }: { onGo: (row: number) => void }) {
  const { t } = useTranslation();
  const [row, setRow] = useState<number | string>('');
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (Number(row) > 0) onGo(Number(row));
      }}
    >
      <Group gap={6} wrap="nowrap">
        <NumberInput
          size="xs"
          w={110}
          aria-label={t('import.goLabel')}
          placeholder={t('import.goLabel')}
          value={row}
          onChange={setRow}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          hideControls
        />
        <Button type="submit" size="xs" variant="default" disabled={!(Number(row) > 0)}>
          {t('import.go')}
        </Button>
      </Group>
    </form>
  );
}

/* Down with the wrong rows, up with the corrected ones. */
export function Corrections({ item }: { item: Import }) {
  const { t } = useTranslation();
  const upload = useMutation({
    mutationFn: (file: File) => uploadCorrections(item.id, { file }),
    onSuccess: (done) => {
      queryClient.setQueryData(importQuery(item.id).queryKey, done.import);
      void queryClient.invalidateQueries({ queryKey: ['imports', item.id, 'rows'] });
    },
  });
  const done = upload.data;
  return (
    <>
      <Group gap="xs">
        <DownloadErrors item={item} />
        <FileButton
          accept={LOOKS}
          onChange={(file) => file && upload.mutate(file)}
          inputProps={{ 'aria-label': t('import.corrections.up'), 'data-testid': 'corrections' } as object}
        >
          {(props) => (
            <Button
              {...props}
              size="xs"
              variant="default"
              loading={upload.isPending}
              leftSection={<IconUpload size={16} aria-hidden />}
            >
              {t('import.corrections.up')}
            </Button>
          )}
        </FileButton>
      </Group>
      <ProblemAlert error={upload.error} />
      {done && (
        <Alert
          role="status"
          color={done.corrected > 0 ? 'teal' : 'yellow'}
          variant="outline"
          withCloseButton
          closeButtonLabel={t('action.close')}
          onClose={() => upload.reset()}
          data-testid="corrected"
          w="100%"
        >
          {[
            t('import.corrections.corrected', { n: formatCount(done.corrected) }),
            done.unchanged > 0 && t('import.corrections.unchanged', { n: formatCount(done.unchanged) }),
            done.unknown > 0 && t('import.corrections.unknown', { n: formatCount(done.unknown) }),
          ]
            .filter(Boolean)
            .join(' ')}
        </Alert>
      )}
    </>
  );
}

function DownloadErrors({ item }: { item: Import }) {
  const { t } = useTranslation();
  if (item.counts.error === 0) return null;
  return (
    <Button
      component="a"
      href={`/api/v1/imports/${item.id}/workbook?verdict=error`}
      download
      size="xs"
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {t('import.corrections.down', { n: formatCount(item.counts.error) })}
    </Button>
  );
}
