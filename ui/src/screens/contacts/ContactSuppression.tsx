/* ContactSuppression.tsx - whether nothing may be sent to a customer, why, since when, and the switch for it. */
import { Alert, Button, Collapse, Group, Skeleton, Text, TextInput } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { suppressionOfQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { ask } from '../../lib/ask';
import { formatCount, formatTime } from '../../lib/format';
import { tellDone, tellProblem } from '../../lib/tell';
import { useReasonWords } from '../suppressions/useReasonWords';
import { contactChanged } from './refresh';

type Contact = Schemas['Contact'];

function changed(contact: Contact, suppressed: boolean): void {
  contactChanged({ ...contact, suppressed });
  void queryClient.invalidateQueries({ queryKey: ['suppressions'] });
}

export function ContactSuppression({ contact, canWrite }: { contact: Contact; canWrite: boolean }) {
  return contact.suppressed ? (
    <Suppressed contact={contact} canWrite={canWrite} />
  ) : canWrite ? (
    <Suppress contact={contact} />
  ) : null;
}

function Suppressed({ contact: c, canWrite }: { contact: Contact; canWrite: boolean }) {
  const { t } = useTranslation();
  const words = useReasonWords();
  const { data: entry, error, isPending } = useQuery(suppressionOfQuery(c.phone));
  const release = useMutation({
    mutationFn: (id: number) => answer(api.DELETE('/suppressions/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      changed(c, false);
      tellDone(t('suppression.released'));
    },
    onError: tellProblem,
  });
  return (
    <Alert
      color="orange"
      variant="outline"
      icon={<IconBellOff aria-hidden />}
      title={t('suppression.isOn')}
      data-testid="suppressed"
    >
      <ProblemAlert error={error} />
      {isPending && <Skeleton h={20} />}
      {entry && (
        <>
          <Text size="sm">{words(entry)}</Text>
          {entry.note && <Text size="sm">{t('suppression.noteLine', { note: entry.note })}</Text>}
          <Text size="sm" c="dimmed" className="tabular">
            {t('suppression.since', { time: formatTime(entry.created_at) })}
          </Text>
          {canWrite && (
            <Button
              mt="xs"
              size="xs"
              variant="default"
              loading={release.isPending}
              onClick={() =>
                ask({
                  title: t('suppression.releaseTitle'),
                  text: t(
                    entry.reason === 'blocked' ? 'suppression.releaseBlocked' : 'suppression.releaseText',
                  ),
                  yes: t('suppression.release'),
                  onYes: () => release.mutate(entry.id),
                })
              }
            >
              {t('suppression.release')}
            </Button>
          )}
        </>
      )}
    </Alert>
  );
}

function Suppress({ contact: c }: { contact: Contact }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  const add = useMutation({
    mutationFn: () =>
      answer(api.POST('/suppressions', { body: { phones: [c.phone], note: note.trim() || undefined } })),
    onSuccess: ({ stopped }) => {
      changed(c, true);
      tellDone(
        stopped > 0
          ? `${t('suppression.addedOne')} ${t('suppression.stopped', { n: formatCount(stopped) })}`
          : t('suppression.addedOne'),
      );
    },
  });
  return (
    <div>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconBellOff size={16} aria-hidden />}
        aria-expanded={open}
        onClick={() => setOpen((o) => !o)}
      >
        {t('suppression.set')}
      </Button>
      <Collapse expanded={open}>
        {open && (
          <form
            onSubmit={(e) => {
              e.preventDefault();
              add.mutate();
            }}
          >
            <Text size="sm" my="xs">
              {t('suppression.setText')}
            </Text>
            <ProblemAlert error={add.error} />
            <Group gap="xs" align="flex-end">
              <TextInput
                label={t('suppression.note')}
                placeholder={t('suppression.noteExample')}
                maxLength={200}
                value={note}
                onChange={(e) => setNote(e.currentTarget.value)}
                flex={1}
                miw={160}
                autoFocus
              />
              <Button type="submit" loading={add.isPending}>
                {t('suppression.setYes')}
              </Button>
            </Group>
          </form>
        )}
      </Collapse>
    </div>
  );
}
