/*
 * ContactWindow.tsx - one customer beside the list, or over the whole screen of a phone: what is known
 * of the person, whether nothing may be sent, what was sent. Which one is open stands in the address.
 */
import { Alert, Button, Drawer, Group, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { contactQuery } from '../../api/queries';
import { ProblemAlert } from '../../components/ProblemAlert';
import { SuppressedBadge } from '../../components/SuppressedBadge';
import { ask } from '../../lib/ask';
import { formatPhone, formatTime } from '../../lib/format';
import { tellDone, tellProblem } from '../../lib/tell';
import { ContactForm } from './ContactForm';
import { ContactHistory } from './ContactHistory';
import { ContactSuppression } from './ContactSuppression';
import { contactGone } from './refresh';

interface Props {
  contact: number | 'new' | undefined;
  tab: 'history' | undefined;
  /* The group one looks at: a new contact is put into it. */
  group: number | undefined;
  canWrite: boolean;
  onTab: (tab: 'history' | undefined) => void;
  onClose: () => void;
  onOpen: (contact: number) => void;
  onGone: (id: number) => void;
}

export function ContactWindow(props: Props) {
  const { t } = useTranslation();
  const { contact, canWrite, onClose, onOpen } = props;
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const dirty = useRef(false);
  const onDirty = useCallback((is: boolean) => {
    dirty.current = is;
  }, []);
  const leave = () => {
    if (!dirty.current) return onClose();
    ask({
      title: t('contact.unsavedTitle'),
      text: t('contact.unsavedText'),
      yes: t('contact.unsavedYes'),
      danger: true,
      onYes: onClose,
    });
  };
  return (
    <Drawer
      opened={contact !== undefined}
      onClose={leave}
      position="right"
      size={narrow ? '100%' : 'lg'}
      title={contact === 'new' ? t('contact.add') : t('contact.edit')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {contact === 'new' && (
        <ContactForm
          contact={null}
          group={props.group}
          canWrite={canWrite}
          onDirty={onDirty}
          onSaved={onClose}
          onOther={onOpen}
        />
      )}
      {typeof contact === 'number' && <Known key={contact} {...props} id={contact} onDirty={onDirty} />}
    </Drawer>
  );
}

function Known({
  id,
  tab,
  canWrite,
  onTab,
  onClose,
  onOpen,
  onGone,
  onDirty,
}: Props & { id: number; onDirty: (is: boolean) => void }) {
  const { t } = useTranslation();
  const { data: c, error, refetch } = useQuery(contactQuery(id));
  if (error instanceof ApiProblem && error.status === 404)
    return (
      <Alert color="gray" variant="outline" title={t('contact.goneTitle')}>
        <Text size="sm" mb="sm">
          {t('contact.goneText')}
        </Text>
        <Button variant="default" size="xs" onClick={onClose}>
          {t('action.close')}
        </Button>
      </Alert>
    );
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />;
  if (!c) return <Skeleton h={420} />;
  return (
    <Stack gap="md" data-testid="contact">
      <div>
        <Group gap="xs">
          <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
            {c.name || t('contact.noName')}
          </Title>
          {c.suppressed && <SuppressedBadge />}
        </Group>
        <Text className="tabular" c="dimmed">
          {formatPhone(c.phone)}
        </Text>
      </div>
      <Tabs
        value={tab ?? 'data'}
        onChange={(v) => onTab(v === 'history' ? 'history' : undefined)}
        keepMounted
        variant="outline"
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="data">{t('contact.data')}</Tabs.Tab>
          <Tabs.Tab value="history">{t('contact.history')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="data">
          <Stack gap="lg">
            <ContactSuppression contact={c} canWrite={canWrite} />
            <ContactForm
              key={c.updated_at}
              contact={c}
              canWrite={canWrite}
              onDirty={onDirty}
              onSaved={onClose}
              onOther={onOpen}
            />
            <Group justify="space-between" gap="xs">
              <Text size="xs" c="dimmed" className="tabular">
                {t('contact.created', { time: formatTime(c.created_at) })}
                <br />
                {t('contact.changed', { time: formatTime(c.updated_at) })}
              </Text>
              {canWrite && <Remove contact={c} onGone={onGone} />}
            </Group>
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="history">{tab === 'history' && <ContactHistory contact={c} />}</Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Remove({ contact: c, onGone }: { contact: Schemas['Contact']; onGone: (id: number) => void }) {
  const { t } = useTranslation();
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/contacts/{id}', { params: { path: { id: c.id } } })),
    onSuccess: () => {
      onGone(c.id);
      contactGone(c.id);
      tellDone(t('contact.removed'));
    },
    onError: tellProblem,
  });
  return (
    <Button
      variant="subtle"
      color="red"
      loading={remove.isPending}
      onClick={() =>
        ask({
          title: t('contact.removeTitle'),
          text: t('contact.removeText', { name: c.name || formatPhone(c.phone) }),
          yes: t('action.remove'),
          danger: true,
          onYes: () => remove.mutate(),
        })
      }
    >
      {t('action.remove')}
    </Button>
  );
}
