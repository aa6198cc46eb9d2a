/*
 * ConfirmStep.tsx - the last question: how many, for how much, is there enough; a large number is
 * typed by hand. What is sent is exactly what was checked: the confirmation says which check.
 */
import { Alert, Button, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { campaignQuery, isBalance, sessionQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { TYPE_FROM, typedCount } from '../../lib/draft';
import { formatCount } from '../../lib/format';
import { Facts } from './Facts';
import { StepFoot } from './StepFoot';
import { checkQuery } from './checkQuery';

export function ConfirmStep({ campaign, onBack }: { campaign: Schemas['Campaign']; onBack: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: check, error, refetch } = useQuery(checkQuery(campaign.id));
  const { data: session } = useQuery(sessionQuery);
  const [typed, setTyped] = useState('');
  const send = useMutation({
    mutationFn: (c: Schemas['Check']) =>
      answer(
        api.POST('/campaigns/{id}/send', {
          params: { path: { id: campaign.id } },
          body: { confirmation: c.campaign.confirmation ?? '', count: c.sendable },
        }),
      ),
    onSuccess: async (sent) => {
      queryClient.setQueryData(campaignQuery(sent.id).queryKey, sent);
      queryClient.removeQueries({ queryKey: checkQuery(sent.id).queryKey });
      void queryClient.invalidateQueries({ queryKey: ['statistics'] });
      void queryClient.invalidateQueries({ predicate: isBalance });
      void queryClient.invalidateQueries({ queryKey: ['campaigns', 'list'] });
      await navigate({ to: '/campaigns/$id', params: { id: sent.id } });
    },
    onError: (e) => {
      // Somebody else changed it or it went out already: look again.
      if (e instanceof ApiProblem && e.status === 409) void refetch();
    },
  });
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />;
  if (!check) return null;
  const large = check.sendable >= TYPE_FROM;
  const matches = !large || typedCount(typed) === check.sendable;
  return (
    <Stack maw={640}>
      <ProblemAlert error={send.error} />
      <Paper withBorder p={{ base: 'md', sm: 'lg' }}>
        <Title order={2} size="h4" mb="sm">
          {check.campaign.name}
        </Title>
        <Facts check={check} />
      </Paper>
      {check.balance_enough === false && (
        <Alert color="red" variant="outline" role="alert" title={t('compose.notEnoughTitle')}>
          {t('compose.notEnoughText')}
        </Alert>
      )}
      {session?.practice && (
        <Alert color="gray" variant="outline">
          {t('compose.practiceNote')}
        </Alert>
      )}
      {large && (
        <TextInput
          label={t('compose.typeCount', { n: formatCount(check.sendable) })}
          description={t('compose.typeCountNote')}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
          error={typed !== '' && !matches ? t('compose.typeCountWrong') : undefined}
          size="md"
        />
      )}
      <Text size="sm" c="dimmed">
        {t('compose.sendNote')}
      </Text>
      <StepFoot onBack={onBack}>
        <Button
          size="lg"
          leftSection={<IconSend size={20} aria-hidden />}
          disabled={!matches || check.sendable === 0 || check.balance_enough === false}
          loading={send.isPending}
          onClick={() => send.mutate(check)}
          data-testid="send"
        >
          {t('compose.send', { n: formatCount(check.sendable) })}
        </Button>
      </StepFoot>
    </Stack>
  );
}
