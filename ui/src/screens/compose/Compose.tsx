/*
 * Compose.tsx - writing a send in five steps: whom, which text, with which values, as it will look,
 * and the last question. Steps stand in the address. The draft is stored when it is checked; from
 * then on it lives at its own address and can be left and taken up again.
 */
import { Box, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Navigate, getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { campaignQuery, groupsQuery, templatesQuery } from '../../api/queries';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { Steps } from '../../components/Steps';
import { type ComposeStep, type Draft, composeSteps, draftOf } from '../../lib/draft';
import { ConfirmStep } from './ConfirmStep';
import { FillStep } from './FillStep';
import { PreviewStep } from './PreviewStep';
import { RecipientsStep } from './RecipientsStep';
import { TemplateStep } from './TemplateStep';

const newRoute = getRouteApi('/inside/campaigns/new');
const draftRoute = getRouteApi('/inside/campaigns/$id/compose');

export function ComposeNew() {
  const { group, template, step } = newRoute.useSearch();
  const navigate = newRoute.useNavigate();
  const [draft, setDraft] = useState<Draft>({
    name: '',
    groups: group === undefined ? [] : [group],
    except: [],
    except_days: null,
    template_id: template,
    values: {},
    links: {},
  });
  const open: ComposeStep =
    draft.groups.length === 0 ? 'recipients' : draft.template_id === undefined ? 'template' : 'fill';
  // Without a step in the address it begins at the first question the address does not answer.
  const [first] = useState(open);
  const wanted = composeSteps.indexOf(step ?? first);
  // The last two steps exist only for a stored draft.
  const reachable = composeSteps[Math.min(wanted, composeSteps.indexOf(open))]!;
  return (
    <ComposeSteps
      draft={draft}
      onDraft={setDraft}
      step={reachable}
      onStep={(to) => void navigate({ search: (s) => ({ ...s, step: to }) })}
    />
  );
}

export function ComposeDraft() {
  const { id } = draftRoute.useParams();
  const { data: campaign, error } = useQuery(campaignQuery(id));
  if (error) return <ProblemAlert error={error} />;
  if (!campaign) return <Skeleton h={300} />;
  if (campaign.state !== 'draft' && campaign.state !== 'checked')
    return <Navigate to="/campaigns/$id" params={{ id }} replace />;
  return <StoredDraft key={id} campaign={campaign} />;
}

function StoredDraft({ campaign }: { campaign: Schemas['Campaign'] }) {
  const { step } = draftRoute.useSearch();
  const navigate = draftRoute.useNavigate();
  const [draft, setDraft] = useState(() => draftOf(campaign));
  return (
    <ComposeSteps
      draft={draft}
      onDraft={setDraft}
      campaign={campaign}
      step={step ?? (campaign.state === 'checked' ? 'preview' : 'fill')}
      onStep={(to) => void navigate({ search: { step: to } })}
    />
  );
}

interface StepsProps {
  draft: Draft;
  onDraft: (change: (d: Draft) => Draft) => void;
  campaign?: Schemas['Campaign'];
  step: ComposeStep;
  onStep: (to: ComposeStep) => void;
}

function ComposeSteps({ draft, onDraft, campaign, step, onStep }: StepsProps) {
  const { t } = useTranslation();
  const groups = useQuery(groupsQuery);
  const templates = useQuery(templatesQuery);
  const active = composeSteps.indexOf(step);
  const chosen = groups.data?.filter((g) => draft.groups.includes(g.id)) ?? [];
  const template = templates.data?.find((x) => x.id === draft.template_id);
  const loaded = groups.data && templates.data;
  return (
    <>
      <PageHeader title={t('nav.compose')} lead={t(`compose.lead.${step}`)} />
      <Steps
        label={t('compose.steps')}
        names={composeSteps.map((x) => t(`compose.step.${x}`))}
        active={active}
        onBack={(i) => onStep(composeSteps[i]!)}
      />
      <ProblemAlert error={groups.error ?? templates.error} />
      {!loaded && !groups.error && !templates.error && <Skeleton h={240} />}
      {loaded && (
        <Box>
          {step === 'recipients' && (
            <RecipientsStep
              groups={groups.data}
              draft={draft}
              onDraft={onDraft}
              onNext={() => onStep('template')}
            />
          )}
          {step === 'template' && (
            <TemplateStep
              templates={templates.data}
              chosen={draft.template_id}
              onChoose={(template_id) => onDraft((d) => ({ ...d, template_id }))}
              onBack={() => onStep('recipients')}
              onNext={() => onStep('fill')}
            />
          )}
          {step === 'fill' && chosen.length > 0 && template && (
            <FillStep
              key={template.id}
              draft={draft}
              onDraft={onDraft}
              groups={groups.data}
              template={template}
              campaign={campaign}
              onBack={() => onStep('template')}
              onRecipients={() => onStep('recipients')}
            />
          )}
          {step === 'fill' && !(chosen.length > 0 && template) && (
            <GoneStep onBack={() => onStep(chosen.length > 0 ? 'template' : 'recipients')} />
          )}
          {step === 'preview' && campaign && (
            <PreviewStep campaign={campaign} onBack={() => onStep('fill')} onNext={() => onStep('confirm')} />
          )}
          {step === 'confirm' && campaign && (
            <ConfirmStep campaign={campaign} onBack={() => onStep('preview')} />
          )}
        </Box>
      )}
    </>
  );
}

/* The groups or the template of the draft are no more. */
function GoneStep({ onBack }: { onBack: () => void }) {
  useEffect(onBack);
  return null;
}
