/* MessageDrawer.tsx - one person of a send: the text as sent, its buttons, what happened when, who clicked. */
import { Alert, Button, Drawer, Group, List, Skeleton, Stack, Text, Timeline, Title } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { messageQuery, profilesQuery } from '../../api/queries';
import { PhoneBubble } from '../../components/PhoneBubble';
import { ProblemAlert } from '../../components/ProblemAlert';
import { MessageStateBadge } from '../../components/StateBadge';
import { formatPhone, formatSeconds } from '../../lib/format';
import { stepColors } from '../../lib/states';

interface Props {
  campaign: Schemas['Campaign'] | undefined;
  ordinal: number | undefined;
  onMove: (ordinal: number | undefined) => void;
}

export function MessageDrawer({ campaign, ordinal, onMove }: Props) {
  const { t } = useTranslation();
  const opened = campaign !== undefined && ordinal !== undefined;
  return (
    <Drawer
      opened={opened}
      onClose={() => onMove(undefined)}
      position="right"
      size="lg"
      title={t('message.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {opened && <Message campaign={campaign} ordinal={ordinal} onMove={onMove} />}
    </Drawer>
  );
}

function Message({
  campaign: c,
  ordinal,
  onMove,
}: {
  campaign: Schemas['Campaign'];
  ordinal: number;
  onMove: Props['onMove'];
}) {
  const { t } = useTranslation();
  const { data: m, error } = useQuery({ ...messageQuery(c.id, ordinal), placeholderData: keepPreviousData });
  const { data: profiles } = useQuery(profilesQuery);
  const sender = (profiles?.find((p) => p.is_default) ?? profiles?.[0])?.name ?? '';
  if (error) return <ProblemAlert error={error} />;
  if (!m) return <Skeleton h={400} />;
  return (
    <Stack gap="lg" data-testid="message">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={700} size="lg">
            {m.name}
          </Text>
          <Text className="tabular" c="dimmed">
            {formatPhone(m.phone)}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          <Button
            variant="default"
            size="xs"
            px={8}
            disabled={m.previous_ordinal === null}
            aria-label={t('message.previous')}
            onClick={() => onMove(m.previous_ordinal ?? undefined)}
          >
            <IconChevronLeft size={18} aria-hidden />
          </Button>
          <Button
            variant="default"
            size="xs"
            px={8}
            disabled={m.next_ordinal === null}
            aria-label={t('message.next')}
            onClick={() => onMove(m.next_ordinal ?? undefined)}
          >
            <IconChevronRight size={18} aria-hidden />
          </Button>
        </Group>
      </Group>
      <Group gap="xs">
        <MessageStateBadge state={m.state} />
        {m.reason_text && <Text size="sm">{m.reason_text}</Text>}
      </Group>
      {m.result_text && m.state !== 'delivered' && (
        <Alert variant="outline" color="gray" title={t('message.gatewayWords')}>
          {m.result_text} {m.result_code && `(${m.result_code})`}
        </Alert>
      )}
      <PhoneBubble
        sender={sender}
        title={m.title}
        body={m.body}
        buttons={m.buttons}
        label={t('message.asSent')}
      />
      <section aria-labelledby="timeline">
        <Title order={3} size="h5" mb="sm" id="timeline">
          {t('message.timeline')}
        </Title>
        <Timeline bulletSize={16} lineWidth={2} active={m.timeline.length}>
          {m.timeline.map((step, i) => (
            <Timeline.Item
              key={i}
              title={t(`message.step.${step.state}`)}
              color={`${stepColors[step.state]}.6`}
            >
              {step.text && <Text size="sm">{step.text}</Text>}
              <Text size="sm" c="dimmed" className="tabular">
                {formatSeconds(step.at)}
              </Text>
            </Timeline.Item>
          ))}
        </Timeline>
      </section>
      {c.links.length > 0 && <Clicks message={m} />}
    </Stack>
  );
}

function Clicks({ message: m }: { message: Schemas['MessageDetail'] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="clicks">
      <Title order={3} size="h5" mb="xs" id="clicks">
        {t('message.clicks')}
      </Title>
      {m.clicks.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('message.noClicks')}
        </Text>
      )}
      <List size="sm" data-testid="clicks">
        {m.clicks.map((k, i) => (
          <List.Item key={i}>
            <span className="tabular">{formatSeconds(k.at)}</span> ·{' '}
            {m.buttons[k.button - 1]?.name ?? k.button} · {t(`message.click.${k.kind}`)}
          </List.Item>
        ))}
      </List>
    </section>
  );
}
