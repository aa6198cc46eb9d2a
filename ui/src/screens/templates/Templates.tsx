/* Templates.tsx - the approved texts as bubbles, fetched from the gateway on request. */
import { Badge, Button, Group, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconDownload, IconMessage2, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../components/links';
import { answer, api, type Schemas } from '../../api/client';
import { profilesQuery, templatesQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { Empty } from '../../components/Empty';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { TemplateBubble } from '../../components/TemplateBubble';
import { exampleHref } from '../../lib/download';
import { formatFriendly } from '../../lib/format';
import { tellDone } from '../../lib/tell';
import { useCan } from '../../lib/useCan';
import { useLang } from '../../lib/useLang';

type Template = Schemas['Template'];

export function Templates() {
  const { t } = useTranslation();
  const lang = useLang();
  const canWrite = useCan('sender');
  const templates = useQuery(templatesQuery);
  const profiles = useQuery(profilesQuery);
  const profile = profiles.data?.find((p) => p.is_default) ?? profiles.data?.[0];
  const sync = useMutation({
    mutationFn: (sender_profile_id: number) =>
      answer(api.POST('/template-syncs', { body: { sender_profile_id } })),
    onSuccess: (s) => {
      void queryClient.invalidateQueries({ queryKey: ['templates'] });
      tellDone(t('template.synced', { added: s.added, changed: s.changed, removed: s.removed }));
    },
  });
  const button = canWrite && profile && (
    <Button
      leftSection={<IconRefresh size={18} aria-hidden />}
      onClick={() => sync.mutate(profile.id)}
      loading={sync.isPending}
    >
      {t('template.sync')}
    </Button>
  );
  const list = templates.data ?? [];
  const fetched = list.length ? Math.max(...list.map((x) => x.fetched_at)) : null;
  return (
    <>
      <PageHeader
        title={t('nav.templates')}
        lead={
          fetched === null
            ? t('template.lead')
            : t('template.fetched', { time: formatFriendly(fetched, lang) })
        }
      >
        {list.length > 0 && button}
      </PageHeader>
      <ProblemAlert error={sync.error ?? templates.error ?? profiles.error} />
      {templates.isPending && <Skeleton h={300} />}
      {templates.data && list.length === 0 && (
        <Paper withBorder>
          <Empty
            icon={<IconMessage2 aria-hidden />}
            title={t('template.emptyTitle')}
            text={t('template.emptyText')}
          >
            {button}
          </Empty>
        </Paper>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="lg">
        {list.map((x) => (
          <TemplateCard key={x.id} template={x} canWrite={canWrite} profile={profile?.name ?? ''} />
        ))}
      </SimpleGrid>
    </>
  );
}

function TemplateCard({
  template: x,
  canWrite,
  profile,
}: {
  template: Template;
  canWrite: boolean;
  profile: string;
}) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="md" component="article" aria-label={x.name}>
      <Stack gap="sm" h="100%">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Text fw={700}>{x.name}</Text>
            <Text size="xs" c="dimmed">
              {x.code} · {t('template.version', { n: x.version })}
            </Text>
          </div>
          <TemplateState template={x} />
        </Group>
        <TemplateBubble template={x} sender={profile} />
        <Text size="sm" c="dimmed">
          {x.variables.length > 0
            ? t('template.variables', { names: x.variables.join(', ') })
            : t('template.noVariables')}
        </Text>
        <Group gap="xs" mt="auto">
          {canWrite && x.sendable && (
            <ButtonLink to="/campaigns/new" search={{ group: undefined, template: x.id }} variant="default">
              {t('template.use')}
            </ButtonLink>
          )}
          <Button
            component="a"
            href={exampleHref(x.id)}
            download
            variant="subtle"
            leftSection={<IconDownload size={18} aria-hidden />}
            aria-label={t('template.exampleOf', { name: x.name })}
          >
            {t('template.example')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

export function TemplateState({ template: x }: { template: Template }) {
  const { t } = useTranslation();
  const word =
    x.inspection !== 'approved'
      ? t(`template.inspection.${x.inspection}`)
      : x.status === 'stopped'
        ? t('template.stopped')
        : t('template.inspection.approved');
  return (
    <Badge variant="outline" color={x.sendable ? 'teal' : 'gray'} style={{ flex: 'none' }}>
      {word}
    </Badge>
  );
}
