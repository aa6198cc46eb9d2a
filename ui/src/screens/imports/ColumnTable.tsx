/* ColumnTable.tsx - the columns of the file: header, first values, what each is taken for, and why. */
import { Badge, Group, Paper, Select, Table, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import type { Choice, Role } from '../../lib/mapping';
import classes from './MappingStep.module.css';

type Column = Schemas['ImportColumn'];
const roles: Role[] = ['name', 'phone', 'email', 'attribute', 'ignore'];

interface Props {
  columns: Column[];
  choices: Choice[];
  busy: boolean;
  onRole: (index: number, role: Role) => void;
  onAttribute: (index: number, name: string) => void;
}

export function ColumnTable({ columns, choices, busy, onRole, onAttribute }: Props) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
      <Text mb="sm">{t('import.mappingLead')}</Text>
      <Table className={classes.columns} verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w="28%">
              {t('import.column')}
            </Table.Th>
            <Table.Th scope="col">{t('import.samples')}</Table.Th>
            <Table.Th scope="col" w="40%">
              {t('import.role')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map((c) => {
            const choice = choices.find((x) => x.index === c.index);
            return (
              choice && (
                <Line
                  key={c.index}
                  column={c}
                  choice={choice}
                  busy={busy}
                  onRole={(role) => onRole(c.index, role)}
                  onAttribute={(name) => onAttribute(c.index, name)}
                />
              )
            );
          })}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

interface LineProps {
  column: Column;
  choice: Choice;
  busy: boolean;
  onRole: (role: Role) => void;
  onAttribute: (name: string) => void;
}

function Line({ column: c, choice, busy, onRole, onAttribute }: LineProps) {
  const { t } = useTranslation();
  const title = c.header || t('import.noHeader', { n: c.index + 1 });
  const asFound = choice.role === c.role && (choice.role !== 'attribute' || choice.attribute === c.attribute);
  const basis = asFound ? c.basis : 'user';
  const samples = c.samples.filter(Boolean);
  return (
    <Table.Tr data-ignored={choice.role === 'ignore' || undefined}>
      <Table.Td className={classes.header}>
        <Text fw={600} span>
          {title}
        </Text>
        {c.hidden && (
          <Badge ml={6} variant="outline" color="gray" size="sm">
            {t('import.hiddenColumn')}
          </Badge>
        )}
      </Table.Td>
      <Table.Td>
        {samples.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('import.noSamples')}
          </Text>
        ) : (
          <ul className={classes.samples} aria-label={t('import.samplesOf', { column: title })}>
            {samples.map((s, i) => (
              <li key={i}>{s}</li>
            ))}
          </ul>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap={6} align="flex-start">
          <Select
            aria-label={t('import.roleOf', { column: title })}
            data={roles.map((r) => ({ value: r, label: t(`import.roles.${r}`) }))}
            value={choice.role}
            onChange={(v) => v && onRole(v as Role)}
            allowDeselect={false}
            disabled={busy}
            flex="1 1 150px"
          />
          {choice.role === 'attribute' && (
            <TextInput
              aria-label={t('import.attributeOf', { column: title })}
              value={choice.attribute}
              onChange={(e) => onAttribute(e.currentTarget.value)}
              disabled={busy}
              flex="1 1 150px"
            />
          )}
        </Group>
        {(choice.role !== 'ignore' || basis === 'user') && basis !== 'none' && (
          <Text size="xs" c="dimmed" mt={4}>
            {t(`import.basis.${basis}`)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
