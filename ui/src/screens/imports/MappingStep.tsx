/*
 * MappingStep.tsx - which sheet, where the header is, and what each column holds, with the first
 * values of the column beside every choice.
 */
import {
  Alert,
  Button,
  Group,
  NumberInput,
  Paper,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { importQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount } from '../../lib/format';
import { type Choice, type Role, choose, fromColumns, mappingFault, toMapping } from '../../lib/mapping';
import classes from './MappingStep.module.css';

type Import = Schemas['Import'];
const roles: Role[] = ['name', 'phone', 'email', 'attribute', 'ignore'];

export function MappingStep({ item, onNext }: { item: Import; onNext: () => void }) {
  const { t } = useTranslation();
  const [choices, setChoices] = useState(() => fromColumns(item.columns));
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: (body: Schemas['ImportMapping']) =>
      answer(api.PUT('/imports/{id}/mapping', { params: { path: { id: item.id } }, body })),
    onSuccess: (saved) => {
      queryClient.setQueryData(importQuery(item.id).queryKey, saved);
      queryClient.removeQueries({ queryKey: ['imports', item.id, 'rows'] });
    },
  });
  const fault = mappingFault(choices);
  const submit = () => {
    setTried(true);
    if (!fault) save.mutate({ columns: toMapping(choices) }, { onSuccess: onNext });
  };
  return (
    <Stack gap="md">
      <ProblemAlert error={save.error} />
      <SheetChoice item={item} busy={save.isPending} onChange={(body) => save.mutate(body)} />
      <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
        <Text mb="sm">{t('import.mappingLead')}</Text>
        <Table className={classes.columns} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('import.column')}</Table.Th>
              <Table.Th scope="col">{t('import.samples')}</Table.Th>
              <Table.Th scope="col" w="40%">
                {t('import.role')}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {item.columns.map((c) => (
              <ColumnLine
                key={c.index}
                column={c}
                choice={choices.find((x) => x.index === c.index)!}
                onRole={(role) => setChoices((all) => choose(all, c.index, role))}
                onAttribute={(attribute) =>
                  setChoices((all) => all.map((x) => (x.index === c.index ? { ...x, attribute } : x)))
                }
              />
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
      {fault && (tried || fault === 'noPhone') && (
        <Alert color="red" variant="outline" role="alert">
          {t(`import.fault.${fault}`)}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button size="md" onClick={submit} loading={save.isPending} disabled={fault === 'noPhone'}>
          {t('import.toRows')}
        </Button>
      </Group>
    </Stack>
  );
}

interface SheetProps {
  item: Import;
  busy: boolean;
  onChange: (body: Schemas['ImportMapping']) => void;
}

function SheetChoice({ item, busy, onChange }: SheetProps) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
      <Group align="flex-end" gap="md">
        {item.sheets.length > 1 && (
          <Select
            label={t('import.sheet')}
            data={item.sheets.map((s, i) => ({
              value: String(i),
              label: s.hidden ? t('import.hiddenSheet', { name: s.name }) : s.name,
            }))}
            value={String(item.sheet)}
            onChange={(v) => v !== null && onChange({ sheet: Number(v) })}
            allowDeselect={false}
            disabled={busy}
          />
        )}
        <NumberInput
          label={t('import.headerRow')}
          description={t('import.headerRowNote')}
          value={item.header_row}
          min={0}
          max={1000}
          allowDecimal={false}
          w={260}
          disabled={busy}
          onBlur={(e) => {
            const row = Number(e.currentTarget.value);
            if (Number.isInteger(row) && row !== item.header_row) onChange({ header_row: row });
          }}
        />
        <Text size="sm" c="dimmed" pb={6}>
          {item.kind === 'csv'
            ? t('import.aboutCsv', { encoding: item.encoding ?? '', n: formatCount(item.counts.rows) })
            : t('import.aboutXlsx', { n: formatCount(item.counts.rows) })}
        </Text>
      </Group>
    </Paper>
  );
}

interface LineProps {
  column: Schemas['ImportColumn'];
  choice: Choice;
  onRole: (role: Role) => void;
  onAttribute: (name: string) => void;
}

function ColumnLine({ column: c, choice, onRole, onAttribute }: LineProps) {
  const { t } = useTranslation();
  const title = c.header || t('import.noHeader', { n: c.index + 1 });
  return (
    <Table.Tr data-ignored={choice.role === 'ignore' || undefined}>
      <Table.Td>
        <Text fw={600}>{title}</Text>
        {c.guessed && choice.role === c.role && choice.role !== 'ignore' && (
          <Text size="xs" c="dimmed">
            {t('import.guessed')}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {c.samples.filter(Boolean).join('  ·  ') || t('import.noSamples')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap={6}>
          <Select
            aria-label={t('import.roleOf', { column: title })}
            data={roles.map((r) => ({ value: r, label: t(`import.roles.${r}`) }))}
            value={choice.role}
            onChange={(v) => v && onRole(v as Role)}
            allowDeselect={false}
            flex="1 1 150px"
          />
          {choice.role === 'attribute' && (
            <TextInput
              aria-label={t('import.attributeOf', { column: title })}
              value={choice.attribute}
              onChange={(e) => onAttribute(e.currentTarget.value)}
              flex="1 1 150px"
            />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
