/* CampaignCard.tsx - one send in a list: name, state, bar, numbers. */
import { Group, Paper, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../../components/links';
import type { Schemas } from '../../api/client';
import { CampaignStateBadge } from '../../components/StateBadge';
import { SplitBar } from '../../components/SplitBar';
import { formatCount, formatFriendly, formatShare } from '../../lib/format';
import { namesOf } from '../../lib/recipients';
import { intended, successRate } from '../../lib/states';
import { useLang } from '../../lib/useLang';

export function CampaignCard({ campaign: c }: { campaign: Schemas['Campaign'] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const begun = c.started_at !== null;
  const draft = c.state === 'draft' || c.state === 'checked';
  const name = (
    <Text span fw={700} style={{ overflowWrap: 'anywhere' }}>
      {c.name}
    </Text>
  );
  return (
    <Paper withBorder p="md" component="article" aria-label={c.name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
        <div style={{ minWidth: 0 }}>
          {draft ? (
            <AnchorLink to="/campaigns/$id/compose" params={{ id: c.id }}>
              {name}
            </AnchorLink>
          ) : (
            <AnchorLink to="/campaigns/$id" params={{ id: c.id }}>
              {name}
            </AnchorLink>
          )}
          <Text size="sm" c="dimmed">
            {namesOf(c.recipients.groups, t)} · {c.template.name} ·{' '}
            {formatFriendly(c.started_at ?? c.created_at, lang)}
          </Text>
        </div>
        <CampaignStateBadge state={c.state} />
      </Group>
      {begun && (
        <>
          <div style={{ marginTop: 10 }}>
            <SplitBar counts={c.counts} size="sm" legend={false} />
          </div>
          <Group gap="md" mt={6}>
            <Text size="sm">{t('campaign.lineTotal', { n: formatCount(intended(c.counts)) })}</Text>
            <Text size="sm">{t('campaign.lineSuccess', { share: formatShare(successRate(c.counts)) })}</Text>
            {c.counts.failed > 0 && (
              <Text size="sm">{t('campaign.lineFailed', { n: formatCount(c.counts.failed) })}</Text>
            )}
            {c.counts.unknown > 0 && (
              <Text size="sm">{t('campaign.lineUnknown', { n: formatCount(c.counts.unknown) })}</Text>
            )}
            {c.links.length > 0 && (
              <Text size="sm">{t('campaign.lineClicked', { n: formatCount(c.counts.clicked) })}</Text>
            )}
          </Group>
        </>
      )}
    </Paper>
  );
}
