/*
 * Templates.tsx - the texts of the sender profiles as bubbles, searched and filtered by state; what is
 * searched for stands in the address.
 */
import {
  Button,
  Chip,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconMessage2, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { profilesQuery, templatesQuery } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { AnchorLink, ButtonLink } from '../../components/links';
import { TemplateStateBadge } from '../../components/StateBadge';
import { TemplateBubble } from '../../components/TemplateBubble';
import { formatCount } from '../../lib/format';
import {
  type Template,
  type TemplateFilter,
  filterTemplates,
  stateCounts,
  templateState,
  templateStates,
} from '../../lib/templates';
import { useCan } from '../../lib/useCan';
import { SyncBar, SyncButton } from './Sync';
import classes from './templates.module.css';

const route = getRouteApi('/inside/templates');

export function Templates() {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const templates = useQuery(templatesQuery);
  const profiles = useQuery(profilesQuery);
  const list = useMemo(() => templates.data ?? [], [templates.data]);
  const shown = useMemo(() => filterTemplates(list, filter), [list, filter]);
  const change = (to: TemplateFilter) =>
    void navigate({ search: (s) => ({ ...s, ...to }), replace: true, resetScroll: false });
  const sender = (id: number) => profiles.data?.find((p) => p.id === id)?.name ?? '';
  const profile =
    profiles.data?.find((p) => p.id === filter.profile) ??
    profiles.data?.find((p) => p.is_default) ??
    profiles.data?.[0];
  return (
    <>
      <PageHeader title={t('nav.templates')} lead={t('template.lead')}>
        {canWrite && list.length > 0 && (
          <ButtonLink to="/templates/new" variant="default" leftSection={<IconPlus size={18} aria-hidden />}>
            {t('template.add')}
          </ButtonLink>
        )}
        {profile && list.length > 0 && <SyncButton profile={profile} />}
      </PageHeader>
      <ProblemAlert error={templates.error ?? profiles.error} />
      {profile && <SyncBar profile={profile} />}
      {templates.isPending && <Skeleton h={300} />}
      {templates.data && list.length === 0 && (
        <Paper withBorder>
          <Empty
            icon={<IconMessage2 aria-hidden />}
            title={t('template.emptyTitle')}
            text={t('template.emptyText')}
          >
            {profile && <SyncButton profile={profile} />}
            {canWrite && (
              <ButtonLink to="/templates/new" variant="default">
                {t('template.add')}
              </ButtonLink>
            )}
          </Empty>
        </Paper>
      )}
      {list.length > 0 && (
        <>
          <Filters
            list={filterTemplates(list, { ...filter, state: undefined })}
            profiles={(profiles.data ?? []).map((p) => ({ value: String(p.id), label: p.name }))}
            filter={filter}
            onChange={change}
          />
          <Text size="sm" c="dimmed" mb="sm" role="status">
            {shown.length === list.length
              ? t('template.countAll', { n: formatCount(list.length) })
              : t('template.countSome', { n: formatCount(shown.length), all: formatCount(list.length) })}
          </Text>
          {shown.length === 0 && (
            <Paper withBorder>
              <Empty
                icon={<IconSearch aria-hidden />}
                title={t('template.noneTitle')}
                text={t('template.noneText')}
              >
                <Button
                  variant="default"
                  onClick={() => change({ q: undefined, state: undefined, profile: undefined })}
                >
                  {t('template.showAll')}
                </Button>
              </Empty>
            </Paper>
          )}
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="lg">
            {shown.map((x) => (
              <TemplateCard
                key={x.id}
                template={x}
                canWrite={canWrite}
                sender={sender(x.sender_profile_id)}
              />
            ))}
          </SimpleGrid>
        </>
      )}
    </>
  );
}

interface FiltersProps {
  list: Template[];
  profiles: { value: string; label: string }[];
  filter: TemplateFilter;
  onChange: (to: TemplateFilter) => void;
}

function Filters({ list, profiles, filter, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const counts = stateCounts(list);
  const states = templateStates.filter((s) => counts.has(s) || filter.state === s);
  return (
    <Stack gap="sm" mb="sm">
      <Group align="flex-end" gap="sm">
        <TextInput
          label={t('template.search')}
          placeholder={t('template.searchExample')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={filter.q ?? ''}
          onChange={(e) => onChange({ q: e.currentTarget.value || undefined })}
          autoComplete="off"
          style={{ flex: '1 1 220px' }}
          maw={420}
        />
        {profiles.length > 1 && (
          <Select
            label={t('template.profile')}
            placeholder={t('template.allProfiles')}
            data={profiles}
            value={filter.profile === undefined ? null : String(filter.profile)}
            onChange={(v) => onChange({ profile: v ? Number(v) : undefined })}
            clearable
            clearButtonProps={{ 'aria-label': t('action.clear') }}
            style={{ flex: '0 1 240px' }}
          />
        )}
      </Group>
      {(states.length > 1 || filter.state) && (
        <Chip.Group
          value={filter.state ?? 'all'}
          onChange={(v) => onChange({ state: templateStates.find((s) => s === v) })}
        >
          <Group gap={6} role="radiogroup" aria-label={t('template.filter')}>
            <Chip value="all" size="sm" variant="outline">
              {t('template.all', { n: formatCount(list.length) })}
            </Chip>
            {states.map((s) => (
              <Chip key={s} value={s} size="sm" variant="outline">
                {t(`template.state.${s}`)} {formatCount(counts.get(s) ?? 0)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      )}
    </Stack>
  );
}

function TemplateCard({
  template: x,
  canWrite,
  sender,
}: {
  template: Template;
  canWrite: boolean;
  sender: string;
}) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="md" component="article" aria-label={x.name} className={classes.card}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <AnchorLink
            to="/templates/$id"
            params={{ id: x.id }}
            fw={700}
            c="var(--mantine-color-text)"
            style={{ overflowWrap: 'anywhere' }}
          >
            {x.name}
          </AnchorLink>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {x.code} · {t('template.version', { n: x.version })}
          </Text>
        </div>
        <TemplateStateBadge state={templateState(x)} />
      </Group>
      {x.problem && (
        <Text size="sm" className={classes.why}>
          {x.problem.text}
        </Text>
      )}
      <div className={classes.clip}>
        <TemplateBubble template={x} sender={sender} />
      </div>
      <Stack gap="sm" mt="auto" className={classes.below}>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {x.variables.length > 0
            ? t('template.variables', { names: x.variables.join(', ') })
            : t('template.noVariables')}
        </Text>
        <Group gap="xs">
          {canWrite && x.sendable && (
            <ButtonLink to="/campaigns/new" search={{ group: undefined, template: x.id }} variant="default">
              {t('template.use')}
            </ButtonLink>
          )}
          <ButtonLink
            to="/templates/$id"
            params={{ id: x.id }}
            variant="subtle"
            aria-label={t('template.openOf', { name: x.name })}
          >
            {t('template.open')}
          </ButtonLink>
        </Group>
      </Stack>
    </Paper>
  );
}
