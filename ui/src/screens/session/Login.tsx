/* Login.tsx - e-mail address and password; then back to where the person was going. */
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../../components/links';
import { answer, api } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { sessionQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { Frame } from './Frame';

const route = getRouteApi('/login');

export function Login() {
  const { t } = useTranslation();
  const { to } = route.useSearch();
  const router = useRouter();
  const form = useForm({ initialValues: { email: '', password: '' } });
  const login = useMutation({
    mutationFn: (body: { email: string; password: string }) => answer(api.POST('/sessions', { body })),
    onSuccess: (session) => {
      queryClient.clear();
      queryClient.setQueryData(sessionQuery.queryKey, session);
      router.history.push(to ?? '/');
    },
    onError: (error) => error instanceof ApiProblem && form.setErrors(error.fields()),
  });
  return (
    <Frame title={t('session.login')} lead={t('session.loginLead')}>
      <form onSubmit={form.onSubmit((v) => login.mutate(v))} noValidate>
        <ProblemAlert error={login.error} shown={['email', 'password']} />
        <Stack>
          <TextInput
            label={t('session.email')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('session.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
            aria-invalid={form.errors.password ? true : undefined}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={login.isPending}>
            {t('session.login')}
          </Button>
          <Text size="sm" ta="center">
            {t('session.noAccount')}{' '}
            <AnchorLink to="/signup" underline="always">
              {t('session.toSignUp')}
            </AnchorLink>
          </Text>
        </Stack>
      </form>
    </Frame>
  );
}
