/* Imports.tsx - the place to drop a file, and the files dropped before. */
import { Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../../components/links';
import type { Schemas } from '../../api/client';
import { importsQuery } from '../../api/queries';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount, formatFriendly } from '../../lib/format';
import { useCan } from '../../lib/useCan';
import { useLang } from '../../lib/useLang';
import { UploadZone } from './UploadZone';

export function Imports() {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const { data, error, refetch } = useQuery(importsQuery);
  const shown = data?.items.filter((i) => i.state !== 'discarded') ?? [];
  return (
    <>
      <PageHeader title={t('nav.imports')} lead={t('import.lead')} />
      <ProblemAlert error={error} retry={() => void refetch()} />
      <Stack gap="lg">
        {canWrite && <UploadZone />}
        {shown.length > 0 && (
          <Paper withBorder p={{ base: 'sm', sm: 'lg' }} component="section" aria-labelledby="past-imports">
            <Title order={2} size="h4" mb="sm" id="past-imports">
              {t('import.past')}
            </Title>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('import.file')}</Table.Th>
                  <Table.Th scope="col">{t('import.state')}</Table.Th>
                  <Table.Th scope="col" visibleFrom="sm">
                    {t('import.uploaded')}
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {shown.map((i) => (
                  <ImportLine key={i.id} item={i} />
                ))}
              </Table.Tbody>
            </Table>
          </Paper>
        )}
      </Stack>
    </>
  );
}

function ImportLine({ item: i }: { item: Schemas['Import'] }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <AnchorLink to="/imports/$id" params={{ id: i.id }} fw={600}>
          {i.filename}
        </AnchorLink>
      </Table.Td>
      <Table.Td>
        {i.result
          ? t('import.doneLine', {
              n: formatCount(i.result.created + i.result.updated),
              group: i.group?.name ?? '',
            })
          : t('import.openLine')}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" c="dimmed">
          {formatFriendly(i.created_at, lang)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
