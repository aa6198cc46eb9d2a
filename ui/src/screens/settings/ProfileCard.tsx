/*
 * ProfileCard.tsx - one sender profile: whether it works and what to do when not, what is left, when
 * its templates were fetched; testing, changing and removing it.
 */
import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  NumberInput,
  Paper,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconPencil, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { balanceQuery, profilesQuery } from '../../api/queries';
import { LOW_BALANCE } from '../../app/Balance';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert, problemTitle, sentences } from '../../components/ProblemAlert';
import { AnchorLink } from '../../components/links';
import { ProfileStateBadge } from '../../components/StateBadge';
import { ask } from '../../lib/ask';
import { formatCount, formatFriendly, formatPhone } from '../../lib/format';
import { tellDone, tellProblem } from '../../lib/tell';
import { useCan } from '../../lib/useCan';
import { useLang } from '../../lib/useLang';
import classes from './settings.module.css';

type Profile = Schemas['SenderProfile'];

function put(fresh: Profile): void {
  queryClient.setQueryData(profilesQuery.queryKey, (old) => old?.map((p) => (p.id === fresh.id ? fresh : p)));
}

export function ProfileCard({ profile: p, isOwner }: { profile: Profile; isOwner: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const canTest = useCan('sender');
  const [editing, edit] = useDisclosure(false);
  const practice = p.gateway === 'practice';
  const test = useMutation({
    mutationFn: () => answer(api.POST('/sender-profiles/{id}/check', { params: { path: { id: p.id } } })),
    onSuccess: put,
    // A refusal is kept in the profile, too.
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['profiles'] }),
  });
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/sender-profiles/{id}', { params: { path: { id: p.id } } })),
    onSuccess: () => {
      void queryClient.invalidateQueries();
      tellDone(t('profile.removed'));
    },
    onError: tellProblem,
  });
  const facts: [string, string][] = [
    ...(p.channel ? [[t('profile.channel'), p.channel] as [string, string]] : []),
    ...(p.sender_number
      ? [[t('profile.senderNumber'), formatPhone(p.sender_number)] as [string, string]]
      : []),
    ...(practice
      ? []
      : ([
          [t('profile.userId'), p.user_id],
          [t('profile.senderKey'), p.sender_key],
          [t('profile.baseUrl'), p.base_url],
        ] as [string, string][])),
    [
      t('profile.pace'),
      t('profile.paceText', { messages: formatCount(p.message_rate), requests: formatCount(p.request_rate) }),
    ],
  ];
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="article" aria-label={p.name}>
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={700} size="lg" style={{ overflowWrap: 'anywhere' }}>
              {p.name}
            </Text>
            <ProfileStateBadge state={p.status} />
            <Badge variant="outline" color={practice ? 'gray' : 'ink'} tt="none">
              {t(`profile.gateway.${p.gateway}`)}
            </Badge>
            {p.is_default && (
              <Badge variant="outline" color="teal" tt="none">
                {t('profile.default')}
              </Badge>
            )}
          </Group>
          {practice && (
            <Text size="sm" c="dimmed">
              {t('profile.practiceNote')}
            </Text>
          )}
        </div>
        <Group gap={4}>
          {canTest && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlugConnected size={16} aria-hidden />}
              loading={test.isPending}
              onClick={() => test.mutate()}
            >
              {t('profile.check')}
            </Button>
          )}
          {isOwner && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPencil size={16} aria-hidden />}
              onClick={edit.open}
              aria-label={t('profile.editOf', { name: p.name })}
            >
              {t('action.edit')}
            </Button>
          )}
          {isOwner && !practice && (
            <Button
              variant="subtle"
              color="red"
              size="xs"
              leftSection={<IconTrash size={16} aria-hidden />}
              loading={remove.isPending}
              aria-label={t('profile.removeOf', { name: p.name })}
              onClick={() =>
                ask({
                  title: t('profile.removeTitle'),
                  text: t('profile.removeText', { name: p.name }),
                  yes: t('action.remove'),
                  danger: true,
                  onYes: () => remove.mutate(),
                })
              }
            >
              {t('action.remove')}
            </Button>
          )}
        </Group>
      </Group>
      {test.error && p.status !== 'trouble' && (
        <div className={classes.told}>
          <ProblemAlert error={test.error} />
        </div>
      )}
      {p.status === 'trouble' && (
        <Alert
          color="red"
          variant="outline"
          mt="sm"
          title={sentences(p.status_text)[0] || t('profile.trouble')}
          role="status"
        >
          {sentences(p.status_text)[1]}
        </Alert>
      )}
      {p.status === 'unchecked' && (
        <Text size="sm" mt="sm">
          {p.status_text || t('profile.uncheckedText')}
        </Text>
      )}
      {p.status === 'ok' && test.isSuccess && (
        <Text size="sm" mt="sm" role="status">
          {t('profile.checkedNow')}
        </Text>
      )}
      <dl className={classes.facts}>
        <Fact name={t('profile.balance')}>
          <Balance profile={p} />
        </Fact>
        <Fact name={t('profile.synced')}>
          {p.synced_at === null ? t('profile.neverSynced') : formatFriendly(p.synced_at, lang)}{' '}
          <AnchorLink to="/templates" search={{ profile: p.id }} size="sm" underline="always">
            {t('profile.toTemplates')}
          </AnchorLink>
        </Fact>
        {facts.map(([k, v]) => (
          <Fact key={k} name={k}>
            {v}
          </Fact>
        ))}
      </dl>
      <Modal
        opened={editing}
        onClose={edit.close}
        title={t('profile.editTitle')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <EditForm profile={p} onClose={edit.close} />
      </Modal>
    </Paper>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="tabular">{children}</dd>
    </>
  );
}

