/* GroupModal.tsx - name and description of a group. */
import { Button, Group, Modal, Stack, TextInput, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { tellDone } from '../../lib/tell';

interface Props {
  opened: boolean;
  onClose: () => void;
  group: Schemas['Group'] | null;
}

export function GroupModal(props: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.group ? t('group.edit') : t('group.add')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <GroupForm key={props.group?.id ?? 0} {...props} />
    </Modal>
  );
}

function GroupForm({ group, onClose }: Props) {
  const { t } = useTranslation();
  const form = useForm({ initialValues: { name: group?.name ?? '', description: group?.description ?? '' } });
  const save = useMutation({
    mutationFn: (body: { name: string; description: string }) =>
      group
        ? answer(api.PATCH('/groups/{id}', { params: { path: { id: group.id } }, body }))
        : answer(api.POST('/groups', { body })),
    onSuccess: (saved, asked) => {
      void queryClient.invalidateQueries({ queryKey: ['groups'] });
      void queryClient.invalidateQueries({ queryKey: ['contacts'] });
      // A taken name becomes another; whoever asked for it must know.
      const taken = saved.name !== asked.name.trim();
      tellDone(t(taken ? 'group.savedAs' : 'group.saved', { name: saved.name }));
      onClose();
    },
    onError: (error) => error instanceof ApiProblem && form.setErrors(error.fields()),
  });
  return (
    <form onSubmit={form.onSubmit((v) => save.mutate(v))} noValidate>
      <ProblemAlert error={save.error} shown={['name', 'description']} />
      <Stack>
        <TextInput
          label={t('group.name')}
          placeholder={t('group.nameExample')}
          description={group ? undefined : t('group.nameNote')}
          data-autofocus
          required
          withAsterisk={false}
          {...form.getInputProps('name')}
        />
        <Textarea
          label={t('group.description')}
          autosize
          minRows={2}
          {...form.getInputProps('description')}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
