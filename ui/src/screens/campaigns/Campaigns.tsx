/* Campaigns.tsx - all sends, newest first, filtered by state. */
import { Button, Chip, Group, Skeleton, Stack } from '@mantine/core';
import { IconPencilPlus, IconSend } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../components/links';
import { campaignsQuery } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import type { CampaignState } from '../../lib/states';
import { useCan } from '../../lib/useCan';
import { CampaignCard } from './CampaignCard';

const route = getRouteApi('/inside/campaigns');
const states: CampaignState[] = ['draft', 'checked', 'sending', 'paused', 'finished', 'cancelled'];

export function Campaigns() {
  const { t } = useTranslation();
  const { state } = route.useSearch();
  const navigate = route.useNavigate();
  const canWrite = useCan('sender');
  const list = useInfiniteQuery({ ...campaignsQuery(state), refetchInterval: 10_000 });
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const compose = canWrite && (
    <ButtonLink to="/campaigns/new" leftSection={<IconPencilPlus size={18} aria-hidden />}>
      {t('nav.compose')}
    </ButtonLink>
  );
  return (
    <>
      <PageHeader title={t('nav.campaigns')}>{compose}</PageHeader>
      <Group gap="xs" mb="md" role="group" aria-label={t('campaign.filter')}>
        {[undefined, ...states].map((s) => (
          <Chip
            key={s ?? 'all'}
            size="sm"
            variant="outline"
            checked={state === s}
            onChange={() => void navigate({ search: { state: s } })}
          >
            {s ? t(`campaignState.${s}`) : t('campaign.all')}
          </Chip>
        ))}
      </Group>
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {list.isPending && <Skeleton h={200} />}
      {list.data && items.length === 0 && (
        <Empty
          icon={<IconSend aria-hidden />}
          title={state ? t('campaign.noneTitle') : t('campaign.emptyTitle')}
          text={state ? t('campaign.noneText') : t('campaign.emptyText')}
        >
          {!state && compose}
        </Empty>
      )}
      <Stack gap="sm">
        {items.map((c) => (
          <CampaignCard key={c.id} campaign={c} />
        ))}
        {list.hasNextPage && (
          <Button
            variant="default"
            onClick={() => void list.fetchNextPage()}
            loading={list.isFetchingNextPage}
          >
            {t('action.more')}
          </Button>
        )}
      </Stack>
    </>
  );
}
