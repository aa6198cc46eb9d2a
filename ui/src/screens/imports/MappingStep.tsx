/*
 * MappingStep.tsx - how the file is read, what each column holds with its first values beside every
 * choice, and what becomes of numbers that are there twice.
 */
import { Alert, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { importQuery, templatesQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { ask } from '../../lib/ask';
import type { Import } from '../../lib/imports';
import { choose, fromColumns, mappingChange, mappingFault, missingVariables } from '../../lib/mapping';
import { useCan } from '../../lib/useCan';
import { ColumnTable } from './ColumnTable';
import { FileReading } from './FileReading';
import { RuleChoice } from './RuleChoice';
import { SameFile } from './SameFile';

export function MappingStep({ item, onNext }: { item: Import; onNext: () => void }) {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const [choices, setChoices] = useState(() => fromColumns(item.columns));
  const [rules, setRules] = useState({ duplicates: item.duplicates, existing: item.existing });
  const [tried, setTried] = useState(false);
  const { data: templates } = useQuery(templatesQuery);
  const template = templates?.find((x) => x.id === item.template?.id);
  const missing = template ? missingVariables(template.variables, choices) : [];
  const save = useMutation({
    mutationFn: (body: Schemas['ImportMapping']) =>
      answer(api.PUT('/imports/{id}/mapping', { params: { path: { id: item.id } }, body })),
    onSuccess: (saved) => {
      queryClient.removeQueries({ queryKey: ['imports', item.id, 'rows'] });
      queryClient.setQueryData(importQuery(item.id).queryKey, saved);
    },
  });
  const busy = save.isPending || item.state !== 'mapping' || !canWrite;
  const fault = mappingFault(choices);
  const submit = () => {
    setTried(true);
    if (fault) return;
    const change = canWrite ? mappingChange(item, choices, rules) : null;
    if (change) save.mutate(change, { onSuccess: onNext });
    else onNext();
  };
  return (
    <Stack gap="md">
      <ProblemAlert error={save.error} />
      {!save.error && item.problem && (
        <Alert color="red" variant="outline" role="alert">
          {item.problem.text}
        </Alert>
      )}
      {(item.same_as || item.notes.length > 0) && <Notes item={item} />}
      <FileReading item={item} busy={busy} onChange={(body) => save.mutate(body)} />
      {missing.length > 0 && (
        <Alert color="yellow" variant="outline" icon={<IconInfoCircle aria-hidden />}>
          {t('import.missing', { names: missing.map((v) => `#{${v}}`).join(', ') })}
        </Alert>
      )}
      <ColumnTable
        columns={item.columns}
        choices={choices}
        busy={busy}
        onRole={(index, role) => setChoices((all) => choose(all, index, role))}
        onAttribute={(index, attribute) =>
          setChoices((all) => all.map((x) => (x.index === index ? { ...x, attribute } : x)))
        }
      />
      <RuleChoice rules={rules} busy={busy} onChange={setRules} />
      {fault && (tried || fault === 'noPhone') && (
        <Alert color="red" variant="outline" role="alert">
          {t(`import.fault.${fault}`)}
        </Alert>
      )}
      <Group justify="space-between">
        {canWrite ? <Discard item={item} /> : <span />}
        <Button
          size="md"
          onClick={submit}
          loading={save.isPending}
          disabled={item.state !== 'mapping' || fault === 'noPhone'}
        >
          {t('import.toRows')}
        </Button>
      </Group>
    </Stack>
  );
}

/* What the file hides or holds besides the list: told calmly, before anything is decided. */
function Notes({ item }: { item: Import }) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p={{ base: 'sm', sm: 'md' }} component="section" aria-labelledby="notes">
      <Title order={2} size="h5" mb={6} id="notes">
        {t('import.notes')}
      </Title>
      {item.notes.length > 0 && (
        <List size="sm" spacing={4} icon={<IconInfoCircle size={16} aria-hidden style={{ marginTop: 3 }} />}>
          {item.notes.map((n) => (
            <List.Item key={n.code}>
              <Text size="sm">{n.text}</Text>
            </List.Item>
          ))}
        </List>
      )}
      <SameFile item={item} />
    </Paper>
  );
}

function Discard({ item }: { item: Import }) {
  const { t } = useTranslation();
  const discard = useMutation({
    mutationFn: () => answer(api.DELETE('/imports/{id}', { params: { path: { id: item.id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: importQuery(item.id).queryKey, exact: true }),
  });
  return (
    <Button
      variant="subtle"
      color="gray"
      loading={discard.isPending}
      onClick={() =>
        ask({
          title: t('import.discard.title'),
          text: t('import.discard.text'),
          yes: t('import.discard.button'),
          danger: true,
          onYes: () => discard.mutate(),
        })
      }
    >
      {t('import.discard.button')}
    </Button>
  );
}
