/* CampaignPage.tsx - one send: how far, what became of everybody, and one person in the drawer. */
import { Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../../components/links';
import type { Schemas } from '../../api/client';
import { campaignQuery } from '../../api/queries';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { SplitBar } from '../../components/SplitBar';
import { CampaignStateBadge } from '../../components/StateBadge';
import { formatCount, formatFriendly, formatPrice, formatShare } from '../../lib/format';
import { namesOf } from '../../lib/recipients';
import { intended, successRate } from '../../lib/states';
import { useLang } from '../../lib/useLang';
import { Controls } from './Controls';
import { MessageDrawer } from './MessageDrawer';
import { Messages } from './Messages';
import { Notices } from './Notices';
import { useCampaignEvents } from './useCampaignEvents';
import { useSpeed } from './useSpeed';

const route = getRouteApi('/inside/campaigns/$id');

export function CampaignPage() {
  const { t } = useTranslation();
  const lang = useLang();
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: c, error, refetch } = useQuery(campaignQuery(id));
  useCampaignEvents(c);
  const speed = useSpeed(c);

  if (c && (c.state === 'draft' || c.state === 'checked'))
    return <Navigate to="/campaigns/$id/compose" params={{ id }} replace />;
  return (
    <>
      <PageHeader
        title={c?.name ?? t('nav.campaigns')}
        lead={
          c && (
            <Group gap="sm">
              <CampaignStateBadge state={c.state} />
              <Text span>
                {namesOf(c.recipients.groups, t)} · {c.template.name} · {formatFriendly(c.started_at, lang)}
              </Text>
            </Group>
          )
        }
      >
        {c && <Controls campaign={c} />}
      </PageHeader>
      <ProblemAlert error={error} retry={() => void refetch()} />
      {!c && !error && <Skeleton h={240} />}
      {c && (
        <Stack gap="lg">
          <Notices campaign={c} />
          <Paper
            withBorder
            p={{ base: 'md', sm: 'lg' }}
            component="section"
            aria-label={t('campaign.progress')}
          >
            <Numbers campaign={c} />
            <SplitBar
              counts={c.counts}
              selected={search.state}
              onSelect={(state) =>
                void navigate({ search: (s) => ({ ...s, state, message: undefined }), replace: true })
              }
            />
            <Text size="sm" c="dimmed" mt="sm" aria-live="polite">
              {c.state === 'sending' && speed !== null && speed.perSecond > 0
                ? t('campaign.speed', {
                    speed: formatPrice(speed.perSecond),
                    left: formatCount(c.counts.queued + c.counts.sending),
                  })
                : c.finished_at !== null
                  ? t('campaign.finishedAt', { time: formatFriendly(c.finished_at, lang) })
                  : t('campaign.liveNote')}
            </Text>
          </Paper>
          <Messages campaign={c} />
          <Text size="sm">
            <AnchorLink to="/campaigns" underline="always">
              {t('campaign.backToList')}
            </AnchorLink>
          </Text>
        </Stack>
      )}
      <MessageDrawer
        campaign={c}
        ordinal={search.message}
        onMove={(message) =>
          void navigate({ search: (s) => ({ ...s, message }), replace: true, resetScroll: false })
        }
      />
    </>
  );
}

function Numbers({ campaign: c }: { campaign: Schemas['Campaign'] }) {
  const { t } = useTranslation();
  const n = c.counts;
  const facts = [
    [t('campaign.intended'), formatCount(intended(n))],
    [t('home.success'), formatShare(successRate(n))],
    ...(c.links.length > 0 ? [[t('campaign.clickers'), formatCount(n.clicked)]] : []),
    ...(c.cost !== null ? [[t('campaign.cost'), t('campaign.won', { n: formatPrice(c.cost) })]] : []),
  ] as [string, string][];
  return (
    <Group component="dl" gap="xl" m={0} mb="md">
      {facts.map(([k, v]) => (
        <div key={k}>
          <Text component="dt" size="sm" c="dimmed">
            {k}
          </Text>
          <Text component="dd" m={0} fz={24} fw={800} className="tabular" lh={1.25}>
            {v}
          </Text>
        </div>
      ))}
    </Group>
  );
}
