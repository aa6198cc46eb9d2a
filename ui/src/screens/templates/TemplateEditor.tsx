/*
 * TemplateEditor.tsx - writes a template: new, from another one, or again after it was rejected. Beside
 * the fields stand the bubble and what the rules say, asked of the server whenever the typing pauses;
 * what is wrong also stands at its field.
 */
import {
  Button,
  Grid,
  Group,
  Paper,
  Radio,
  Select,
  Skeleton,
  Stack,
  Switch,
  Text,
  TextInput,
  Textarea,
  Title,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useBlocker, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { profilesQuery, templateCheckQuery, templateQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { AnchorLink } from '../../components/links';
import { TemplateBubble } from '../../components/TemplateBubble';
import { confirmed } from '../../lib/ask';
import { formatCount } from '../../lib/format';
import {
  type Emphasis,
  type Finding,
  type FormValues,
  type Kind,
  emptyForm,
  fieldId,
  formOf,
  hasAdvert,
  hasExtra,
  toForm,
} from '../../lib/templateForm';
import type { Template } from '../../lib/templates';
import { tellDone } from '../../lib/tell';
import { variablesOf } from '../../lib/variables';
import { StepFoot } from '../compose/StepFoot';
import { ButtonsEditor } from './ButtonsEditor';
import { FieldNotes, Findings } from './Findings';
import { ImageInput } from './ImageInput';
import { VariableMenu } from './VariableMenu';
import classes from './templates.module.css';

const newRoute = getRouteApi('/inside/templates/new');
const editRoute = getRouteApi('/inside/templates/$id/edit');

const CHECK_MS = 400;

export function TemplateNew() {
  const { from } = newRoute.useSearch();
  const { t } = useTranslation();
  const source = useQuery({ ...templateQuery(from ?? 0), enabled: from !== undefined });
  if (source.error) return <ProblemAlert error={source.error} />;
  if (from !== undefined && !source.data) return <Skeleton h={400} />;
  const start = source.data
    ? { ...formOf(source.data), name: t('template.copyName', { name: source.data.name }) }
    : emptyForm;
  return <Editor start={start} profile={source.data?.sender_profile_id} />;
}

export function TemplateEdit() {
  const { id } = editRoute.useParams();
  const { data, error } = useQuery(templateQuery(id));
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton h={400} />;
  return <Editor key={id} start={formOf(data)} profile={data.sender_profile_id} template={data} />;
}

interface Props {
  start: FormValues;
  profile?: number;
  template?: Template;
}

function Editor({ start, profile: given, template }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const profiles = useQuery(profilesQuery);
  const [v, setV] = useState(start);
  const [chosen, setChosen] = useState(given);
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<Record<string, string>>({});
  const saved = useRef(false);
  const content = useRef<HTMLTextAreaElement>(null);
  const title = useRef<HTMLInputElement>(null);
  const profile =
    profiles.data?.find((p) => p.id === chosen) ??
    profiles.data?.find((p) => p.is_default) ??
    profiles.data?.[0];
  const set = (change: Partial<FormValues>) => {
    setV((old) => ({ ...old, ...change }));
    setRefused((old) =>
      Object.fromEntries(
        Object.entries(old).filter(([k]) => !Object.keys(change).includes(k.split('.')[0]!)),
      ),
    );
  };

  const dirty = v !== start;
  useBlocker({
    shouldBlockFn: async () =>
      dirty &&
      !saved.current &&
      !(await confirmed({
        title: t('editor.leaveTitle'),
        text: t('editor.leaveText'),
        yes: t('editor.leave'),
      })),
    enableBeforeUnload: () => dirty && !saved.current,
  });

  const { check, findings, error: checkError } = useCheck(v, template);
  const at = (field: string) => findings.filter((f) => f.field === field);
  // An empty form is not scolded: a field's errors show once it was written in or saving was tried.
  const errorAt = (field: string, written: boolean) => {
    if (refused[field]) return refused[field];
    const errors = at(field).filter((f) => f.severity === 'error');
    return (tried || written) && errors.length > 0 ? errors.map((f) => f.text).join(' ') : undefined;
  };

  const save = useMutation({
    mutationFn: () => {
      const body = toForm(v, { image: true });
      return template
        ? answer(api.PUT('/templates/{id}', { params: { path: { id: template.id } }, body }))
        : answer(api.POST('/templates', { body: { ...body, sender_profile_id: profile!.id } }));
    },
    onSuccess: async (x) => {
      saved.current = true;
      queryClient.setQueryData(templateQuery(x.id).queryKey, x);
      void queryClient.invalidateQueries({ queryKey: ['templates'] });
      tellDone(t(template ? 'editor.changed' : 'editor.added', { name: x.name }));
      await navigate({ to: '/templates/$id', params: { id: x.id } });
    },
    onError: (e) => {
      if (e instanceof ApiProblem) setRefused(e.fields());
      toFirstError();
    },
  });
  const submit = () => {
    setTried(true);
    const named = v.name.trim() !== '' && v.content.trim() !== '';
    if (named && !findings.some((f) => f.severity === 'error')) save.mutate();
    else toFirstError();
  };

  if (!profiles.data && !profiles.error) return <Skeleton h={400} />;
  const input = (field: 'name' | 'title' | 'subtitle' | 'advert') => ({
    id: fieldId(field),
    label: t(`editor.field.${field}`),
    value: v[field],
    onChange: (e: React.ChangeEvent<HTMLInputElement>) => set({ [field]: e.currentTarget.value }),
    error:
      field === 'name' && tried && !v.name.trim() ? t('editor.nameMissing') : errorAt(field, v[field] !== ''),
    autoComplete: 'off',
  });
  const names = variablesOf([v.title, v.content, ...v.buttons.map((b) => b.mobile)].join('\n'));
  return (
    <>
      <AnchorLink
        to={template ? '/templates/$id' : '/templates'}
        params={template ? { id: template.id } : undefined}
        size="sm"
      >
        {template ? t('editor.backOne', { name: template.name }) : t('template.back')}
      </AnchorLink>
      <PageHeader title={t(template ? 'editor.titleEdit' : 'editor.titleNew')} lead={t('editor.lead')} />
      <ProblemAlert error={profiles.error ?? save.error} shown={Object.keys(refused)} />
      <Grid gap={{ base: 'md', md: 'xl' }}>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack component="form" onSubmit={(e: React.FormEvent) => e.preventDefault()}>
            <Paper withBorder p={{ base: 'md', sm: 'lg' }}>
              <Stack>
                {!template && (profiles.data?.length ?? 0) > 1 && (
                  <Select
                    label={t('template.profile')}
                    description={t('editor.profileNote')}
                    data={profiles.data!.map((p) => ({ value: String(p.id), label: p.name }))}
                    value={profile ? String(profile.id) : null}
                    onChange={(id) => id && setChosen(Number(id))}
                    allowDeselect={false}
                  />
                )}
                <div>
                  <TextInput {...input('name')} description={t('editor.nameNote')} maxLength={200} />
                  <FieldNotes of={at('name')} />
                </div>
                <KindInput value={v.type} onChange={(type) => set({ type })} />
              </Stack>
            </Paper>
            <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="editor-text">
              <Title order={2} size="h4" id="editor-text" mb="sm">
                {t('editor.textTitle')}
              </Title>
              <Stack>
                <EmphasisInput value={v.emphasis} onChange={(emphasis) => set({ emphasis })} />
                {v.emphasis === 'TEXT' && (
                  <>
                    <div>
                      <Group gap="xs" align="flex-end" wrap="nowrap">
                        <TextInput
                          {...input('title')}
                          ref={title}
                          description={t('editor.titleNote')}
                          style={{ flex: 1 }}
                        />
                        <VariableMenu names={names} input={title} onChange={(text) => set({ title: text })} />
                      </Group>
                      <FieldNotes of={at('title')} />
                    </div>
                    <div>
                      <TextInput {...input('subtitle')} description={t('editor.subtitleNote')} />
                      <FieldNotes of={at('subtitle')} />
                    </div>
                  </>
                )}
                {v.emphasis === 'IMAGE' && (
                  <ImageInput
                    value={v.image}
                    kept={template?.image_url ?? null}
                    error={errorAt('image', false)}
                    onChange={(image) => set({ image })}
                  />
                )}
                <div>
                  <Textarea
                    id={fieldId('content')}
                    ref={content}
                    label={t('editor.field.content')}
                    description={t('editor.contentNote')}
                    value={v.content}
                    onChange={(e) => set({ content: e.currentTarget.value })}
                    error={
                      tried && !v.content.trim()
                        ? t('editor.contentMissing')
                        : errorAt('content', v.content !== '')
                    }
                    autosize
                    minRows={8}
                    maxRows={20}
                  />
                  <Group justify="space-between" mt={6}>
                    <VariableMenu
                      names={names}
                      input={content}
                      label
                      onChange={(text) => set({ content: text })}
                    />
                    <Length check={check} />
                  </Group>
                  <FieldNotes of={at('content')} />
                </div>
                {hasExtra(v.type) && (
                  <div>
                    <Textarea
                      id={fieldId('extra')}
                      label={t('editor.field.extra')}
                      description={t('editor.extraNote')}
                      value={v.extra}
                      onChange={(e) => set({ extra: e.currentTarget.value })}
                      error={errorAt('extra', v.extra !== '')}
                      autosize
                      minRows={2}
                    />
                    <FieldNotes of={at('extra')} />
                  </div>
                )}
                {hasAdvert(v.type) && (
                  <div>
                    <TextInput {...input('advert')} description={t('editor.advertNote')} />
                    <FieldNotes of={at('advert')} />
                  </div>
                )}
                <Switch
                  checked={v.secure}
                  onChange={(e) => set({ secure: e.currentTarget.checked })}
                  label={t('template.secure')}
                  description={t('editor.secureNote')}
                />
              </Stack>
            </Paper>
            <ButtonsEditor
              buttons={v.buttons}
              type={v.type}
              onChange={(buttons) => set({ buttons })}
              at={at}
              errorAt={errorAt}
            />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack className={classes.sticky}>
            <Text fw={600}>{t('editor.preview')}</Text>
            <TemplateBubble
              sender={profile?.name ?? ''}
              template={{
                ...toForm(v, { image: false }),
                type: v.type,
                emphasis: v.emphasis,
                name: v.name || t('editor.preview'),
                content: v.content || t('editor.contentExample'),
                title: v.emphasis === 'TEXT' ? v.title : null,
                subtitle: v.emphasis === 'TEXT' ? v.subtitle : null,
                extra: hasExtra(v.type) ? v.extra : null,
                image_url: v.image || (template?.image_url ?? null),
                buttons: v.buttons,
              }}
            />
            <Findings
              findings={findings}
              waiting={check === undefined}
              empty={v.content.trim() === ''}
              error={checkError}
              onGo={(field) => document.getElementById(fieldId(field))?.focus()}
            />
          </Stack>
        </Grid.Col>
      </Grid>
      <StepFoot>
        <Group gap="md" justify="flex-end">
          <Text size="sm" c="dimmed" visibleFrom="sm">
            {t('editor.saveNote')}
          </Text>
          <Button size="md" onClick={submit} loading={save.isPending} disabled={!profile}>
            {t(template ? 'editor.save' : 'editor.add')}
          </Button>
        </Group>
      </StepFoot>
    </>
  );
}

function toFirstError(): void {
  setTimeout(() => document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus());
}

/* The server's check of what is typed, without the picture's weight; a picture that is there is not missing. */
function useCheck(v: FormValues, template: Template | undefined) {
  const body = useMemo((): Schemas['TemplateForm'] => {
    const form = toForm(v, { image: false });
    return { ...form, name: form.name || '-', content: form.content || '-' };
  }, [v]);
  const [settled] = useDebouncedValue(body, CHECK_MS);
  const written = v.content.trim() !== '';
  const { data: check, error } = useQuery({ ...templateCheckQuery(settled), enabled: written });
  const hasImage = v.image !== '' || !!template?.image_url;
  const findings = useMemo(
    (): Finding[] => (written ? (check?.findings ?? []).filter((f) => f.field !== 'image' || !hasImage) : []),
    [check, hasImage, written],
  );
  return { check: written ? check : undefined, findings, error };
}

function Length({ check }: { check: Schemas['TemplateCheck'] | undefined }) {
  const { t } = useTranslation();
  if (!check) return null;
  return (
    <Text size="sm" className="tabular" c={check.length > check.limit ? 'red' : 'dimmed'} role="status">
      {t('editor.length', { n: formatCount(check.length), limit: formatCount(check.limit) })}
    </Text>
  );
}

function KindInput({ value, onChange }: { value: Kind; onChange: (kind: Kind) => void }) {
  const { t } = useTranslation();
  return (
    <Radio.Group label={t('template.kind')} value={value} onChange={(k) => onChange(k as Kind)}>
      <Stack gap={6} mt={6}>
        {(['BA', 'EX', 'AD', 'MI'] as const).map((k) => (
          <Radio key={k} value={k} label={t(`template.kinds.${k}`)} description={t(`editor.kindNote.${k}`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function EmphasisInput({ value, onChange }: { value: Emphasis; onChange: (emphasis: Emphasis) => void }) {
  const { t } = useTranslation();
  return (
    <Radio.Group label={t('template.emphasis')} value={value} onChange={(e) => onChange(e as Emphasis)}>
      <Group gap="lg" mt={6}>
        {(['NONE', 'TEXT', 'IMAGE'] as const).map((e) => (
          <Radio key={e} value={e} label={t(`template.emphases.${e}`)} />
        ))}
      </Group>
    </Radio.Group>
  );
}
