/* FileReading.tsx - how the file is read: sheet, encoding of texts, header row, template. A change reads it anew. */
import { Group, NumberInput, Paper, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { templatesQuery } from '../../api/queries';
import { formatBytes, formatCount } from '../../lib/format';
import type { Import } from '../../lib/imports';

type Mapping = Schemas['ImportMapping'];
const encodings = ['cp949', 'utf-8', 'utf-16le', 'utf-16be'] as const;

interface Props {
  item: Import;
  busy: boolean;
  onChange: (body: Mapping) => void;
}

export function FileReading({ item, busy, onChange }: Props) {
  const { t } = useTranslation();
  const { data: templates } = useQuery(templatesQuery);
  const sendable = templates?.filter((x) => x.sendable || x.id === item.template?.id) ?? [];
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
      <Text size="sm" c="dimmed" mb="sm">
        {t(`import.kinds.${item.kind ?? 'csv'}`)} · {formatBytes(item.size)} ·{' '}
        {t('import.rowsN', { n: formatCount(item.counts.rows) })}
      </Text>
      <Group align="flex-end" gap="md">
        {item.sheets.length > 1 && (
          <Select
            label={t('import.sheet')}
            description={t('import.sheetNote', { n: item.sheets.length })}
            data={item.sheets.map((s, i) => ({
              value: String(i),
              label: s.hidden ? t('import.hiddenSheet', { name: s.name }) : s.name,
            }))}
            value={String(item.sheet)}
            onChange={(v) => v !== null && onChange({ sheet: Number(v) })}
            allowDeselect={false}
            disabled={busy}
            w={{ base: '100%', xs: 260 }}
          />
        )}
        {item.encoding !== null && (
          <Select
            label={t('import.encoding')}
            description={t('import.encodingNote')}
            data={encodings.map((e) => ({ value: e, label: t(`import.encodings.${e}`) }))}
            value={item.encoding.toLowerCase()}
            onChange={(v) => v !== null && onChange({ encoding: v as (typeof encodings)[number] })}
            allowDeselect={false}
            disabled={busy}
            w={{ base: '100%', xs: 300 }}
          />
        )}
        <NumberInput
          label={t('import.headerRow')}
          description={t('import.headerRowNote')}
          defaultValue={item.header_row}
          min={0}
          max={1000}
          allowDecimal={false}
          w={{ base: '100%', xs: 220 }}
          disabled={busy}
          onKeyDown={(e) => e.key === 'Enter' && e.currentTarget.blur()}
          onBlur={(e) => {
            const row = Number(e.currentTarget.value);
            if (e.currentTarget.value !== '' && Number.isInteger(row) && row !== item.header_row)
              onChange({ header_row: row });
          }}
        />
        {sendable.length > 0 && (
          <Select
            label={t('import.template')}
            description={t('import.templateNote')}
            placeholder={t('import.noTemplate')}
            data={sendable.map((x) => ({ value: String(x.id), label: x.name }))}
            value={item.template ? String(item.template.id) : null}
            onChange={(v) => onChange({ template_id: v === null ? null : Number(v) })}
            clearable
            clearButtonProps={{ 'aria-label': t('action.clear') }}
            searchable
            disabled={busy}
            w={{ base: '100%', xs: 300 }}
          />
        )}
      </Group>
    </Paper>
  );
}
