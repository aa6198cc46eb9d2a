/* ContactHistory.tsx - what a customer was sent, the newest first: result, reason, clicks, and the way to the message itself. */
import { Button, Center, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { contactMessagesQuery } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { ProblemAlert } from '../../components/ProblemAlert';
import { MessageStateBadge } from '../../components/StateBadge';
import { AnchorLink } from '../../components/links';
import { formatCount, formatPhone, formatSeconds } from '../../lib/format';

export function ContactHistory({ contact: c }: { contact: Schemas['Contact'] }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(contactMessagesQuery(c.id));
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  if (list.isPending) return <Skeleton h={200} />;
  return (
    <>
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {list.data && items.length === 0 && (
        <Empty
          icon={<IconSend aria-hidden />}
          title={t('history.emptyTitle')}
          text={t('history.emptyText')}
        />
      )}
      <Stack gap="xs" role="list" aria-label={t('contact.history')}>
        {items.map((m) => (
          <Sent key={`${m.campaign.id}.${m.ordinal}`} message={m} phone={c.phone} />
        ))}
      </Stack>
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
    </>
  );
}

function Sent({ message: m, phone }: { message: Schemas['ContactMessage']; phone: string }) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="sm" role="listitem">
      <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
        <AnchorLink
          to="/campaigns/$id"
          params={{ id: m.campaign.id }}
          search={{ message: m.ordinal }}
          fw={600}
          underline="always"
          style={{ overflowWrap: 'anywhere' }}
        >
          {m.campaign.name}
        </AnchorLink>
        <MessageStateBadge state={m.state} />
      </Group>
      <Text size="sm" c="dimmed">
        {t('history.template', { name: m.template_name })}
      </Text>
      {m.reason_text && <Text size="sm">{m.reason_text}</Text>}
      {m.phone !== phone && (
        <Text size="sm">{t('history.otherNumber', { phone: formatPhone(m.phone) })}</Text>
      )}
      <Group gap="md" mt={4} style={{ rowGap: 2 }}>
        {m.sent_at !== null && (
          <Text size="sm" className="tabular">
            {t('history.sentAt', { time: formatSeconds(m.sent_at) })}
          </Text>
        )}
        {m.settled_at !== null && (
          <Text size="sm" className="tabular">
            {t('history.settledAt', { time: formatSeconds(m.settled_at) })}
          </Text>
        )}
        {m.first_click_at !== null ? (
          <Text size="sm" className="tabular">
            {t('history.clicked', { n: formatCount(m.click_count), time: formatSeconds(m.first_click_at) })}
          </Text>
        ) : (
          m.state === 'delivered' && <Text size="sm">{t('history.notClicked')}</Text>
        )}
      </Group>
    </Paper>
  );
}
