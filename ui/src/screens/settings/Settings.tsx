/* Settings.tsx - the sender profiles: what is connected, how it stands, and the way from practice to real sending. */
import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconPlug } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { profilesQuery, sessionQuery, statusQuery } from '../../api/queries';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { useCan } from '../../lib/useCan';
import { ConnectWizard } from './ConnectWizard';
import { ProfileCard } from './ProfileCard';

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
              <Button leftSection={<IconPlug size={18} aria-hidden />} onClick={() => setConnecting(true)}>
                {t('profile.connect')}
              </Button>
            )}
          </Group>
          <ProblemAlert error={error} />
          {!profiles && !error && <Skeleton h={120} />}
          <Stack>
            {connecting && <ConnectWizard profiles={profiles ?? []} onClose={() => setConnecting(false)} />}
            {profiles?.map((p) => (
              <ProfileCard key={p.id} profile={p} isOwner={isOwner} />
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
