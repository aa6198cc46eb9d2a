/* ResultStep.tsx - what the import did, and where to go from here. */
import { Group, Paper, SimpleGrid, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../components/links';
import type { Schemas } from '../../api/client';
import { formatCount } from '../../lib/format';

export function ResultStep({ item }: { item: Schemas['Import'] }) {
  const { t } = useTranslation();
  const r = item.result ?? { created: 0, updated: 0, skipped: 0 };
  return (
    <Paper withBorder p={{ base: 'md', sm: 'xl' }} data-testid="import-result">
      <Stack gap="lg">
        <Group gap="sm" wrap="nowrap">
          <ThemeIcon color="teal.8" radius="xl" size="lg">
            <IconCheck size={20} aria-hidden />
          </ThemeIcon>
          <Title order={2} size="h4" role="status">
            {t('import.resultTitle', {
              n: formatCount(r.created + r.updated),
              group: item.group?.name ?? '',
            })}
          </Title>
        </Group>
        <SimpleGrid cols={3} maw={520}>
          {(['created', 'updated', 'skipped'] as const).map((k) => (
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
        <Group>
          {item.group && (
            <>
              <ButtonLink
                to="/campaigns/new"
                search={{ group: item.group.id, template: undefined }}
                size="md"
              >
                {t('import.sendNow')}
              </ButtonLink>
              <ButtonLink
                to="/contacts"
                search={{ q: undefined, group: item.group.id }}
                variant="default"
                size="md"
              >
                {t('import.seeContacts')}
              </ButtonLink>
            </>
          )}
          <ButtonLink to="/imports" variant="subtle" size="md">
            {t('import.another')}
          </ButtonLink>
        </Group>
      </Stack>
    </Paper>
  );
}
