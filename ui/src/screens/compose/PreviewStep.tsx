/*
 * PreviewStep.tsx - as it will look: the messages the server has rendered, one after the other, and
 * those it refuses, with the reasons.
 */
import {
  Alert,
  Button,
  Divider,
  Grid,
  Group,
  Loader,
  Paper,
  ScrollArea,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { messageQuery, messagesQuery, profilesQuery, templateQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { PhoneBubble } from '../../components/PhoneBubble';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount, formatPhone } from '../../lib/format';
import { asksForChannel } from '../../lib/templates';
import { Facts } from './Facts';
import { StepFoot } from './StepFoot';
import { Walk } from './Walk';
import { checkQuery } from './checkQuery';

interface Props {
  campaign: Schemas['Campaign'];
  onBack: () => void;
  onNext: () => void;
}

export function PreviewStep({ campaign, onBack, onNext }: Props) {
  const { t } = useTranslation();
  const { data: check, error, isFetching, refetch } = useQuery(checkQuery(campaign.id));
  return (
    <>
      <ProblemAlert error={error} retry={() => void refetch()} />
      {isFetching && !check && (
        <Stack>
          <Group>
            <Loader size="sm" />
            <Text role="status">{t('compose.checking')}</Text>
          </Group>
          <Skeleton h={360} />
        </Stack>
      )}
      {check && (
        <Grid gap={{ base: 'md', md: 'xl' }}>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Viewer check={check} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Verdict check={check} />
          </Grid.Col>
        </Grid>
      )}
      <StepFoot onBack={onBack}>
        <Button size="md" onClick={onNext} disabled={!check || check.sendable === 0}>
          {t('compose.toConfirm')}
        </Button>
      </StepFoot>
    </>
  );
}

function Viewer({ check }: { check: Schemas['Check'] }) {
  const { t } = useTranslation();
  const id = check.campaign.id;
  const total = check.campaign.counts.total;
  const [ordinal, setOrdinal] = useState(1);
  const { data: m, error } = useQuery({
    ...messageQuery(id, ordinal),
    placeholderData: keepPreviousData,
    enabled: total > 0,
  });
  const { data: profiles } = useQuery(profilesQuery);
  const { data: template } = useQuery(templateQuery(check.campaign.template.id));
  const sender = profiles?.find((p) => p.id === template?.sender_profile_id)?.name ?? '';
  const go = (to: number) => total > 0 && setOrdinal(Math.min(total, Math.max(1, to)));
  useEffect(() => {
    if (ordinal < total) void queryClient.prefetchQuery(messageQuery(id, ordinal + 1));
  }, [id, ordinal, total]);
  if (error) return <ProblemAlert error={error} />;
  if (!m) return total > 0 ? <Skeleton h={360} /> : null;
  return (
    <Stack gap="sm" data-testid="preview">
      <Walk position={ordinal} total={total} onGo={go} />
      <Text ta="center" aria-live="polite">
        <b>{m.name}</b> <span className="tabular">{formatPhone(m.phone)}</span>
      </Text>
      {m.state === 'skipped' && (
        <Alert color="red" variant="outline" title={t('compose.notSent')}>
          {m.reason_text}
        </Alert>
      )}
      <Group justify="center">
        <PhoneBubble
          sender={sender}
          image={template?.emphasis === 'IMAGE' ? (template.image_url ?? ' ') : null}
          title={m.title}
          subtitle={template?.subtitle}
          body={m.body}
          extra={template?.extra}
          asksForChannel={!!template && asksForChannel(template.type)}
          buttons={m.buttons.map((b, i) => ({ ...b, type: template?.buttons[i]?.type }))}
        />
      </Group>
      {check.longest_ordinal !== null && (
        <Button variant="subtle" size="xs" onClick={() => go(check.longest_ordinal!)}>
          {t('compose.longest')}
        </Button>
      )}
    </Stack>
  );
}

function Verdict({ check }: { check: Schemas['Check'] }) {
  const { t } = useTranslation();
  const refused = check.refused.reduce((n, r) => n + r.count, 0);
  return (
    <Stack>
      <Paper withBorder p="lg">
        <Title order={2} size="h4" role="status">
          {t('compose.sendable', { n: formatCount(check.sendable) })}
        </Title>
        <Text c="dimmed">
          {refused === 0 ? t('compose.allGood') : t('compose.someRefused', { n: formatCount(refused) })}
        </Text>
        <Divider my="sm" />
        <Facts check={check} />
      </Paper>
      {refused > 0 && (
        <Paper withBorder p="lg" component="section" aria-labelledby="refused">
          <Title order={2} size="h4" id="refused" mb="sm">
            {t('compose.refused')}
          </Title>
          <Table mb="md">
            <Table.Tbody>
              {check.refused.map((r) => (
                <Table.Tr key={r.reason}>
                  <Table.Td>{r.reason_text}</Table.Td>
                  <Table.Td ta="right" className="tabular" fw={700}>
                    {t('compose.people', { n: formatCount(r.count) })}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <RefusedPeople id={check.campaign.id} />
        </Paper>
      )}
    </Stack>
  );
}

function RefusedPeople({ id }: { id: number }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(messagesQuery(id, { state: 'skipped' }));
  const people = list.data?.pages.flatMap((p) => p.items) ?? [];
  if (people.length === 0) return null;
  return (
    <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, 'aria-label': t('compose.refused') }}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('contact.name')}</Table.Th>
            <Table.Th scope="col">{t('campaign.reason')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((m) => (
            <Table.Tr key={m.ordinal}>
              <Table.Td>
                {m.name}
                <Text size="sm" c="dimmed" className="tabular">
                  {formatPhone(m.phone)}
                </Text>
              </Table.Td>
              <Table.Td>{m.reason_text}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {list.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          m="sm"
          onClick={() => void list.fetchNextPage()}
          loading={list.isFetchingNextPage}
        >
          {t('action.more')}
        </Button>
      )}
    </ScrollArea.Autosize>
  );
}
