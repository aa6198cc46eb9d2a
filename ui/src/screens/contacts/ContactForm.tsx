/* ContactForm.tsx - name, number, groups and free fields of a customer, new or known. */
import {
  ActionIcon,
  Alert,
  Anchor,
  Button,
  Fieldset,
  Group,
  MultiSelect,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { groupsQuery } from '../../api/queries';
import { SHOWN_GROUPS } from '../../components/GroupSelect';
import { ProblemAlert } from '../../components/ProblemAlert';
import { type ContactValues, attributeFaults, bodyOf, changeOf, startValues } from '../../lib/contactForm';
import { tellDone } from '../../lib/tell';
import { contactChanged, contactsChanged } from './refresh';

type Contact = Schemas['Contact'];
type Form = UseFormReturnType<ContactValues>;

interface Props {
  contact: Contact | null;
  group?: number;
  canWrite: boolean;
  onDirty: (is: boolean) => void;
  onSaved: () => void;
  onOther: (contact: number) => void;
}

/* The form begins when it is known which groups there are: 미지정 is none to choose. */
export function ContactForm(props: Props) {
  const { data: groups, error, refetch } = useQuery(groupsQuery);
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />;
  return groups ? <Fields {...props} groups={groups} /> : <Skeleton h={320} />;
}

function Fields({
  contact,
  group,
  groups,
  canWrite,
  onDirty,
  onSaved,
  onOther,
}: Props & { groups: Schemas['Group'][] }) {
  const { t } = useTranslation();
  const defaults = new Set(groups.filter((g) => g.is_default).map((g) => g.id));
  const before = startValues(contact, defaults, group);
  const form = useForm<ContactValues>({
    initialValues: before,
    validate: (v) =>
      Object.fromEntries(
        [...attributeFaults(v.attributes)].map(([i, fault]) => [
          `attributes.${i}.key`,
          t(`contact.attributeFault.${fault}`),
        ]),
      ),
  });
  const isDirty = form.isDirty();
  useEffect(() => {
    onDirty(isDirty);
    return () => onDirty(false);
  }, [isDirty, onDirty]);
  const save = useMutation({
    mutationFn: (v: ContactValues) =>
      contact
        ? answer(
            api.PATCH('/contacts/{id}', {
              params: { path: { id: contact.id } },
              body: changeOf(form.getInitialValues(), v),
            }),
          )
        : answer(api.POST('/contacts', { body: bodyOf(v) })),
    onSuccess: (c) => {
      if (contact) contactChanged(c);
      else contactsChanged();
      tellDone(t('contact.saved', { name: c.name }));
      onSaved();
    },
    onError: (error) => error instanceof ApiProblem && form.setErrors(error.fields()),
  });
  const clash = save.error instanceof ApiProblem ? save.error.contact : undefined;
  return (
    <form onSubmit={form.onSubmit((v) => save.mutate(v))} noValidate>
      {clash ? (
        <Clash whose={clash} onOpen={() => onOther(clash.id)} />
      ) : (
        <ProblemAlert error={save.error} shown={['name', 'phone', 'email']} />
      )}
      <Stack>
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput
            label={t('contact.name')}
            required
            withAsterisk={false}
            data-autofocus={contact ? undefined : true}
            readOnly={!canWrite}
            miw={180}
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('contact.phone')}
            placeholder="010-1234-5678"
            inputMode="tel"
            required
            withAsterisk={false}
            readOnly={!canWrite}
            miw={180}
            {...form.getInputProps('phone')}
          />
        </Group>
        <TextInput
          label={t('contact.email')}
          type="email"
          readOnly={!canWrite}
          {...form.getInputProps('email')}
        />
        <MultiSelect
          label={t('contact.groups')}
          description={t('contact.groupsNote')}
          data={groups.filter((g) => !g.is_default).map((g) => ({ value: String(g.id), label: g.name }))}
          limit={SHOWN_GROUPS}
          searchable
          readOnly={!canWrite}
          comboboxProps={{ withinPortal: true }}
          {...form.getInputProps('group_ids')}
        />
        <Attributes form={form} canWrite={canWrite} />
        {canWrite && (
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending} disabled={contact !== null && !isDirty}>
              {t('action.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

/* Whose number it is, and the way to that contact. */
function Clash({ whose, onOpen }: { whose: Schemas['Ref']; onOpen: () => void }) {
  const { t } = useTranslation();
  const name = whose.name || t('contact.noName');
  return (
    <Alert
      role="alert"
      color="red"
      variant="outline"
      mb="md"
      title={t('contact.clash', { name })}
      data-testid="clash"
    >
      <Text size="sm" mb={4}>
        {t('contact.clashText')}
      </Text>
      <Anchor component="button" type="button" size="sm" fw={600} underline="always" onClick={onOpen}>
        {t('contact.clashOpen', { name })}
      </Anchor>
    </Alert>
  );
}

/* Rows of name and value. Enter goes to the next box, and from the last one to a new row. */
function Attributes({ form, canWrite }: { form: Form; canWrite: boolean }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const focus = (name: string) =>
    setTimeout(() => box.current?.querySelector<HTMLElement>(`[data-box="${name}"]`)?.focus());
  const add = (index: number) => {
    form.insertListItem('attributes', { key: '', value: '' });
    focus(`${index}.key`);
  };
  const rows = form.values.attributes;
  const onEnter = (e: KeyboardEvent, index: number, part: 'key' | 'value') => {
    if (e.key !== 'Enter' || e.nativeEvent.isComposing) return;
    e.preventDefault();
    if (part === 'key') focus(`${index}.value`);
    else if (index + 1 < rows.length) focus(`${index + 1}.key`);
    else if (rows[index]?.key.trim()) add(rows.length);
  };
  const remove = (index: number) => {
    form.removeListItem('attributes', index);
    focus(rows.length > 1 ? `${Math.min(index, rows.length - 2)}.key` : 'add');
  };
  return (
    <Fieldset legend={t('contact.attributes')}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('contact.attributesNote')}
      </Text>
      <Stack gap="xs" ref={box}>
        {rows.map((a, i) => {
          const name = a.key.trim() || t('contact.attributeNth', { n: i + 1 });
          return (
            <Group key={i} gap="xs" wrap="nowrap" align="flex-start">
              <TextInput
                aria-label={t('contact.attributeName')}
                placeholder={t('contact.attributeNameExample')}
                flex={1}
                readOnly={!canWrite}
                data-box={`${i}.key`}
                onKeyDown={(e) => onEnter(e, i, 'key')}
                {...form.getInputProps(`attributes.${i}.key`)}
              />
              <TextInput
                aria-label={t('contact.attributeValueOf', { name })}
                placeholder={t('contact.attributeValueExample')}
                flex={1.6}
                readOnly={!canWrite}
                data-box={`${i}.value`}
                onKeyDown={(e) => onEnter(e, i, 'value')}
                {...form.getInputProps(`attributes.${i}.value`)}
              />
              {canWrite && (
                <ActionIcon
                  variant="subtle"
                  color="red"
                  size="lg"
                  aria-label={t('contact.attributeRemoveOf', { name })}
                  onClick={() => remove(i)}
                >
                  <IconTrash size={18} aria-hidden />
                </ActionIcon>
              )}
            </Group>
          );
        })}
        {rows.length === 0 && !canWrite && <Text size="sm">–</Text>}
        {canWrite && (
          <Button
            variant="default"
            size="xs"
            data-box="add"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => add(rows.length)}
            style={{ alignSelf: 'flex-start' }}
          >
            {t('contact.attributeAdd')}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}
