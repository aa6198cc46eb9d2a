/* ContactModal.tsx - one customer: add, change, remove. */
import {
  ActionIcon,
  Button,
  Fieldset,
  Group,
  Modal,
  MultiSelect,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { ask } from '../../lib/ask';
import { formatPhone, formatTime } from '../../lib/format';
import { tellDone, tellProblem } from '../../lib/tell';

type Contact = Schemas['Contact'];

interface Values {
  name: string;
  phone: string;
  email: string;
  attributes: { key: string; value: string }[];
  group_ids: string[];
}

interface Props {
  opened: boolean;
  onClose: () => void;
  contact: Contact | null;
  groups: Schemas['Group'][];
  canWrite: boolean;
}

export function ContactModal(props: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.contact ? t('contact.edit') : t('contact.add')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      size="lg"
    >
      <ContactForm key={props.contact?.id ?? 0} {...props} />
    </Modal>
  );
}

function refresh(): void {
  for (const key of ['contacts', 'groups', 'statistics'])
    void queryClient.invalidateQueries({ queryKey: [key] });
}

function startValues(contact: Contact | null, groups: Schemas['Group'][]): Values {
  const defaults = new Set(groups.filter((g) => g.is_default).map((g) => g.id));
  return {
    name: contact?.name ?? '',
    phone: contact ? formatPhone(contact.phone) : '',
    email: contact?.email ?? '',
    attributes: Object.entries(contact?.attributes ?? {}).map(([key, value]) => ({ key, value })),
    group_ids: (contact?.groups ?? []).filter((g) => !defaults.has(g.id)).map((g) => String(g.id)),
  };
}

function toBody(v: Values): Schemas['NewContact'] {
  return {
    name: v.name.trim(),
    phone: v.phone.trim(),
    email: v.email.trim() || null,
    attributes: Object.fromEntries(
      v.attributes.filter((a) => a.key.trim()).map((a) => [a.key.trim(), a.value]),
    ),
    group_ids: v.group_ids.map(Number),
  };
}

function ContactForm({ contact, groups, canWrite, onClose }: Props) {
  const { t } = useTranslation();
  const form = useForm<Values>({ initialValues: startValues(contact, groups) });
  const save = useMutation({
    mutationFn: (v: Values) =>
      contact
        ? answer(api.PATCH('/contacts/{id}', { params: { path: { id: contact.id } }, body: toBody(v) }))
        : answer(api.POST('/contacts', { body: toBody(v) })),
    onSuccess: (c) => {
      refresh();
      tellDone(t('contact.saved', { name: c.name }));
      onClose();
    },
    onError: (error) => error instanceof ApiProblem && form.setErrors(error.fields()),
  });
  const remove = useMutation({
    mutationFn: (id: number) => answer(api.DELETE('/contacts/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      refresh();
      tellDone(t('contact.removed'));
      onClose();
    },
    onError: tellProblem,
  });
  return (
    <form onSubmit={form.onSubmit((v) => save.mutate(v))} noValidate>
      <ProblemAlert error={save.error} shown={['name', 'phone', 'email']} />
      <Stack>
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput
            label={t('contact.name')}
            required
            withAsterisk={false}
            data-autofocus
            miw={180}
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('contact.phone')}
            placeholder="010-1234-5678"
            inputMode="tel"
            required
            withAsterisk={false}
            miw={180}
            {...form.getInputProps('phone')}
          />
        </Group>
        <TextInput label={t('contact.email')} type="email" {...form.getInputProps('email')} />
        <MultiSelect
          label={t('contact.groups')}
          description={t('contact.groupsNote')}
          data={groups.filter((g) => !g.is_default).map((g) => ({ value: String(g.id), label: g.name }))}
          searchable
          comboboxProps={{ withinPortal: true }}
          {...form.getInputProps('group_ids')}
        />
        <Fieldset legend={t('contact.attributes')}>
          <Text size="sm" c="dimmed" mb="xs">
            {t('contact.attributesNote')}
          </Text>
          <Stack gap="xs">
            {form.values.attributes.map((_, i) => (
              <Group key={i} gap="xs" wrap="nowrap" align="flex-end">
                <TextInput
                  aria-label={t('contact.attributeName')}
                  placeholder={t('contact.attributeNameExample')}
                  flex={1}
                  {...form.getInputProps(`attributes.${i}.key`)}
                />
                <TextInput
                  aria-label={t('contact.attributeValue')}
                  placeholder={t('contact.attributeValueExample')}
                  flex={2}
                  {...form.getInputProps(`attributes.${i}.value`)}
                />
                <ActionIcon
                  variant="subtle"
                  color="red"
                  size="lg"
                  aria-label={t('contact.attributeRemove')}
                  onClick={() => form.removeListItem('attributes', i)}
                >
                  <IconTrash size={18} aria-hidden />
                </ActionIcon>
              </Group>
            ))}
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => form.insertListItem('attributes', { key: '', value: '' })}
              style={{ alignSelf: 'flex-start' }}
            >
              {t('contact.attributeAdd')}
            </Button>
          </Stack>
        </Fieldset>
        {contact && (
          <Text size="xs" c="dimmed">
            {t('contact.changed', { time: formatTime(contact.updated_at) })}
          </Text>
        )}
        {canWrite && (
          <Group justify="space-between">
            {contact ? (
              <Button
                variant="subtle"
                color="red"
                loading={remove.isPending}
                onClick={() =>
                  ask({
                    title: t('contact.removeTitle'),
                    text: t('contact.removeText', { name: contact.name }),
                    yes: t('action.remove'),
                    danger: true,
                    onYes: () => remove.mutate(contact.id),
                  })
                }
              >
                {t('action.remove')}
              </Button>
            ) : (
              <span />
            )}
            <Button type="submit" loading={save.isPending}>
              {t('action.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
