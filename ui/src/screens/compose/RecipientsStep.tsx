/*
 * RecipientsStep.tsx - whom: everybody in one or several groups, minus other groups, minus those who got
 * the template lately. The sum beside it moves along.
 */
import {
  Button,
  Checkbox,
  Grid,
  Group,
  MultiSelect,
  NumberInput,
  Pill,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { IconSearch, IconUsersGroup } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../components/links';
import type { Schemas } from '../../api/client';
import { Empty } from '../../components/Empty';
import { type Draft, MOST_DAYS, USUAL_DAYS, choiceOf } from '../../lib/draft';
import { formatCount } from '../../lib/format';
import { CountBox } from './CountBox';
import { StepFoot } from './StepFoot';
import classes from './compose.module.css';

/* More are found by searching; drawing a thousand cards helps nobody. */
const SHOWN = 30;
const MOST_GROUPS = 100;

type ContactGroup = Schemas['Group'];

interface Props {
  groups: ContactGroup[];
  draft: Draft;
  onDraft: (change: (d: Draft) => Draft) => void;
  onNext: () => void;
}

export function RecipientsStep({ groups, draft, onDraft, onNext }: Props) {
  const { t } = useTranslation();
  const byId = useMemo(() => new Map(groups.map((g) => [g.id, g])), [groups]);
  const known = useMemo(() => new Set(byId.keys()), [byId]);
  const choice = choiceOf(draft, known);
  const chosen = choice.group_ids.flatMap((id) => byId.get(id) ?? []);
  if (groups.every((g) => g.member_count === 0))
    return (
      <Empty
        icon={<IconUsersGroup aria-hidden />}
        title={t('compose.noGroupTitle')}
        text={t('compose.noGroupText')}
      >
        <ButtonLink to="/imports">{t('contact.import')}</ButtonLink>
      </Empty>
    );
  return (
    <>
      <Grid gap={{ base: 'md', md: 'xl' }}>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <GroupChoice
              groups={groups}
              chosen={choice.group_ids}
              onChange={(ids) =>
                onDraft((d) => ({ ...d, groups: ids, except: d.except.filter((id) => !ids.includes(id)) }))
              }
            />
            <LeaveOut groups={groups} draft={draft} onDraft={onDraft} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <div className={classes.sketch}>
            <CountBox
              choice={choice}
              template_id={draft.template_id}
              members={chosen.map((g) => g.member_count)}
            />
          </div>
        </Grid.Col>
      </Grid>
      <StepFoot>
        <Button size="md" disabled={chosen.length === 0} onClick={onNext}>
          {t('compose.toTemplate')}
        </Button>
      </StepFoot>
    </>
  );
}

interface ChoiceProps {
  groups: ContactGroup[];
  chosen: number[];
  onChange: (ids: number[]) => void;
}

function GroupChoice({ groups, chosen, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const words = q.trim().normalize('NFC').toLowerCase();
  const found = useMemo(
    () =>
      groups
        .filter((g) => g.name.normalize('NFC').toLowerCase().includes(words))
        .sort((a, b) => Number(a.is_default) - Number(b.is_default) || b.created_at - a.created_at),
    [groups, words],
  );
  const toggle = (id: number) =>
    onChange(chosen.includes(id) ? chosen.filter((c) => c !== id) : [...chosen, id]);
  return (
    <section aria-labelledby="to-groups">
      <Title order={2} size="h4" id="to-groups">
        {t('recipients.toTitle')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {t('recipients.toNote')}
      </Text>
      {groups.length > 9 && (
        <TextInput
          label={t('compose.searchGroup')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={q}
          onChange={(e) => setQ(e.currentTarget.value)}
          autoComplete="off"
          mb="sm"
        />
      )}
      {groups.length > SHOWN && chosen.length > 0 && (
        <div className={classes.chosen} style={{ marginBottom: 12 }}>
          {chosen.map((id) => {
            const name = groups.find((g) => g.id === id)?.name ?? '';
            return (
              <Pill
                key={id}
                size="md"
                withRemoveButton
                onRemove={() => toggle(id)}
                removeButtonProps={{
                  'aria-label': t('recipients.drop', { name }),
                  'aria-hidden': false,
                  tabIndex: 0,
                }}
              >
                {name}
              </Pill>
            );
          })}
        </div>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} role="group" aria-label={t('recipients.toTitle')}>
        {found.slice(0, SHOWN).map((g) => {
          const on = chosen.includes(g.id);
          const closed = g.member_count === 0 || (!on && chosen.length >= MOST_GROUPS);
          return (
            <Checkbox.Card
              key={g.id}
              checked={on}
              onClick={() => toggle(g.id)}
              className={classes.choice}
              disabled={closed && !on}
              aria-label={`${g.name}, ${t('group.members', { n: formatCount(g.member_count) })}`}
            >
              <Group wrap="nowrap" align="flex-start">
                <Checkbox.Indicator checked={on} disabled={closed && !on} />
                <div style={{ minWidth: 0 }}>
                  <Text fw={700} style={{ overflowWrap: 'anywhere' }}>
                    {g.name}
                  </Text>
                  <Text size="sm" className="tabular">
                    {t('group.members', { n: formatCount(g.member_count) })}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {g.is_default ? t('group.defaultNote') : g.description}
                  </Text>
                </div>
              </Group>
            </Checkbox.Card>
          );
        })}
      </SimpleGrid>
      {found.length > SHOWN && (
        <Text size="sm" c="dimmed" mt="sm">
          {t('recipients.moreGroups', { n: formatCount(found.length - SHOWN) })}
        </Text>
      )}
      {found.length === 0 && <Text c="dimmed">{t('recipients.noGroup')}</Text>}
    </section>
  );
}

function LeaveOut({ groups, draft, onDraft }: Pick<Props, 'groups' | 'draft' | 'onDraft'>) {
  const { t } = useTranslation();
  const on = draft.except_days !== null;
  return (
    <section aria-labelledby="except">
      <Title order={2} size="h4" id="except" mb="sm">
        {t('recipients.exceptTitle')}
      </Title>
      <Stack>
        <MultiSelect
          label={t('recipients.exceptGroups')}
          description={t('recipients.exceptGroupsNote')}
          placeholder={draft.except.length === 0 ? t('recipients.exceptGroupsNone') : undefined}
          data={groups
            .filter((g) => !draft.groups.includes(g.id))
            .map((g) => ({ value: String(g.id), label: `${g.name} (${formatCount(g.member_count)})` }))}
          value={draft.except.map(String)}
          onChange={(ids) => onDraft((d) => ({ ...d, except: ids.map(Number) }))}
          limit={60}
          maxValues={MOST_GROUPS}
          nothingFoundMessage={t('recipients.noGroup')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('action.clear') }}
          hidePickedOptions
        />
        <Group gap="sm" align="center">
          <Checkbox
            label={t('recipients.days')}
            checked={on}
            onChange={(e) => {
              const days = e.currentTarget.checked ? USUAL_DAYS : null;
              onDraft((d) => ({ ...d, except_days: days }));
            }}
          />
          {on && (
            <NumberInput
              aria-label={t('recipients.daysNumber')}
              value={draft.except_days ?? USUAL_DAYS}
              onChange={(n) =>
                typeof n === 'number' &&
                n >= 1 &&
                n <= MOST_DAYS &&
                onDraft((d) => ({ ...d, except_days: Math.round(n) }))
              }
              min={1}
              max={MOST_DAYS}
              allowDecimal={false}
              suffix={t('recipients.daysUnit')}
              w={110}
            />
          )}
        </Group>
      </Stack>
    </section>
  );
}
