/* PastImports.tsx - who brought which file when, and what became of it; running ones move by themselves. */
import { Button, Center, Paper, Progress, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { importsQuery } from '../../api/queries';
import { AnchorLink } from '../../components/links';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatBytes, formatCount, formatFriendly } from '../../lib/format';
import { type Import, isUnderWay, percent, verdicts } from '../../lib/imports';
import { useLang } from '../../lib/useLang';
import { SameFile } from './SameFile';
import { importAddress } from './address';
import classes from './Imports.module.css';

export function PastImports() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(importsQuery);
  const shown = list.data?.pages.flatMap((p) => p.items).filter((i) => i.state !== 'discarded') ?? [];
  return (
    <>
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {shown.length > 0 && (
        <Paper withBorder p={{ base: 'sm', sm: 'lg' }} component="section" aria-labelledby="past-imports">
          <Title order={2} size="h4" mb="sm" id="past-imports">
            {t('import.past')}
          </Title>
          <Table className={classes.past} verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('import.file')}</Table.Th>
                <Table.Th scope="col">{t('import.state')}</Table.Th>
                <Table.Th scope="col">{t('import.counts')}</Table.Th>
                <Table.Th scope="col">{t('import.uploaded')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((i) => (
                <Line key={i.id} item={i} />
              ))}
            </Table.Tbody>
          </Table>
          {list.hasNextPage && (
            <Center mt="sm">
              <Button
                variant="default"
                loading={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                {t('action.more')}
              </Button>
            </Center>
          )}
        </Paper>
      )}
    </>
  );
}

function Line({ item: i }: { item: Import }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <Table.Tr>
      <Table.Td className={classes.file}>
        <AnchorLink {...importAddress(i.id)} fw={600}>
          {i.filename}
        </AnchorLink>
        <Text size="sm" c="dimmed">
          {formatBytes(i.size)}
        </Text>
        <SameFile item={i} />
      </Table.Td>
      <Table.Td>
        <State item={i} />
      </Table.Td>
      <Table.Td>{i.counts.rows > 0 && <CountWords item={i} />}</Table.Td>
      <Table.Td>
        <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
          {formatFriendly(i.created_at, lang)}
        </Text>
        <Text size="sm" c="dimmed">
          {i.created_by?.name ?? t('import.nobody')}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function State({ item: i }: { item: Import }) {
  const { t } = useTranslation();
  if (isUnderWay(i)) {
    const share = percent(i.progress);
    const words = t(`import.states.${i.state}`);
    return (
      <>
        <Text size="sm">{share === null ? words : `${words} · ${share}%`}</Text>
        <Progress value={share ?? 100} animated={share === null} mt={4} aria-label={words} />
      </>
    );
  }
  if (i.state === 'confirmed' && i.result) {
    const n = formatCount(i.result.created + i.result.updated + i.result.kept);
    const groups = i.groups.map((g) => g.name).join(', ');
    return (
      <Text size="sm">{groups ? t('import.doneLine', { n, groups }) : t('import.doneAlone', { n })}</Text>
    );
  }
  return (
    <>
      <Text size="sm" c={i.state === 'refused' ? 'var(--mantine-color-error)' : undefined}>
        {t(`import.states.${i.state}`)}
      </Text>
      {i.problem && (
        <Text size="sm" c="dimmed">
          {i.problem.text}
        </Text>
      )}
    </>
  );
}

/* Rows by verdict, those that there are. */
function CountWords({ item: i }: { item: Import }) {
  const { t } = useTranslation();
  const parts = verdicts
    .filter((v) => i.counts[v] > 0)
    .map((v) => `${t(`import.verdicts.${v}`)} ${formatCount(i.counts[v])}`);
  return (
    <>
      <Text size="sm" className="tabular">
        {t('import.rowsN', { n: formatCount(i.counts.rows) })}
      </Text>
      <Text size="sm" c="dimmed" className="tabular">
        {parts.join(' · ')}
      </Text>
    </>
  );
}
