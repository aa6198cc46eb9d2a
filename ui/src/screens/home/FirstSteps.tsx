/* FirstSteps.tsx - the way to the first message, for a company that has sent nothing yet. */
import { Paper, SimpleGrid, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../components/links';
import { templatesQuery } from '../../api/queries';

export function FirstSteps({ contacts }: { contacts: number }) {
  const { t } = useTranslation();
  const { data: templates } = useQuery(templatesQuery);
  const steps = [
    { key: 'import', to: '/imports', done: contacts > 0 },
    { key: 'template', to: '/templates', done: (templates?.length ?? 0) > 0 },
    { key: 'send', to: '/campaigns/new', done: false },
  ] as const;
  const next = steps.findIndex((s) => !s.done);
  return (
    <Paper withBorder p="lg" component="section" aria-labelledby="first-steps">
      <Title order={2} size="h4" id="first-steps" mb="md">
        {t('first.title')}
      </Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }} component="ol" p={0} m={0} style={{ listStyle: 'none' }}>
        {steps.map((s, i) => (
          <Stack key={s.key} gap="xs" align="flex-start" component="li">
            <ThemeIcon radius="xl" size="lg" color={s.done ? 'teal.8' : 'ink'} variant="filled">
              {s.done ? <IconCheck size={18} aria-label={t('first.done')} /> : <b>{i + 1}</b>}
            </ThemeIcon>
            <Text fw={700}>{t(`first.${s.key}`)}</Text>
            <Text size="sm" c="dimmed">
              {t(`first.${s.key}Text`)}
            </Text>
            <ButtonLink to={s.to} variant={i === next ? 'filled' : 'default'} mt="auto">
              {t(`first.${s.key}Button`)}
            </ButtonLink>
          </Stack>
        ))}
      </SimpleGrid>
    </Paper>
  );
}
