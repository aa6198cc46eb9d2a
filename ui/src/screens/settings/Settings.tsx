/* Settings.tsx - the sender profiles: what is connected, what is left there, and the way from practice to real sending. */
import { Alert, Badge, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { balanceQuery, profilesQuery, sessionQuery, statusQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert, problemDetail, problemTitle } from '../../components/ProblemAlert';
import { ask } from '../../lib/ask';
import { formatCount, formatPhone, formatTime } from '../../lib/format';
import { tellDone, tellProblem } from '../../lib/tell';
import { useCan } from '../../lib/useCan';
import { ConnectForm } from './ConnectForm';

export function Settings() {
  const { t } = useTranslation();
  const isOwner = useCan('owner');
  const { data: profiles, error } = useQuery(profilesQuery);
  const { data: session } = useQuery(sessionQuery);
  const { data: status } = useQuery(statusQuery);
  const [connecting, setConnecting] = useState(false);
  return (
    <>
      <PageHeader
        title={t('nav.settings')}
        lead={session && `${session.company.name} · ${session.user.email}`}
      />
      <Stack gap="lg">
        <section aria-labelledby="profiles">
          <Group justify="space-between" mb="sm">
            <div>
              <Title order={2} size="h4" id="profiles">
                {t('profile.title')}
              </Title>
              <Text size="sm" c="dimmed">
                {t('profile.lead')}
              </Text>
            </div>
            {isOwner && !connecting && (
              <Button onClick={() => setConnecting(true)}>{t('profile.connect')}</Button>
            )}
          </Group>
          <ProblemAlert error={error} />
          {!profiles && !error && <Skeleton h={120} />}
          <Stack>
            {connecting && <ConnectForm onClose={() => setConnecting(false)} />}
            {profiles?.map((p) => (
              <ProfileCard key={p.id} profile={p} canRemove={isOwner && p.gateway !== 'practice'} />
            ))}
          </Stack>
        </section>
        {status && (
          <Text size="sm" c="dimmed">
            {t('settings.about', {
              version: status.version,
              database: status.database === 'sqlite' ? 'SQLite' : 'PostgreSQL',
            })}{' '}
            <a href="/docs" style={{ color: 'var(--mantine-color-anchor)' }}>
              {t('settings.docs')}
            </a>
          </Text>
        )}
      </Stack>
    </>
  );
}

function ProfileCard({ profile: p, canRemove }: { profile: Schemas['SenderProfile']; canRemove: boolean }) {
  const { t } = useTranslation();
  const practice = p.gateway === 'practice';
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/sender-profiles/{id}', { params: { path: { id: p.id } } })),
    onSuccess: () => {
      void queryClient.invalidateQueries();
      tellDone(t('profile.removed'));
    },
    onError: tellProblem,
  });
  const facts: [string, string][] = practice
    ? []
    : [
        [t('profile.userId'), p.user_id],
        [t('profile.senderKey'), p.sender_key],
        [t('profile.baseUrl'), p.base_url],
      ];
  if (p.sender_number) facts.push([t('profile.senderNumber'), formatPhone(p.sender_number)]);
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="article" aria-label={p.name}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="xs">
            <Text fw={700} size="lg">
              {p.name}
            </Text>
            <Badge variant="outline" color={practice ? 'gray' : 'ink'} tt="none">
              {t(`profile.gateway.${p.gateway}`)}
            </Badge>
            {p.is_default && (
              <Badge variant="outline" color="teal" tt="none">
                {t('profile.default')}
              </Badge>
            )}
          </Group>
          {practice && (
            <Text size="sm" c="dimmed">
              {t('profile.practiceNote')}
            </Text>
          )}
        </div>
        {canRemove && (
          <Button
            variant="subtle"
            color="red"
            size="xs"
            loading={remove.isPending}
            onClick={() =>
              ask({
                title: t('profile.removeTitle'),
                text: t('profile.removeText', { name: p.name }),
                yes: t('action.remove'),
                danger: true,
                onYes: () => remove.mutate(),
              })
            }
          >
            {t('action.remove')}
          </Button>
        )}
      </Group>
      {p.status === 'trouble' && (
        <Alert color="red" variant="outline" mt="sm" title={t('profile.trouble')}>
          {p.status_text}
        </Alert>
      )}
      <Group component="dl" gap="xl" mt="sm" mb={0}>
        {facts.map(([k, v]) => (
          <div key={k}>
            <Text component="dt" size="xs" c="dimmed">
              {k}
            </Text>
            <Text component="dd" m={0} size="sm" className="tabular">
              {v}
            </Text>
          </div>
        ))}
        <div>
          <Text component="dt" size="xs" c="dimmed">
            {t('profile.balance')}
          </Text>
          <Balance id={p.id} />
        </div>
      </Group>
    </Paper>
  );
}

function Balance({ id }: { id: number }) {
  const { t } = useTranslation();
  const { data, error, isFetching, refetch } = useQuery(balanceQuery(id));
  return (
    <Group component="dd" m={0} gap="xs">
      <Text size="sm" fw={700} className="tabular" data-testid="balance">
        {data
          ? data.messages === null
            ? t('profile.balanceUnknown')
            : t('profile.balanceMessages', { n: formatCount(data.messages) })
          : error
            ? (problemDetail(error) ?? problemTitle(error, t))
            : t('action.loading')}
      </Text>
      {data && (
        <Text size="xs" c="dimmed">
          {formatTime(data.checked_at)}
        </Text>
      )}
      <Button size="compact-xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
        {t('profile.askAgain')}
      </Button>
    </Group>
  );
}