function Balance({ profile }: { profile: Profile }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data, error, isFetching, refetch } = useQuery(balanceQuery(profile.id));
  const low = data?.messages != null && data.messages < LOW_BALANCE;
  return (
    <Group gap="xs" component="span">
      <Text
        span
        size="sm"
        fw={700}
        c={low ? 'var(--mantine-color-orange-outline)' : undefined}
        className="tabular"
        data-testid="balance"
      >
        {data
          ? data.messages === null
            ? t('profile.balanceUnknown')
            : t('profile.balanceMessages', { n: formatCount(data.messages) })
          : error
            ? profile.status === 'trouble'
              ? t('profile.balanceTrouble')
              : sentences(problemTitle(error, t))[0]
            : t('action.loading')}
      </Text>
      {data && (
        <Text span size="xs" c="dimmed">
          {formatFriendly(data.checked_at, lang)}
        </Text>
      )}
      <Button size="compact-xs" variant="default" loading={isFetching} onClick={() => void refetch()}>
        {t('profile.askAgain')}
      </Button>
    </Group>
  );
}

const editFields = ['name', 'sender_number', 'request_rate', 'message_rate'];

function EditForm({ profile: p, onClose }: { profile: Profile; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: {
      name: p.name,
      sender_number: p.sender_number,
      message_rate: p.message_rate,
      request_rate: p.request_rate,
    },
  });
  const save = useMutation({
    mutationFn: (v: typeof form.values) => {
      const body: Schemas['SenderProfileChange'] = {
        ...(v.name !== p.name ? { name: v.name.trim() } : {}),
        ...(v.sender_number !== p.sender_number ? { sender_number: v.sender_number.trim() } : {}),
        ...(v.message_rate !== p.message_rate ? { message_rate: Number(v.message_rate) } : {}),
        ...(v.request_rate !== p.request_rate ? { request_rate: Number(v.request_rate) } : {}),
      };
      return answer(api.PATCH('/sender-profiles/{id}', { params: { path: { id: p.id } }, body }));
    },
    onSuccess: (fresh) => {
      put(fresh);
      tellDone(t('profile.saved', { name: fresh.name }));
      onClose();
    },
    onError: (error) => error instanceof ApiProblem && form.setErrors(error.fields()),
  });
  return (
    <form onSubmit={form.onSubmit((v) => save.mutate(v))} noValidate>
      <ProblemAlert error={save.error} shown={editFields} />
      <Stack>
        <TextInput
          label={t('profile.field.name')}
          description={t('profile.field.nameNote')}
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('profile.field.sender_number')}
          description={t('profile.field.senderNumberNote')}
          inputMode="tel"
          autoComplete="off"
          {...form.getInputProps('sender_number')}
        />
        <NumberInput
          label={t('profile.field.message_rate')}
          description={t('profile.field.messageRateNote')}
          min={1}
          max={100_000}
          allowDecimal={false}
          thousandSeparator=","
          {...form.getInputProps('message_rate')}
        />
        <NumberInput
          label={t('profile.field.request_rate')}
          description={t('profile.field.requestRateNote')}
          min={1}
          max={1_000}
          allowDecimal={false}
          thousandSeparator=","
          {...form.getInputProps('request_rate')}
        />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('action.save')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
