/*
 * RegisterChannel.tsx - makes a KakaoTalk channel known to the gateway: a number is sent to the
 * channel's administrator by KakaoTalk, and typed here together with the line of business.
 */
import { Alert, Button, Group, Select, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconMessageCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { ProblemAlert } from '../../components/ProblemAlert';

interface Props {
  account: Schemas['GatewayAccount'];
  /* The account has no channel yet. */
  first: boolean;
  onDone: (channel: Schemas['Channel']) => void;
  onCancel: () => void;
}

/* "하늘꽃집" → "@하늘꽃집" */
const withAt = (channel: string) => `@${channel.trim().replace(/^@+/, '')}`;

export function RegisterChannel({ account, first, onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { channel: '', phone: '', auth_number: '', category: '' } });
  const refused = (e: unknown) => e instanceof ApiProblem && form.setErrors(e.fields());
  const auth = useMutation({
    mutationFn: (v: { channel: string; phone: string }) =>
      answer(
        api.POST('/channel-auths', { body: { account, channel: withAt(v.channel), phone: v.phone.trim() } }),
      ),
    onError: refused,
  });
  const asked = auth.isSuccess;
  const categories = useQuery({
    queryKey: ['channel-categories', account.sender_profile_id ?? account.user_id],
    queryFn: () => answer(api.POST('/channel-categories', { body: { account } })),
    enabled: asked,
    retry: false,
    staleTime: Infinity,
  });
  const add = useMutation({
    mutationFn: (v: typeof form.values) =>
      answer(
        api.POST('/channels', {
          body: {
            account,
            channel: withAt(v.channel),
            phone: v.phone.trim(),
            auth_number: v.auth_number.trim(),
            category: v.category,
          },
        }),
      ),
    onSuccess: onDone,
    onError: refused,
  });
  const submit = (v: typeof form.values) => {
    const missing = {
      ...(v.channel.replace('@', '').trim() ? {} : { channel: t('wizard.channelMissing') }),
      ...(v.phone.trim() ? {} : { phone: t('wizard.phoneMissing') }),
      ...(asked && !v.auth_number.trim() ? { auth_number: t('wizard.authMissing') } : {}),
      ...(asked && !v.category ? { category: t('wizard.categoryMissing') } : {}),
    };
    if (Object.keys(missing).length > 0) form.setErrors(missing);
    else if (asked) add.mutate(v);
    else auth.mutate(v);
  };
  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack maw={560}>
        <div>
          <Title order={4} size="h5">
            {t('wizard.register')}
          </Title>
          <Text size="sm" c="dimmed">
            {first ? t('wizard.registerFirst') : t('wizard.registerNote')}
          </Text>
        </div>
        <TextInput
          label={t('wizard.channel')}
          description={t('wizard.channelNote')}
          placeholder="@하늘꽃집"
          autoComplete="off"
          disabled={asked}
          {...form.getInputProps('channel')}
        />
        <TextInput
          label={t('wizard.phone')}
          description={t('wizard.phoneNote')}
          placeholder="010-1234-5678"
          inputMode="tel"
          autoComplete="off"
          disabled={asked}
          {...form.getInputProps('phone')}
        />
        {asked && (
          <>
            <Alert color="teal" variant="outline" icon={<IconMessageCheck aria-hidden />} role="status">
              {t('wizard.authSent')}
            </Alert>
            <TextInput
              label={t('wizard.auth')}
              inputMode="numeric"
              autoComplete="one-time-code"
              autoFocus
              {...form.getInputProps('auth_number')}
            />
            <Select
              label={t('wizard.category')}
              description={t('wizard.categoryNote')}
              placeholder={categories.isPending ? t('action.loading') : t('wizard.categoryExample')}
              data={(categories.data?.items ?? []).map((c) => ({ value: c.code, label: c.name }))}
              limit={50}
              searchable
              nothingFoundMessage={t('wizard.categoryNone')}
              {...form.getInputProps('category')}
            />
            <ProblemAlert error={categories.error} retry={() => void categories.refetch()} />
          </>
        )}
        <ProblemAlert
          error={auth.error ?? add.error}
          shown={['channel', 'phone', ...(asked ? ['auth_number', 'category'] : [])]}
        />
        <Group>
          <Button type="submit" loading={auth.isPending || add.isPending}>
            {asked ? t('wizard.registerDo') : t('wizard.authAsk')}
          </Button>
          {asked && (
            <Button variant="default" onClick={() => auth.reset()}>
              {t('wizard.authAgain')}
            </Button>
          )}
          <Button variant="subtle" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
