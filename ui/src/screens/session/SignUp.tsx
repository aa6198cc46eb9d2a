/* SignUp.tsx - a new company and its owner. */
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../../components/links';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { sessionQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { Frame } from './Frame';

const fields = ['company_name', 'name', 'email', 'password'];

export function SignUp() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useForm<Schemas['NewCompany']>({
    initialValues: { company_name: '', name: '', email: '', password: '' },
  });
  const signUp = useMutation({
    mutationFn: (body: Schemas['NewCompany']) => answer(api.POST('/companies', { body })),
    onSuccess: async (session) => {
      queryClient.clear();
      queryClient.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: '/' });
    },
    onError: (error) => error instanceof ApiProblem && form.setErrors(error.fields()),
  });
  return (
    <Frame title={t('session.signUp')} lead={t('session.signUpLead')}>
      <form onSubmit={form.onSubmit((v) => signUp.mutate(v))} noValidate>
        <ProblemAlert error={signUp.error} shown={fields} />
        <Stack>
          <TextInput
            label={t('session.company')}
            placeholder={t('session.companyExample')}
            autoComplete="organization"
            required
            withAsterisk={false}
            {...form.getInputProps('company_name')}
          />
          <TextInput
            label={t('session.name')}
            autoComplete="name"
            required
            withAsterisk={false}
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('session.email')}
            description={t('session.emailUse')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...form.getInputProps('email')}
          />
          <PasswordInput
            label={t('session.password')}
            description={t('session.passwordRule')}
            autoComplete="new-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': t('session.showPassword') }}
            aria-invalid={form.errors.password ? true : undefined}
            {...form.getInputProps('password')}
          />
          <Button type="submit" size="md" loading={signUp.isPending}>
            {t('session.start')}
          </Button>
          <Text size="sm" ta="center">
            {t('session.haveAccount')}{' '}
            <AnchorLink to="/login" search={{ to: undefined }} underline="always">
              {t('session.login')}
            </AnchorLink>
          </Text>
        </Stack>
      </form>
    </Frame>
  );
}
