/* Sync.tsx - fetches the templates of a sender profile from the gateway, and says when that was done last and what came of it. */
import { Alert, Button, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useIsMutating, useMutation, useMutationState } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatFriendly } from '../../lib/format';
import { tellDone } from '../../lib/tell';
import { useCan } from '../../lib/useCan';
import { useLang } from '../../lib/useLang';

type Profile = Schemas['SenderProfile'];

const keyOf = (profile: Profile) => ['template-sync', profile.id];

export function SyncButton({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const busy = useIsMutating({ mutationKey: keyOf(profile) }) > 0;
  const sync = useMutation({
    mutationKey: keyOf(profile),
    mutationFn: () => answer(api.POST('/template-syncs', { body: { sender_profile_id: profile.id } })),
    onSuccess: (s) => {
      void queryClient.invalidateQueries({ queryKey: ['templates'] });
      void queryClient.invalidateQueries({ queryKey: ['profiles'], exact: true });
      tellDone(
        s.added + s.changed + s.removed === 0
          ? t('template.syncedSame')
          : t('template.synced', { added: s.added, changed: s.changed, removed: s.removed }),
      );
    },
  });
  if (!canWrite) return null;
  return (
    <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => sync.mutate()} loading={busy}>
      {t('template.sync')}
    </Button>
  );
}

/* When it was last done, with the result or the trouble of the last time in this window. */
export function SyncBar({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const lang = useLang();
  const done = useMutationState({
    filters: { mutationKey: keyOf(profile) },
    select: (m) => ({ data: m.state.data as Schemas['TemplateSync'] | undefined, error: m.state.error }),
  }).at(-1);
  const at = done?.data?.synced_at ?? profile.synced_at;
  return (
    <>
      <ProblemAlert error={done?.error} />
      {at !== null && (
        <Text size="sm" c="dimmed" mb="md">
          {t('template.fetched', { profile: profile.name, time: formatFriendly(at, lang) })}{' '}
          {done?.data &&
            t('template.fetchedResult', {
              added: done.data.added,
              changed: done.data.changed,
              unchanged: done.data.unchanged,
              removed: done.data.removed,
            })}
        </Text>
      )}
      {done?.data && done.data.removed > 0 && (
        <Alert color="orange" variant="outline" mb="md">
          {t('template.removedNote', { n: done.data.removed })}
        </Alert>
      )}
    </>
  );
}
