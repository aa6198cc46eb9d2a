/* ConnectForm.tsx - the keys of an Aligo account. The server tries them before it keeps them and answers in the gateway's words. */
import {
  Anchor,
  Button,
  Group,
  List,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { tellDone } from '../../lib/tell';

const fields = ['name', 'user_id', 'api_key', 'sender_key', 'sender_number', 'base_url'];

export function ConnectForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { name: '', user_id: '', api_key: '', sender_key: '', sender_number: '', base_url: '' },
  });
  const connect = useMutation({
    mutationFn: ({ base_url, ...v }: typeof form.values) => {
      const body: Schemas['NewSenderProfile'] = {
        gateway: 'aligo',
        ...v,
        ...(base_url.trim() ? { base_url: base_url.trim() } : {}),
      };
      return answer(api.POST('/sender-profiles', { body }));
    },
    onSuccess: (p) => {
      void queryClient.invalidateQueries();
      tellDone(t('profile.connected', { name: p.name }));
      onClose();
    },
    onError: (error) => error instanceof ApiProblem && form.setErrors(error.fields()),
  });
  const input = (name: keyof typeof form.values) => ({
    label: t(`profile.field.${name}`),
    required: name !== 'base_url',
    withAsterisk: false,
    autoComplete: 'off',
    ...form.getInputProps(name),
  });
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="connect">
      <Title order={3} size="h5" id="connect" mb="xs">
        {t('profile.connectTitle')}
      </Title>
      <List size="sm" mb="md" c="dimmed">
        <List.Item>{t('profile.need1')}</List.Item>
        <List.Item>{t('profile.need2')}</List.Item>
        <List.Item>{t('profile.need3')}</List.Item>
      </List>
      <form onSubmit={form.onSubmit((v) => connect.mutate(v))} noValidate>
        <ProblemAlert error={connect.error} shown={fields} />
        <Stack maw={560}>
          <TextInput {...input('name')} description={t('profile.field.nameNote')} />
          <TextInput {...input('user_id')} />
          <PasswordInput
            {...input('api_key')}
            aria-invalid={form.errors.api_key ? true : undefined}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
          />
          <TextInput {...input('sender_key')} />
          <TextInput {...input('sender_number')} inputMode="tel" placeholder="02-1234-5678" />
          <TextInput
            {...input('base_url')}
            placeholder="https://kakaoapi.aligo.in"
            description={t('profile.field.baseUrlNote')}
          />
          <Text size="sm" c="dimmed">
            {t('profile.secretNote')}{' '}
            <Anchor
              href="https://smartsms.aligo.in/alimapi.html"
              target="_blank"
              rel="noreferrer"
              underline="always"
            >
              smartsms.aligo.in
            </Anchor>
          </Text>
          <Group>
            <Button type="submit" loading={connect.isPending}>
              {t('profile.test')}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t('action.cancel')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
