/* ConfirmStep.tsx - into which group, how many are new, how many change, how many stay outside; then it is done. */
import { Button, Group, List, Paper, Radio, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { groupsQuery, importQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount } from '../../lib/format';

export function ConfirmStep({ item, onBack }: { item: Schemas['Import']; onBack: () => void }) {
  const { t } = useTranslation();
  const { data: groups } = useQuery(groupsQuery);
  const [where, setWhere] = useState<'new' | 'old'>('new');
  const [name, setName] = useState(item.filename.replace(/\.[^.]+$/, ''));
  const [group, setGroup] = useState<string | null>(null);
  const confirm = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/imports/{id}/confirm', {
          params: { path: { id: item.id } },
          body: where === 'new' ? { new_group_name: name.trim() } : { group_id: Number(group) },
        }),
      ),
    onSuccess: (done) => {
      queryClient.setQueryData(importQuery(item.id).queryKey, done);
      for (const k of ['contacts', 'groups', 'statistics'])
        void queryClient.invalidateQueries({ queryKey: [k] });
      void queryClient.invalidateQueries({ queryKey: ['imports'], exact: true });
    },
  });
  const c = item.counts;
  const takes = c.will_create + c.will_update;
  const ready = where === 'new' ? name.trim() !== '' : group !== null;
  return (
    <Stack gap="md" maw={640}>
      <ProblemAlert error={confirm.error} />
      <Paper withBorder p="lg">
        <Title order={2} size="h4" mb="sm">
          {t('import.summary', { n: formatCount(takes) })}
        </Title>
        <List spacing={4}>
          <List.Item>{t('import.willCreate', { n: formatCount(c.will_create) })}</List.Item>
          <List.Item>{t('import.willUpdate', { n: formatCount(c.will_update) })}</List.Item>
          <List.Item>{t('import.willSkip', { n: formatCount(c.rows - takes) })}</List.Item>
        </List>
      </Paper>
      <Paper withBorder p="lg">
        <Radio.Group label={t('import.where')} value={where} onChange={(v) => setWhere(v as 'new' | 'old')}>
          <Stack gap="sm" mt="sm">
            <Radio value="new" label={t('import.newGroup')} />
            {where === 'new' && (
              <TextInput
                aria-label={t('group.name')}
                value={name}
                onChange={(e) => setName(e.currentTarget.value)}
                ml={32}
              />
            )}
            <Radio value="old" label={t('import.oldGroup')} />
            {where === 'old' && (
              <Select
                aria-label={t('import.oldGroup')}
                placeholder={t('import.chooseGroup')}
                data={(groups ?? []).map((g) => ({
                  value: String(g.id),
                  label: `${g.name} (${formatCount(g.member_count)})`,
                }))}
                value={group}
                onChange={setGroup}
                searchable
                ml={32}
              />
            )}
          </Stack>
        </Radio.Group>
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
          disabled={!ready || takes === 0}
          loading={confirm.isPending}
          onClick={() => confirm.mutate()}
        >
          {t('import.confirm', { n: formatCount(takes) })}
        </Button>
      </Group>
    </Stack>
  );
}
