/*
 * ConnectWizard.tsx - from an account at the gateway to a sender profile: the account, one of its
 * channels (or a new one, proved by a number that arrives in KakaoTalk), name and caller number. With
 * the practice account everything but the last step can be tried.
 */
import {
  Alert,
  Anchor,
  Button,
  Group,
  List,
  Paper,
  PasswordInput,
  Radio,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { Steps } from '../../components/Steps';
import { tellDone } from '../../lib/tell';
import { RegisterChannel } from './RegisterChannel';
import classes from './settings.module.css';

type Account = Schemas['GatewayAccount'];
type Channel = Schemas['Channel'];
type Profile = Schemas['SenderProfile'];

const steps = ['account', 'channel', 'finish'] as const;
type Step = (typeof steps)[number];

export function ConnectWizard({ profiles, onClose }: { profiles: Profile[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [step, setStep] = useState<Step>('account');
  const [account, setAccount] = useState<Account | null>(null);
  const [channels, setChannels] = useState<Channel[]>([]);
  const [chosen, setChosen] = useState<Channel | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [step]);
  const practice = account?.sender_profile_id !== undefined;
  return (
    <Paper
      withBorder
      p={{ base: 'md', sm: 'lg' }}
      component="section"
      aria-labelledby="connect"
      ref={box}
      tabIndex={-1}
      style={{ outline: 'none' }}
    >
      <Title order={3} size="h4" id="connect" mb="md">
        {t('wizard.title')}
      </Title>
      <Steps
        label={t('wizard.steps')}
        names={steps.map((s) => t(`wizard.step.${s}`))}
        active={steps.indexOf(step)}
        onBack={(i) => setStep(steps[i]!)}
      />
      {step === 'account' && (
        <AccountStep
          practice={profiles.find((p) => p.gateway === 'practice')}
          start={account}
          onDone={(a, list) => {
            setAccount(a);
            setChannels(list);
            setChosen(list.find((c) => c.usable) ?? null);
            setStep('channel');
          }}
          onClose={onClose}
        />
      )}
      {step === 'channel' && account && (
        <ChannelStep
          account={account}
          channels={channels}
          chosen={chosen}
          onChannels={setChannels}
          onChoose={setChosen}
          onBack={() => setStep('account')}
          onNext={() => setStep('finish')}
        />
      )}
      {step === 'finish' && account && chosen && practice && (
        <Stack maw={560}>
          <Alert
            color="teal"
            variant="outline"
            icon={<IconCircleCheck aria-hidden />}
            title={t('wizard.practiceDone')}
          >
            {t('wizard.practiceDoneText', { channel: chosen.channel })}
          </Alert>
          <Group>
            <Button onClick={onClose}>{t('action.close')}</Button>
            <Button variant="default" onClick={() => setStep('account')}>
              {t('wizard.withAligo')}
            </Button>
          </Group>
        </Stack>
      )}
      {step === 'finish' && account && chosen && !practice && (
        <FinishStep account={account} channel={chosen} onBack={() => setStep('channel')} onClose={onClose} />
      )}
    </Paper>
  );
}

interface AccountProps {
  practice: Profile | undefined;
  start: Account | null;
  onDone: (account: Account, channels: Channel[]) => void;
  onClose: () => void;
}

function AccountStep({ practice, start, onDone, onClose }: AccountProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState(start?.sender_profile_id !== undefined ? 'practice' : 'aligo');
  const [more, setMore] = useState(!!start?.base_url);
  const form = useForm({
    initialValues: {
      user_id: start?.user_id ?? '',
      api_key: start?.api_key ?? '',
      base_url: start?.base_url ?? '',
    },
  });
  const list = useMutation({
    mutationFn: async (account: Account) => ({
      account,
      items: (await answer(api.POST('/channel-lists', { body: { account } }))).items,
    }),
    onSuccess: ({ account, items }) => onDone(account, items),
    onError: (e) =>
      e instanceof ApiProblem &&
      form.setErrors(Object.fromEntries(e.errors.map((x) => [x.field.replace(/^account\./, ''), x.detail]))),
  });
  const submit = (v: typeof form.values) => {
    if (kind === 'practice' && practice) return list.mutate({ sender_profile_id: practice.id });
    const missing = {
      ...(v.user_id.trim() ? {} : { user_id: t('wizard.userIdMissing') }),
      ...(v.api_key.trim() ? {} : { api_key: t('wizard.apiKeyMissing') }),
    };
    if (Object.keys(missing).length > 0) return form.setErrors(missing);
    list.mutate({
      gateway: 'aligo',
      user_id: v.user_id.trim(),
      api_key: v.api_key.trim(),
      ...(v.base_url.trim() ? { base_url: v.base_url.trim() } : {}),
    });
  };
  const shown = ['user_id', 'api_key', 'base_url'].flatMap((f) => [f, `account.${f}`]);
  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack maw={600}>
        {practice && (
          <Radio.Group label={t('wizard.which')} value={kind} onChange={setKind}>
            <Stack gap="xs" mt={6}>
              <Radio value="aligo" label={t('wizard.aligo')} description={t('wizard.aligoNote')} />
              <Radio value="practice" label={t('wizard.practice')} description={t('wizard.practiceNote')} />
            </Stack>
          </Radio.Group>
        )}
        {kind === 'aligo' && (
          <>
            <Alert color="ink" variant="outline" title={t('wizard.beforeTitle')}>
              <List size="sm" type="ordered" spacing={4}>
                <List.Item>
                  {t('wizard.before1')}{' '}
                  <Anchor
                    href="https://smartsms.aligo.in/"
                    target="_blank"
                    rel="noreferrer"
                    underline="always"
                    size="sm"
                  >
                    smartsms.aligo.in
                  </Anchor>
                </List.Item>
                <List.Item>{t('wizard.before2')}</List.Item>
                <List.Item>{t('wizard.before3')}</List.Item>
              </List>
            </Alert>
            <TextInput
              label={t('profile.field.user_id')}
              description={t('wizard.userIdNote')}
              autoComplete="off"
              {...form.getInputProps('user_id')}
            />
            <PasswordInput
              label={t('profile.field.api_key')}
              description={t('wizard.apiKeyNote')}
              autoComplete="new-password"
              aria-invalid={form.errors.api_key ? true : undefined}
              visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
              {...form.getInputProps('api_key')}
            />
            {more ? (
              <TextInput
                label={t('profile.field.base_url')}
                description={t('profile.field.baseUrlNote')}
                placeholder="https://kakaoapi.aligo.in"
                {...form.getInputProps('base_url')}
              />
            ) : (
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => setMore(true)}
                style={{ alignSelf: 'flex-start' }}
              >
                {t('wizard.more')}
              </Button>
            )}
            <Text size="sm" c="dimmed">
              {t('profile.secretNote')}
            </Text>
          </>
        )}
        <ProblemAlert error={list.error} shown={shown} />
        <Group>
          <Button type="submit" loading={list.isPending}>
            {t('wizard.toChannels')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ChannelProps {
  account: Account;
  channels: Channel[];
  chosen: Channel | null;
  onChannels: (list: Channel[]) => void;
  onChoose: (channel: Channel) => void;
  onBack: () => void;
  onNext: () => void;
}

function ChannelStep({ account, channels, chosen, onChannels, onChoose, onBack, onNext }: ChannelProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(channels.length === 0);
  if (adding)
    return (
      <RegisterChannel
        account={account}
        first={channels.length === 0}
        onDone={(channel) => {
          onChannels([...channels.filter((c) => c.sender_key !== channel.sender_key), channel]);
          onChoose(channel);
          setAdding(false);
          tellDone(t('wizard.registered', { channel: channel.channel }));
        }}
        onCancel={() => (channels.length === 0 ? onBack() : setAdding(false))}
      />
    );
  return (
    <Stack maw={600}>
      <Radio.Group
        label={t('wizard.chooseChannel')}
        value={chosen?.sender_key ?? null}
        onChange={(key) => {
          const c = channels.find((x) => x.sender_key === key);
          if (c) onChoose(c);
        }}
      >
        <Stack gap="xs" mt={6}>
          {channels.map((c) => (
            <Radio.Card
              key={c.sender_key}
              value={c.sender_key}
              disabled={!c.usable}
              className={classes.choice}
              aria-label={`${c.name} ${c.channel}`}
            >
              <Group wrap="nowrap" align="flex-start">
                <Radio.Indicator disabled={!c.usable} />
                <div>
                  <Text fw={700}>{c.name}</Text>
                  <Text size="sm" c="dimmed">
                    {c.channel} · {t(`wizard.channelStatus.${c.status}`)}
                  </Text>
                  {c.status_text && <Text size="sm">{c.status_text}</Text>}
                </div>
              </Group>
            </Radio.Card>
          ))}
        </Stack>
      </Radio.Group>
      <Group>
        <Button onClick={onNext} disabled={!chosen?.usable}>
          {t('wizard.toFinish')}
        </Button>
        <Button variant="default" onClick={() => setAdding(true)}>
          {t('wizard.register')}
        </Button>
        <Button variant="subtle" onClick={onBack}>
          {t('action.back')}
        </Button>
      </Group>
    </Stack>
  );
}

interface FinishProps {
  account: Account;
  channel: Channel;
  onBack: () => void;
  onClose: () => void;
}

function FinishStep({ account, channel, onBack, onClose }: FinishProps) {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { name: channel.name, sender_number: '' } });
  const connect = useMutation({
    mutationFn: (v: typeof form.values) =>
      answer(
        api.POST('/sender-profiles', {
          body: {
            gateway: 'aligo',
            name: v.name.trim(),
            user_id: account.user_id ?? '',
            api_key: account.api_key ?? '',
            sender_key: channel.sender_key,
            sender_number: v.sender_number.trim(),
            ...(account.base_url ? { base_url: account.base_url } : {}),
          },
        }),
      ),
    onSuccess: (p) => {
      void queryClient.invalidateQueries();
      tellDone(t('profile.connected', { name: p.name }));
      onClose();
    },
    onError: (error) => error instanceof ApiProblem && form.setErrors(error.fields()),
  });
  return (
    <form onSubmit={form.onSubmit((v) => connect.mutate(v))} noValidate>
      <Stack maw={560}>
        <Text>{t('wizard.finishLead', { channel: channel.channel })}</Text>
        <TextInput
          label={t('profile.field.name')}
          description={t('profile.field.nameNote')}
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('profile.field.sender_number')}
          description={t('profile.field.senderNumberNote')}
          placeholder="02-1234-5678"
          inputMode="tel"
          autoComplete="off"
          {...form.getInputProps('sender_number')}
        />
        <ProblemAlert error={connect.error} shown={['name', 'sender_number']} />
        <Group>
          <Button type="submit" loading={connect.isPending}>
            {t('profile.test')}
          </Button>
          <Button variant="subtle" onClick={onBack}>
            {t('action.back')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
