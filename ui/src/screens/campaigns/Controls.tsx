/* Controls.tsx - pause, go on, cancel; each says what it does to the messages under way. */
import { Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { campaignQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ask } from '../../lib/ask';
import { formatCount } from '../../lib/format';
import { tellProblem } from '../../lib/tell';
import { useCan } from '../../lib/useCan';

type Order = 'pause' | 'resume' | 'cancel';

function give(order: Order, id: number) {
  const params = { path: { id } };
  if (order === 'pause') return answer(api.POST('/campaigns/{id}/pause', { params }));
  if (order === 'resume') return answer(api.POST('/campaigns/{id}/resume', { params }));
  return answer(api.POST('/campaigns/{id}/cancel', { params }));
}

export function Controls({ campaign: c }: { campaign: Schemas['Campaign'] }) {
  const { t } = useTranslation();
  const canSend = useCan('sender');
  const order = useMutation({
    mutationFn: (o: Order) => give(o, c.id),
    onSuccess: (changed) => queryClient.setQueryData(campaignQuery(c.id).queryKey, changed),
    onError: (error) => {
      tellProblem(error);
      void queryClient.invalidateQueries({ queryKey: campaignQuery(c.id).queryKey, exact: true });
    },
  });
  if (!canSend || (c.state !== 'sending' && c.state !== 'paused')) return null;
  const busy = (o: Order) => order.isPending && order.variables === o;
  return (
    <>
      {c.state === 'sending' && (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={18} aria-hidden />}
          loading={busy('pause')}
          onClick={() => order.mutate('pause')}
        >
          {t('campaign.pause')}
        </Button>
      )}
      {c.state === 'paused' && (
        <Button
          leftSection={<IconPlayerPlay size={18} aria-hidden />}
          loading={busy('resume')}
          onClick={() => order.mutate('resume')}
        >
          {t('campaign.resume')}
        </Button>
      )}
      <Button
        variant="default"
        c="var(--mantine-color-error)"
        leftSection={<IconX size={18} aria-hidden />}
        loading={busy('cancel')}
        onClick={() =>
          ask({
            title: t('campaign.cancelTitle'),
            text: t('campaign.cancelText', { n: formatCount(c.counts.queued) }),
            yes: t('campaign.cancelYes'),
            danger: true,
            onYes: () => order.mutate('cancel'),
          })
        }
      >
        {t('campaign.cancel')}
      </Button>
    </>
  );
}
