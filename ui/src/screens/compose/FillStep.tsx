/*
 * FillStep.tsx - with which values: a source for every variable, a target for every tracked button,
 * a name for the send; beside it the message as the server writes it for real recipients. "Check"
 * stores the draft and has the server render every message.
 */
import { Alert, Button, Grid, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { campaignQuery, profilesQuery, sampleQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { type Draft, choiceOf, draftFaults, toCampaign, valuesOf } from '../../lib/draft';
import { formatStamp } from '../../lib/format';
import { guessAll } from '../../lib/guess';
import { CountBox } from './CountBox';
import { LivePreview, usePreview } from './LivePreview';
import { StepFoot } from './StepFoot';
import { ValueInput } from './ValueInput';
import { checkQuery } from './checkQuery';
import classes from './compose.module.css';

interface Props {
  draft: Draft;
  onDraft: (change: (d: Draft) => Draft) => void;
  groups: Schemas['Group'][];
  template: Schemas['Template'];
  campaign: Schemas['Campaign'] | undefined;
  onBack: () => void;
  onRecipients: () => void;
}

/* Groups whose first customers are looked at for the names of their fields. */
const SAMPLED = 5;

export function FillStep({ draft, onDraft, groups, template, campaign, onBack, onRecipients }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const known = useMemo(() => new Set(groups.map((g) => g.id)), [groups]);
  const choice = choiceOf(draft, known);
  const chosen = groups.filter((g) => choice.group_ids.includes(g.id));
  const samples = useQueries({
    queries: choice.group_ids.slice(0, SAMPLED).map((id) => sampleQuery(id)),
    combine: (all) => ({
      ready: all.every((q) => q.data),
      error: all.find((q) => q.error)?.error,
      attributes: [
        ...new Set(all.flatMap((q) => q.data?.items ?? []).flatMap((c) => Object.keys(c.attributes))),
      ].join('\n'),
    }),
  });
  const { data: profiles } = useQuery(profilesQuery);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const preview = usePreview({
    template_id: template.id,
    recipients: choice,
    values: valuesOf(draft, template),
  });
  const attributes = useMemo(() => {
    const used = Object.values(draft.values).flatMap((v) =>
      v.source === 'attribute' && v.key ? [v.key] : [],
    );
    return [...new Set([...samples.attributes.split('\n').filter(Boolean), ...used])];
  }, [samples.attributes, draft.values]);
  const guesses = useMemo(() => guessAll(template.variables, attributes), [template.variables, attributes]);

  // Fill in what can be guessed, once the customers' fields are known; what a person chose stays.
  const guessed = useRef(false);
  useEffect(() => {
    if (guessed.current || !samples.ready) return;
    guessed.current = true;
    onDraft((d) => ({
      ...d,
      name: d.name || `${template.name} ${formatStamp(Date.now())}`,
      values: guessAll(template.variables, attributes, d.values),
    }));
  }, [samples.ready, attributes, template, onDraft]);

  const faults = draftFaults(draft, template);
  const fault = (field: string) => {
    const f = tried ? faults[field] : undefined;
    return f && t(`compose.fault.${f}`);
  };
  const check = useMutation({
    mutationFn: async () => {
      const body = toCampaign(draft, template, known);
      const saved = campaign
        ? await answer(api.PATCH('/campaigns/{id}', { params: { path: { id: campaign.id } }, body }))
        : await answer(api.POST('/campaigns', { body }));
      queryClient.setQueryData(campaignQuery(saved.id).queryKey, saved);
      try {
        await queryClient.fetchQuery({ ...checkQuery(saved.id), staleTime: 0 });
        return { id: saved.id, step: 'preview' as const };
      } catch (error) {
        // The draft is stored; its own address shows it again together with what was wrong.
        if (campaign || !(error instanceof ApiProblem)) throw error;
        return { id: saved.id, step: 'preview' as const };
      }
    },
    onSuccess: async ({ id, step }) => {
      void queryClient.invalidateQueries({ queryKey: ['campaigns', 'list'] });
      await navigate({ to: '/campaigns/$id/compose', params: { id }, search: { step }, replace: !campaign });
    },
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(faults).length === 0) check.mutate();
    else setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const tracked = template.buttons.filter((b) => b.tracked);
  const sender = profiles?.find((p) => p.id === template.sender_profile_id)?.name ?? '';
  return (
    <>
      <ProblemAlert error={check.error ?? samples.error} />
      <Grid gap={{ base: 'md', md: 'xl' }}>
        <Grid.Col span={{ base: 12, md: 7 }} ref={form}>
          <Stack>
            <div>
              <CountBox
                choice={choice}
                template_id={template.id}
                members={chosen.map((g) => g.member_count)}
              />
              <Button variant="subtle" size="compact-sm" mt={4} onClick={onRecipients}>
                {t('recipients.change')}
              </Button>
            </div>
            <Paper withBorder p={{ base: 'md', sm: 'lg' }}>
              <TextInput
                label={t('compose.name')}
                description={t('compose.nameNote')}
                value={draft.name}
                onChange={(e) => {
                  const name = e.currentTarget.value;
                  onDraft((d) => ({ ...d, name }));
                }}
                error={fault('name')}
              />
            </Paper>
            <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="values">
              <Title order={2} size="h4" id="values" mb={4}>
                {t('compose.values')}
              </Title>
              <Text size="sm" c="dimmed" mb="md">
                {template.variables.length > 0 ? t('compose.valuesNote') : t('compose.noValues')}
              </Text>
              <Stack gap="md">
                {template.variables.map((v) => (
                  <ValueInput
                    key={v}
                    variable={v}
                    value={draft.values[v]}
                    guess={guesses[v]}
                    attributes={attributes}
                    person={preview.data?.contact?.name ?? null}
                    missing={preview.data?.missing.includes(v) ?? false}
                    error={fault(`values.${v}`)}
                    onChange={(source) => onDraft((d) => ({ ...d, values: { ...d.values, [v]: source } }))}
                  />
                ))}
              </Stack>
            </Paper>
            {tracked.length > 0 && (
              <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="links">
                <Title order={2} size="h4" id="links" mb={4}>
                  {t('compose.links')}
                </Title>
                <Text size="sm" c="dimmed" mb="md">
                  {t('compose.linksNote')}
                </Text>
                <Stack>
                  {tracked.map((b) => (
                    <TextInput
                      key={b.ordinal}
                      label={t('compose.linkOf', { name: b.name })}
                      placeholder="https://"
                      inputMode="url"
                      value={draft.links[b.ordinal] ?? ''}
                      onChange={(e) => {
                        const url = e.currentTarget.value;
                        onDraft((d) => ({ ...d, links: { ...d.links, [b.ordinal]: url } }));
                      }}
                      error={fault(`links.${b.ordinal}`)}
                    />
                  ))}
                </Stack>
              </Paper>
            )}
            {tried && Object.keys(faults).length > 0 && (
              <Alert color="red" variant="outline" role="alert">
                {t('compose.faults', { n: Object.keys(faults).length })}
              </Alert>
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <div className={classes.sketch}>
            <Text fw={600} mb="xs">
              {t('compose.sketch')}
            </Text>
            <LivePreview template={template} sender={sender} preview={preview} links={draft.links} />
          </div>
        </Grid.Col>
      </Grid>
      <StepFoot onBack={onBack}>
        <Button size="md" onClick={submit} loading={check.isPending}>
          {t('compose.check')}
        </Button>
      </StepFoot>
    </>
  );
}
