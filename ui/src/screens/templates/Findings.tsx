/* Findings.tsx - what the rules say about a template that is being written: all of it in one list, and the warnings at their field. */
import { Paper, Text, Title, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconExclamationCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from '../../components/ProblemAlert';
import type { Finding } from '../../lib/templateForm';
import classes from './templates.module.css';

/* What inspectors often object to; errors stand in the field itself. */
export function FieldNotes({ of }: { of: Finding[] }) {
  return of
    .filter((f) => f.severity === 'warning')
    .map((f) => (
      <Text key={f.code + f.text} size="sm" mt={4} className={classes.why}>
        {f.text}
      </Text>
    ));
}

interface Props {
  findings: Finding[];
  waiting: boolean;
  empty: boolean;
  error: unknown;
  onGo: (field: string) => void;
}

export function Findings({ findings, waiting, empty, error, onGo }: Props) {
  const { t } = useTranslation();
  const errors = findings.filter((f) => f.severity === 'error').length;
  const warnings = findings.length - errors;
  const words = empty
    ? t('editor.checkEmpty')
    : waiting
      ? t('editor.checkWaiting')
      : findings.length === 0
        ? t('editor.checkGood')
        : errors > 0
          ? t('editor.checkErrors', { errors, warnings })
          : t('editor.checkWarnings', { warnings });
  if (error) return <ProblemAlert error={error} />;
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="findings" maw={360}>
      <Title order={2} size="h5" id="findings">
        {t('editor.check')}
      </Title>
      <Text size="sm" role="status" mt={4}>
        {!empty && !waiting && findings.length === 0 && (
          <IconCircleCheck
            size={18}
            color="var(--mantine-color-teal-outline)"
            style={{ verticalAlign: 'text-bottom', marginRight: 6 }}
            aria-hidden
          />
        )}
        {words}
      </Text>
      {findings.map((f) => (
        <UnstyledButton
          key={f.field + f.code + f.text}
          className={classes.finding}
          onClick={() => onGo(f.field)}
        >
          {f.severity === 'error' ? (
            <IconExclamationCircle
              size={18}
              color="var(--mantine-color-error)"
              aria-label={t('editor.error')}
            />
          ) : (
            <IconAlertTriangle
              size={18}
              color="var(--mantine-color-orange-outline)"
              aria-label={t('editor.warning')}
            />
          )}
          <Text size="sm">{f.text}</Text>
        </UnstyledButton>
      ))}
    </Paper>
  );
}
