/* GroupStep.tsx - whom: one group. */
import { Button, Group, Radio, SimpleGrid, Text, TextInput } from '@mantine/core';
import { IconSearch, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../components/links';
import type { Schemas } from '../../api/client';
import { Empty } from '../../components/Empty';
import { formatCount } from '../../lib/format';
import { StepFoot } from './StepFoot';
import classes from './compose.module.css';

interface Props {
  groups: Schemas['Group'][];
  chosen: number | undefined;
  onChoose: (id: number) => void;
  onNext: () => void;
}

export function GroupStep({ groups, chosen, onChoose, onNext }: Props) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const shown = groups
    .filter((g) => g.name.toLowerCase().includes(q.trim().toLowerCase()))
    .sort((a, b) => Number(a.is_default) - Number(b.is_default) || b.created_at - a.created_at);
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
      {groups.length > 9 && (
        <TextInput
          label={t('compose.searchGroup')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={q}
          onChange={(e) => setQ(e.currentTarget.value)}
          mb="md"
        />
      )}
      <Radio.Group
        value={chosen === undefined ? null : String(chosen)}
        onChange={(v) => onChoose(Number(v))}
        aria-label={t('compose.step.group')}
      >
        <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
          {shown.map((g) => (
            <Radio.Card
              key={g.id}
              value={String(g.id)}
              className={classes.choice}
              disabled={g.member_count === 0}
              aria-label={`${g.name}, ${t('group.members', { n: formatCount(g.member_count) })}`}
            >
              <Group wrap="nowrap" align="flex-start">
                <Radio.Indicator disabled={g.member_count === 0} />
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
            </Radio.Card>
          ))}
        </SimpleGrid>
      </Radio.Group>
      <StepFoot>
        <Button size="md" disabled={chosen === undefined} onClick={onNext}>
          {t('compose.toTemplate')}
        </Button>
      </StepFoot>
    </>
  );
}
