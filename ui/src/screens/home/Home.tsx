/*
 * Home.tsx - the first page: how many, how well, the last hours, the last sends. A company that has
 * nothing yet sees the three steps to its first message instead.
 */
import { Paper, Stack, Text, Title, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AnchorLink, ButtonLink } from '../../components/links';
import { recentCampaignsQuery, sessionQuery, summaryQuery } from '../../api/queries';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { CampaignCard } from '../campaigns/CampaignCard';
import { FirstSteps } from './FirstSteps';
import { HoursChart } from './HoursChart';
import { Tiles } from './Tiles';

export function Home() {
  const { t } = useTranslation();
  const { data: session } = useQuery(sessionQuery);
  const summary = useQuery(summaryQuery);
  const recent = useQuery(recentCampaignsQuery);
  const s = summary.data;
  const started = !!s && s.campaigns > 0;
  return (
    <>
      <PageHeader title={t('home.title')} lead={session && t('home.lead', { company: session.company.name })}>
        <ButtonLink to="/campaigns/new" hiddenFrom="sm">
          {t('nav.compose')}
        </ButtonLink>
      </PageHeader>
      <ProblemAlert error={summary.error ?? recent.error} retry={() => void summary.refetch()} />
      <Stack gap="lg">
        {s && !started && <FirstSteps contacts={s.contacts} />}
        {s && <Tiles summary={s} />}
        {started && <HoursChart />}
        {recent.data && recent.data.items.length > 0 && (
          <Paper withBorder p="lg" component="section" aria-labelledby="recent">
            <Group justify="space-between" mb="md">
              <Title order={2} size="h4" id="recent">
                {t('home.recent')}
              </Title>
              <AnchorLink to="/campaigns" size="sm" underline="always">
                {t('home.allCampaigns')}
              </AnchorLink>
            </Group>
            <Stack gap="xs">
              {recent.data.items.map((c) => (
                <CampaignCard key={c.id} campaign={c} />
              ))}
            </Stack>
          </Paper>
        )}
        {s && started && s.messages.unknown > 0 && (
          <Text size="sm" c="dimmed">
            {t('home.unknownNote')}
          </Text>
        )}
      </Stack>
    </>
  );
}
