/* Summary.tsx - what an import did, kept for good: who, when, which rows, how the file was read, and where to go now. */
import {
  Button,
  CopyButton,
  Group,
  Paper,
  SimpleGrid,
  Stack,
  Table,
  Text,
  ThemeIcon,
  Title,
  Tooltip,
} from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AnchorLink, ButtonLink } from '../../components/links';
import { shownColumns } from '../../lib/correction';
import { formatBytes, formatCount, formatFriendly } from '../../lib/format';
import { type Import, verdicts } from '../../lib/imports';
import { useLang } from '../../lib/useLang';
import { useColumnName } from './RowCells';
import { SameFile } from './SameFile';

export function Summary({ item }: { item: Import }) {
  const { t } = useTranslation();
  const r = item.result ?? { created: 0, updated: 0, kept: 0, skipped: 0 };
  return (
    <Stack gap="md">
      <Paper withBorder p={{ base: 'md', sm: 'xl' }} data-testid="import-result">
        <Stack gap="lg">
          <Group gap="sm" wrap="nowrap">
            <ThemeIcon color="teal.8" radius="xl" size="lg">
              <IconCheck size={20} aria-hidden />
            </ThemeIcon>
            <Title order={2} size="h4" role="status">
              {t('import.resultTitle', { n: formatCount(r.created + r.updated + r.kept) })}
            </Title>
          </Group>
          <SimpleGrid cols={{ base: 2, xs: 4 }} maw={640}>
            {(['created', 'updated', 'kept', 'skipped'] as const).map((k) => (
              <div key={k}>
                <Text size="sm" c="dimmed">
                  {t(`import.result.${k}`)}
                </Text>
                <Text fz={26} fw={800} className="tabular" data-testid={`result-${k}`}>
                  {formatCount(r[k])}
                </Text>
              </div>
            ))}
          </SimpleGrid>
          <Destinations item={item} />
          <Group>
            <SendButton item={item} />
            <ButtonLink to="/imports" variant="default" size="md">
              {t('import.another')}
            </ButtonLink>
          </Group>
        </Stack>
      </Paper>
      <Record item={item} />
    </Stack>
  );
}

function Destinations({ item }: { item: Import }) {
  const { t } = useTranslation();
  if (item.groups.length === 0)
    return (
      <Text>
        {t('import.ungrouped')}{' '}
        <AnchorLink to="/contacts" search={{ q: undefined, group: undefined }} underline="always">
          {t('import.seeContacts')}
        </AnchorLink>
      </Text>
    );
  return (
    <Group gap="xs" data-testid="groups">
      <Text>{t('import.groups')}</Text>
      {item.groups.map((g) => (
        <AnchorLink
          key={g.id}
          to="/contacts"
          search={{ q: undefined, group: g.id }}
          underline="always"
          fw={600}
        >
          {g.name}
        </AnchorLink>
      ))}
    </Group>
  );
}

function SendButton({ item }: { item: Import }) {
  const { t } = useTranslation();
  const group = item.groups[0];
  return (
    <ButtonLink
      to="/campaigns/new"
      search={{ group: group?.id, template: item.template?.id, step: undefined }}
      size="md"
    >
      {group ? t('import.sendTo', { group: group.name }) : t('import.send')}
    </ButtonLink>
  );
}

function Record({ item }: { item: Import }) {
  const { t } = useTranslation();
  const lang = useLang();
  const name = useColumnName();
  const columns = shownColumns(item.columns);
  const reading = [
    t(`import.kinds.${item.kind ?? 'csv'}`),
    formatBytes(item.size),
    item.encoding && t('import.encodingIs', { encoding: item.encoding.toUpperCase() }),
    item.sheets.length > 1 && t('import.sheetIs', { sheet: item.sheets[item.sheet]?.name ?? '' }),
  ].filter(Boolean);
  const lines: [string, ReactNode][] = [
    [
      t('import.record.who'),
      t('import.record.whoWhen', {
        who: item.created_by?.name ?? t('import.nobody'),
        when: formatFriendly(item.confirmed_at ?? item.created_at, lang),
      }),
    ],
    [t('import.file'), reading.join(' · ')],
    [
      t('import.counts'),
      <>
        {t('import.rowsN', { n: formatCount(item.counts.rows) })} (
        {[...verdicts, 'dropped' as const]
          .map((v) => `${t(`import.verdicts.${v}`)} ${formatCount(item.counts[v])}`)
          .join(' · ')}
        )
      </>,
    ],
    [
      t('import.record.mapping'),
      <ul key="m" style={{ margin: 0, paddingLeft: 18 }}>
        {columns.map((c) => (
          <li key={c.index}>
            {c.header || t('import.noHeader', { n: c.index + 1 })} → {name(c)}
          </li>
        ))}
      </ul>,
    ],
    [t('import.rules.duplicates.title'), t(`import.rules.duplicates.${item.duplicates}`)],
    [t('import.rules.existing.title'), t(`import.rules.existing.${item.existing}`)],
    [t('import.record.hash'), <Hash key="h" value={item.hash} />],
  ];
  if (item.template) lines.splice(4, 0, [t('import.template'), item.template.name]);
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'lg' }} component="section" aria-labelledby="record">
      <Title order={2} size="h4" mb="xs" id="record">
        {t('import.record.title')}
      </Title>
      <Table variant="vertical" withRowBorders={false} layout="fixed">
        <Table.Tbody>
          {lines.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Th
                w={{ base: 110, sm: 220 }}
                style={{ background: 'none', verticalAlign: 'top' }}
                scope="row"
              >
                {label}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <SameFile item={item} />
    </Paper>
  );
}

function Hash({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      <Tooltip label={value} multiline maw={340} events={{ hover: true, focus: true, touch: true }}>
        <Text span ff="monospace" size="sm" tabIndex={0} data-testid="hash">
          {value.slice(0, 12)}…
        </Text>
      </Tooltip>
      {/* The clipboard exists only on secure addresses. */}
      {window.isSecureContext && (
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="default" onClick={copy}>
              {copied ? t('import.copied') : t('import.copy')}
            </Button>
          )}
        </CopyButton>
      )}
      <Text size="sm" c="dimmed">
        {t('import.record.hashNote')}
      </Text>
    </Group>
  );
}
