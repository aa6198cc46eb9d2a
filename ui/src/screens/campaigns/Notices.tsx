/* Notices.tsx - what a person has to know or decide: why it is paused, what is not known yet, what was proven not to have left. */
import { Alert, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { campaignQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ask } from '../../lib/ask';
import { formatCount } from '../../lib/format';
import { tellProblem } from '../../lib/tell';
import { useCan } from '../../lib/useCan';

export function Notices({ campaign: c }: { campaign: Schemas['Campaign'] }) {
  const { t } = useTranslation();
  const canSend = useCan('sender');
  const requeue = useMutation({
    mutationFn: (count: number) =>
      answer(api.POST('/campaigns/{id}/requeue-unsent', { params: { path: { id: c.id } }, body: { count } })),
    onSuccess: (changed) => queryClient.setQueryData(campaignQuery(c.id).queryKey, changed),
    onError: tellProblem,
  });
  return (
    <>
      {c.state === 'paused' && (
        <Alert color="orange" variant="outline" title={t('campaign.pausedTitle')} role="status">
          <PauseReason reason={c.pause_reason} />
        </Alert>
      )}
      {c.counts.unknown > 0 && (
        <Alert
          color="yellow"
          variant="outline"
          title={t('campaign.unknownTitle', { n: formatCount(c.counts.unknown) })}
          role="status"
        >
          {t('campaign.unknownText')}
        </Alert>
      )}
      {c.counts.unsent > 0 && (
        <Alert
          color="grape"
          variant="outline"
          title={t('campaign.unsentTitle', { n: formatCount(c.counts.unsent) })}
          role="status"
        >
          {t('campaign.unsentText')}
          {canSend && (
            <div>
              <Button
                size="xs"
                mt="sm"
                loading={requeue.isPending}
                onClick={() =>
                  ask({
                    title: t('campaign.requeueTitle'),
                    text: t('campaign.requeueText', { n: formatCount(c.counts.unsent) }),
                    yes: t('campaign.requeueYes', { n: formatCount(c.counts.unsent) }),
                    onYes: () => requeue.mutate(c.counts.unsent),
                  })
                }
              >
                {t('campaign.requeue')}
              </Button>
            </div>
          )}
        </Alert>
      )}
    </>
  );
}

/* Our own pause in our words; the gateway's in its words, and what to do. */
function PauseReason({ reason }: { reason: Schemas['Campaign']['pause_reason'] }) {
  const { t } = useTranslation();
  if (!reason || reason.code === 'user') return t('campaign.pausedByYou');
  const kind = reason.code === 'money' || reason.code === 'setup' ? reason.code : 'other';
  return (
    <>
      {reason.text && <div>{t('campaign.pausedWords', { text: reason.text })}</div>}
      <div>{t(`campaign.pausedDo.${kind}`)}</div>
    </>
  );
}
