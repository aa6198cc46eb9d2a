/*
 * Working.tsx - the server reads, registers or undoes: how far it is, and the way to stop it. The
 * page may be closed meanwhile; nothing depends on it.
 */
import { Button, Group, Paper, Progress, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { importQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { ask } from '../../lib/ask';
import { formatCount } from '../../lib/format';
import { type Import, percent } from '../../lib/imports';
import { useCan } from '../../lib/useCan';

export function Working({ item }: { item: Import }) {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const state = item.state as 'checking' | 'importing' | 'cancelling';
  const share = percent(item.progress);
  const stop = useMutation({
    mutationFn: async () => {
      const params = { path: { id: item.id } };
      if (state === 'importing') return answer(api.POST('/imports/{id}/cancel', { params }));
      await answer(api.DELETE('/imports/{id}', { params }));
      return null;
    },
    onSuccess: (after) => {
      if (after) queryClient.setQueryData(importQuery(item.id).queryKey, after);
    },
    // It may have ended meanwhile: what it is now, the server says.
    onSettled: () => queryClient.invalidateQueries({ queryKey: importQuery(item.id).queryKey, exact: true }),
  });
  const question = () =>
    state !== 'cancelling' &&
    ask({
      title: t(`import.stop.${state}.title`),
      text: t(`import.stop.${state}.text`),
      yes: t(`import.stop.${state}.yes`),
      danger: true,
      onYes: () => stop.mutate(),
    });
  const p = item.progress;
  return (
    <Paper withBorder p={{ base: 'md', sm: 'xl' }} data-testid={`working-${state}`}>
      <Stack gap="sm" maw={640}>
        <ProblemAlert error={stop.error} />
        <Title order={2} size="h4">
          {t(`import.working.${state}.title`)}
        </Title>
        <Progress
          value={share ?? 100}
          animated={share === null}
          striped={share === null}
          size="xl"
          aria-label={t(`import.working.${state}.title`)}
        />
        <Text className="tabular" data-testid="progress">
          {p && p.total !== null
            ? t('import.progress', {
                done: formatCount(p.done),
                all: formatCount(p.total),
                percent: share ?? 0,
              })
            : t('import.progressRows', { done: formatCount(p?.done ?? 0) })}
        </Text>
        {/* Readers hear each quarter once. */}
        <VisuallyHidden role="status">
          {t(`import.working.${state}.title`)} {share !== null && `${Math.floor(share / 25) * 25}%`}
        </VisuallyHidden>
        <Text size="sm" c="dimmed">
          {t(`import.working.${state}.note`)}
        </Text>
        {canWrite && state !== 'cancelling' && (
          <Group>
            <Button variant="default" loading={stop.isPending} onClick={question}>
              {t(`import.stop.${state}.button`)}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
