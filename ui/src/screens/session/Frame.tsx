/* Frame.tsx - the quiet page around login and sign-up. */
import { Box, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { statusQuery } from '../../api/queries';
import { Logo } from '../../app/Logo';
import { PracticeBanner } from '../../app/PracticeBanner';
import { Toggles } from '../../app/Toggles';

export function Frame({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t } = useTranslation();
  const { data: status } = useQuery(statusQuery);
  useEffect(() => {
    document.title = `${title} · SendinGo`;
  }, [title]);
  return (
    <>
      {status?.practice && <PracticeBanner />}
      <Group justify="space-between" px="md" py="sm" component="header">
        <Logo />
        <Toggles />
      </Group>
      <Center component="main" px="md" py={{ base: 'md', sm: 48 }}>
        <Box w="100%" maw={420}>
          <Stack gap={4} mb="lg">
            <Title order={1} size="h2">
              {title}
            </Title>
            <Text c="dimmed">{lead}</Text>
          </Stack>
          <Paper withBorder p={{ base: 'md', sm: 'xl' }} shadow="xs">
            {children}
          </Paper>
          <Text size="sm" c="dimmed" mt="lg" ta="center">
            {t('session.motto')}
          </Text>
        </Box>
      </Center>
    </>
  );
}
