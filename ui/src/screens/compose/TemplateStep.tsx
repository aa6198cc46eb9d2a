/* TemplateStep.tsx - which text: one of the templates that may be sent. */
import { Button, Group, Radio, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconMessage2, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../components/links';
import type { Schemas } from '../../api/client';
import { profilesQuery } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { TemplateStateBadge } from '../../components/StateBadge';
import { TemplateBubble } from '../../components/TemplateBubble';
import { filterTemplates, templateState } from '../../lib/templates';
import { StepFoot } from './StepFoot';
import classes from './compose.module.css';

interface Props {
  templates: Schemas['Template'][];
  chosen: number | undefined;
  onChoose: (id: number) => void;
  onBack: () => void;
  onNext: () => void;
}

export function TemplateStep({ templates, chosen, onChoose, onBack, onNext }: Props) {
  const { t } = useTranslation();
  const { data: profiles } = useQuery(profilesQuery);
  const [q, setQ] = useState('');
  const sender = (id: number) => profiles?.find((p) => p.id === id)?.name ?? '';
  if (templates.length === 0)
    return (
      <Empty
        icon={<IconMessage2 aria-hidden />}
        title={t('template.emptyTitle')}
        text={t('template.emptyText')}
      >
        <ButtonLink to="/templates">{t('compose.toTemplates')}</ButtonLink>
      </Empty>
    );
  const ordered = filterTemplates(templates, { q: q.trim() || undefined }).sort(
    (a, b) => Number(b.sendable) - Number(a.sendable),
  );
  return (
    <>
      {templates.length > 6 && (
        <TextInput
          label={t('template.search')}
          placeholder={t('template.searchExample')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={q}
          onChange={(e) => setQ(e.currentTarget.value)}
          autoComplete="off"
          maw={420}
          mb="md"
        />
      )}
      <Radio.Group
        value={chosen === undefined ? null : String(chosen)}
        onChange={(v) => onChoose(Number(v))}
        aria-label={t('compose.step.template')}
      >
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {ordered.map((x) => (
            <Radio.Card
              key={x.id}
              value={String(x.id)}
              className={classes.choice}
              disabled={!x.sendable}
              aria-label={x.name}
            >
              <Stack gap="sm">
                <Group wrap="nowrap" justify="space-between" align="flex-start">
                  <Group wrap="nowrap" align="flex-start" gap="sm">
                    <Radio.Indicator disabled={!x.sendable} />
                    <Text fw={700}>{x.name}</Text>
                  </Group>
                  {!x.sendable && <TemplateStateBadge state={templateState(x)} />}
                </Group>
                {x.problem && (
                  <Text size="sm" c="dimmed">
                    {x.problem.text}
                  </Text>
                )}
                <TemplateBubble template={x} sender={sender(x.sender_profile_id)} still />
              </Stack>
            </Radio.Card>
          ))}
        </SimpleGrid>
      </Radio.Group>
      <StepFoot onBack={onBack}>
        <Button size="md" disabled={!templates.some((x) => x.id === chosen && x.sendable)} onClick={onNext}>
          {t('compose.toFill')}
        </Button>
      </StepFoot>
    </>
  );
}
