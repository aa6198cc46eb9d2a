/* GroupStrip.tsx - the group one looks at, above its members: what it is, and what can be done with all of it. */
import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ProblemAlert } from '../../components/ProblemAlert';
import { ButtonLink } from '../../components/links';
import { formatCount } from '../../lib/format';
import { useCan } from '../../lib/useCan';
import { type GroupTask, GroupMenu, GroupWindows } from './GroupTasks';

interface Props {
  id: number;
  group: Schemas['Group'] | undefined;
  error: unknown;
  /* To the customers of all groups. */
  onAll: () => void;
}

export function GroupStrip({ group: g, error, onAll }: Props) {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const [task, setTask] = useState<GroupTask | null>(null);
  if (error instanceof ApiProblem && error.status === 404)
    return (
      <Paper withBorder p="md" mb="md">
        <Group justify="space-between">
          <Text>{t('group.gone')}</Text>
          <Button variant="default" size="xs" onClick={onAll}>
            {t('contact.showAll')}
          </Button>
        </Group>
      </Paper>
    );
  if (error) return <ProblemAlert error={error} />;
  if (!g) return null;
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'md' }} mb="md" component="section" aria-labelledby="group-name">
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Group gap="sm" align="baseline">
            <Title order={2} size="h4" id="group-name" style={{ overflowWrap: 'anywhere' }}>
              {g.name}
            </Title>
            <Text className="tabular" data-testid="members">
              {t('group.members', { n: formatCount(g.member_count) })}
            </Text>
          </Group>
          <Text size="sm" c="dimmed" lineClamp={2}>
            {g.is_default ? t('group.defaultNote') : g.description}
          </Text>
        </div>
        {canWrite && (
          <Group gap="xs">
            {g.member_count > 0 && (
              <ButtonLink
                to="/campaigns/new"
                search={{ group: g.id, template: undefined }}
                size="xs"
                variant="default"
              >
                {t('group.send')}
              </ButtonLink>
            )}
            <GroupMenu group={g} onTask={setTask} words />
          </Group>
        )}
      </Group>
      <GroupWindows task={task} onClose={() => setTask(null)} onRemoved={onAll} />
    </Paper>
  );
}
