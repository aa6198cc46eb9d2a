/*
 * TemplatePage.tsx - one template: how it looks, whether it can be sent and why not, what the inspector
 * said, what it consists of, how it changed, and what can be done with it now.
 */
import {
  Alert,
  Badge,
  Button,
  Grid,
  Group,
  List,
  Paper,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { IconDownload, IconPencil, IconSend, IconTrash, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { profilesQuery, templateQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { AnchorLink, ButtonLink } from '../../components/links';
import { TemplateStateBadge } from '../../components/StateBadge';
import { TemplateBubble } from '../../components/TemplateBubble';
import { ask } from '../../lib/ask';
import { exampleHref } from '../../lib/download';
import { formatFriendly } from '../../lib/format';
import { type Template, templateState } from '../../lib/templates';
import { tellDone } from '../../lib/tell';
import { useCan } from '../../lib/useCan';
import { useLang } from '../../lib/useLang';
import { SyncBar, SyncButton } from './Sync';
import { Versions } from './Versions';
import classes from './templates.module.css';

const route = getRouteApi('/inside/templates/$id');

export function TemplatePage() {
  const { id } = route.useParams();
  const { t } = useTranslation();
  const { data: x, error, refetch } = useQuery(templateQuery(id));
  const { data: profiles } = useQuery(profilesQuery);
  const profile = profiles?.find((p) => p.id === x?.sender_profile_id);
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />;
  if (!x) return <Skeleton h={400} />;
  return (
    <>
      <AnchorLink to="/templates" size="sm">
        {t('template.back')}
      </AnchorLink>
      <PageHeader
        title={x.name}
        lead={
          <Group gap="xs" component="span">
            <TemplateStateBadge state={templateState(x)} />
            <span>{x.code}</span>
          </Group>
        }
      >
        {profile && <SyncButton profile={profile} />}
      </PageHeader>
      {profile && <SyncBar profile={profile} />}
      <Grid gap={{ base: 'md', md: 'xl' }}>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <div className={classes.sticky}>
            <TemplateBubble template={x} sender={profile?.name ?? ''} />
          </div>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack>
            <Standing template={x} />
            <Comments template={x} />
            <Contents template={x} profile={profile?.name ?? ''} />
            <Versions template={x} />
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

/* Whether it can be sent, and what can be done with it in this state. */
function Standing({ template: x }: { template: Template }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const canWrite = useCan('sender');
  const state = templateState(x);
  const refresh = (fresh?: Template) => {
    if (fresh) queryClient.setQueryData(templateQuery(x.id).queryKey, fresh);
    void queryClient.invalidateQueries({ queryKey: ['templates'] });
  };
  const inspect = useMutation({
    mutationFn: () => answer(api.POST('/templates/{id}/inspection', { params: { path: { id: x.id } } })),
    onSuccess: (fresh) => {
      refresh(fresh);
      tellDone(t('template.inspectDone', { name: x.name }));
    },
  });
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/templates/{id}', { params: { path: { id: x.id } } })),
    onSuccess: async () => {
      tellDone(t('template.removed', { name: x.name }));
      await navigate({ to: '/templates' });
      queryClient.removeQueries({ queryKey: ['templates', x.id] });
      refresh();
    },
  });
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="standing">
      <Title order={2} size="h4" id="standing">
        {x.sendable ? t('template.canSend') : t('template.cannotSend')}
      </Title>
      <Text mt={4} mb="md">
        {x.problem?.text ?? t('template.canSendText')}
      </Text>
      <ProblemAlert error={inspect.error ?? remove.error} />
      <Group gap="xs">
        {canWrite && x.sendable && (
          <ButtonLink
            to="/campaigns/new"
            search={{ group: undefined, template: x.id }}
            leftSection={<IconSend size={18} aria-hidden />}
          >
            {t('template.use')}
          </ButtonLink>
        )}
        {canWrite && x.editable && (
          <>
            <Button
              leftSection={<IconUpload size={18} aria-hidden />}
              loading={inspect.isPending}
              onClick={() =>
                ask({
                  title: t('template.inspectTitle'),
                  text: t('template.inspectText'),
                  yes: t('template.inspect'),
                  onYes: () => inspect.mutate(),
                })
              }
            >
              {t('template.inspect')}
            </Button>
            <ButtonLink
              to="/templates/$id/edit"
              params={{ id: x.id }}
              variant="default"
              leftSection={<IconPencil size={18} aria-hidden />}
            >
              {t('action.edit')}
            </ButtonLink>
          </>
        )}
        {canWrite && (
          <ButtonLink to="/templates/new" search={{ from: x.id }} variant="default">
            {t('template.copy')}
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
        {canWrite && x.deletable && (
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={18} aria-hidden />}
            loading={remove.isPending}
            onClick={() =>
              ask({
                title: t('template.removeTitle'),
                text: t('template.removeText', { name: x.name }),
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
      {canWrite && !x.editable && (
        <Text size="sm" c="dimmed" mt="sm">
          {t(state === 'requested' ? 'template.lockedRequested' : 'template.lockedApproved')}{' '}
          {!x.deletable && t('template.lockedDelete')}
        </Text>
      )}
    </Paper>
  );
}

function Comments({ template: x }: { template: Template }) {
  const { t } = useTranslation();
  if (x.comments.length === 0) return null;
  return (
    <Alert
      color={x.inspection === 'rejected' ? 'red' : 'gray'}
      variant="outline"
      title={t('template.comments')}
      component="section"
    >
      <List spacing="xs" listStyleType="none">
        {[...x.comments].reverse().map((c, i) => (
          <List.Item key={i}>
            <Text className={classes.text}>{c.text}</Text>
            {(c.author || c.at) && (
              <Text size="xs" c="dimmed">
                {[c.author, c.at].filter(Boolean).join(' · ')}
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Contents({ template: x, profile }: { template: Template; profile: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const kind = (['BA', 'EX', 'AD', 'MI'] as const).find((k) => k === x.type);
  const emphasis = (['NONE', 'TEXT', 'IMAGE', 'ITEM_LIST'] as const).find((k) => k === x.emphasis);
  const facts: [string, React.ReactNode][] = [
    [t('template.profile'), profile],
    [t('template.kind'), kind ? t(`template.kinds.${kind}`) : x.type],
    [t('template.emphasis'), emphasis ? t(`template.emphases.${emphasis}`) : x.emphasis],
    ...(x.secure ? [[t('template.secure'), t('template.secureOn')] as [string, string]] : []),
    [t('template.blanks'), <Names key="v" of={x.variables} none={t('template.noVariables')} />],
    ...(x.link_variables.length > 0
      ? [
          [t('template.linkBlanks'), <Names key="l" of={x.link_variables} none="" />] as [
            string,
            React.ReactNode,
          ],
        ]
      : []),
    [t('template.made'), x.gateway_created_at ?? '–'],
    [t('template.changed'), x.gateway_updated_at ?? '–'],
    [t('template.fetchedAt'), formatFriendly(x.fetched_at, lang)],
  ];
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="contents">
      <Title order={2} size="h4" id="contents" mb="sm">
        {t('template.contents')}
      </Title>
      <dl className={classes.facts}>
        {facts.map(([k, v]) => (
          <FactRow key={k} name={k} value={v} />
        ))}
      </dl>
      {x.buttons.length > 0 && (
        <>
          <Title order={3} size="h5" mt="lg" mb="xs">
            {t('template.buttons')}
          </Title>
          <Table.ScrollContainer minWidth={320}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('template.buttonName')}</Table.Th>
                  <Table.Th scope="col">{t('template.buttonType')}</Table.Th>
                  <Table.Th scope="col">{t('template.buttonLink')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {x.buttons.map((b) => (
                  <Table.Tr key={b.ordinal}>
                    <Table.Td>{b.name}</Table.Td>
                    <Table.Td>{t(`buttonType.${b.type}`)}</Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>
                      {[...new Set([b.mobile, b.pc, b.android, b.ios].filter(Boolean))].map((l) => (
                        <Text size="sm" key={l}>
                          {l}
                        </Text>
                      ))}
                      {b.tracked && (
                        <Text size="xs" c="dimmed">
                          {t('template.tracked')}
                        </Text>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      )}
    </Paper>
  );
}

function FactRow({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Names({ of, none }: { of: string[]; none: string }) {
  if (of.length === 0) return none;
  return (
    <Group gap={4} component="span">
      {of.map((v) => (
        <Badge key={v} variant="outline" tt="none" component="span">
          {v}
        </Badge>
      ))}
    </Group>
  );
}
