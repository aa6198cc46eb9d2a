/*
 * ProblemAlert.tsx - an error of the API in the words the API gave it; and the same as a sentence.
 *
 * Problems of a gateway say in their title what is wrong and what to do; their detail is what the
 * gateway itself answered, shown as a quotation so that it can be read out to its support.
 */
import { Alert, Button, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/problem';

export function problemTitle(error: unknown, t: TFunction): string {
  if (error instanceof ApiProblem) {
    if (error.title) return error.title;
    if (error.status === 0) return t('problem.unreachable');
    return t('problem.status', { status: error.status });
  }
  return t('problem.unexpected');
}

export function problemDetail(error: unknown): string | undefined {
  return error instanceof ApiProblem ? error.detail : undefined;
}

/* What is wrong, and after it what to do. */
export function sentences(title: string): [first: string, rest: string] {
  const m = /^(.+?[.?!])\s+(\S.*)$/su.exec(title);
  return m ? [m[1]!, m[2]!] : [title, ''];
}

const ofGateway = (error: unknown) => error instanceof ApiProblem && error.code.startsWith('gateway_');

interface Props {
  error: unknown;
  retry?: () => void;
  /* Fields whose errors already stand beside their inputs. */
  shown?: string[];
}

export function ProblemAlert({ error, retry, shown = [] }: Props) {
  const { t } = useTranslation();
  if (!error) return null;
  const rest = error instanceof ApiProblem ? error.errors.filter((e) => !shown.includes(e.field)) : [];
  const detail = problemDetail(error);
  const [title, todo] = sentences(problemTitle(error, t));
  const body = todo || detail || rest.length > 0 || retry;
  return (
    <Alert
      role="alert"
      color="red"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      mb="md"
    >
      {body && (
        <>
          {todo && <Text size="sm">{todo}</Text>}
          {detail && (
            <Text size="sm" mt={todo ? 4 : 0}>
              {ofGateway(error) ? t('problem.gatewayWords', { text: detail }) : detail}
            </Text>
          )}
          {rest.length > 0 && (
            <List size="sm" mt={4}>
              {rest.map((e, i) => (
                <List.Item key={i}>{e.detail}</List.Item>
              ))}
            </List>
          )}
          {retry && (
            <div>
              <Button variant="default" size="xs" mt="xs" onClick={retry}>
                {t('action.retry')}
              </Button>
            </div>
          )}
        </>
      )}
    </Alert>
  );
}
