/* ConfirmStep.tsx - into which groups, how many are new, change, stay as they are or stay outside; then it begins. */
import { Button, Group, List, MultiSelect, Paper, Stack, TagsInput, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { groupsQuery, importQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount } from '../../lib/format';
import { type Import, takes } from '../../lib/imports';
import { useCan } from '../../lib/useCan';

const MOST_NEW = 10;
const MOST_OLD = 50;

/* "11월 주문.xlsx" → "11월 주문" */
const stem = (filename: string) => filename.replace(/\.[^.]{1,5}$/, '').trim();

export function ConfirmStep({ item, onBack }: { item: Import; onBack: () => void }) {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const { data } = useQuery(groupsQuery);
  const groups = data?.filter((g) => !g.is_default) ?? [];
  const [fresh, setFresh] = useState(() => [stem(item.filename)].filter(Boolean));
  const [old, setOld] = useState<string[]>([]);
  const confirm = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/imports/{id}/confirm', {
          params: { path: { id: item.id } },
          body: { group_ids: old.map(Number), new_group_names: fresh },
        }),
      ),
    onSuccess: (done) => queryClient.setQueryData(importQuery(item.id).queryKey, done),
    // An answer that got lost may have begun it: what it is now, the server says.
    onError: () => queryClient.invalidateQueries({ queryKey: importQuery(item.id).queryKey, exact: true }),
  });
  const c = item.counts;
  const people = takes(c);
  const names = [...fresh, ...groups.filter((g) => old.includes(String(g.id))).map((g) => g.name)];
  return (
    <Stack gap="md" maw={680}>
      <ProblemAlert error={confirm.error} />
      <Paper withBorder p={{ base: 'md', sm: 'lg' }}>
        <Title order={2} size="h4" mb="sm">
          {t('import.summary', { n: formatCount(people) })}
        </Title>
        <List spacing={4}>
          <List.Item>{t('import.willCreate', { n: formatCount(c.will_create) })}</List.Item>
          <List.Item>{t('import.willUpdate', { n: formatCount(c.will_update) })}</List.Item>
          {c.will_keep > 0 && <List.Item>{t('import.willKeep', { n: formatCount(c.will_keep) })}</List.Item>}
          <List.Item>{t('import.willSkip', { n: formatCount(c.rows - people) })}</List.Item>
        </List>
      </Paper>
      <Paper withBorder p={{ base: 'md', sm: 'lg' }}>
        <Stack gap="sm">
          <Title order={2} size="h4">
            {t('import.where')}
          </Title>
          <TagsInput
            label={t('import.newGroups')}
            description={t('import.newGroupsNote')}
            value={fresh}
            onChange={(all) => setFresh(all.map((g) => g.trim()).filter(Boolean))}
            maxTags={MOST_NEW}
            clearable
            clearButtonProps={{ 'aria-label': t('action.clear') }}
            disabled={!canWrite}
          />
          {groups.length > 0 && (
            <MultiSelect
              label={t('import.oldGroups')}
              placeholder={old.length === 0 ? t('import.chooseGroup') : undefined}
              data={groups.map((g) => ({
                value: String(g.id),
                label: `${g.name} (${formatCount(g.member_count)})`,
              }))}
              value={old}
              onChange={setOld}
              maxValues={MOST_OLD}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': t('action.clear') }}
              disabled={!canWrite}
            />
          )}
          <Text role="status" data-testid="destination">
            {names.length > 0
              ? t('import.into', { n: formatCount(people), groups: names.map((g) => `‘${g}’`).join(', ') })
              : t('import.intoNone', { n: formatCount(people) })}
          </Text>
        </Stack>
      </Paper>
      <Text size="sm" c="dimmed">
        {t('import.confirmNote')}
      </Text>
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          {t('import.backToRows')}
        </Button>
        <Button
          size="md"
          disabled={!canWrite || people === 0}
          loading={confirm.isPending}
          onClick={() => confirm.mutate()}
        >
          {t('import.confirm', { n: formatCount(people) })}
        </Button>
      </Group>
    </Stack>
  );
}
