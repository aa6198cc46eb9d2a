/* CountBox.tsx - how many a choice comes to, as a sum that a person can follow; it moves while groups are chosen. */
import { Group, Loader, Paper, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { recipientCountQuery } from '../../api/queries';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount } from '../../lib/format';
import { twice } from '../../lib/recipients';
import classes from './compose.module.css';

const COUNT_MS = 250;

interface Props {
  choice: Schemas['RecipientChoice'];
  template_id: number | undefined;
  /* Members of each chosen group. */
  members: number[];
}

/* The count of a choice, asked for when it has rested a moment. */
export function useRecipientCount(choice: Schemas['RecipientChoice'], template_id: number | undefined) {
  const [settled] = useDebouncedValue(JSON.stringify({ recipients: choice, template_id }), COUNT_MS);
  return useQuery(recipientCountQuery(JSON.parse(settled) as Schemas['NewRecipientCount']));
}

export function CountBox({ choice, template_id, members }: Props) {
  const { t } = useTranslation();
  const { data, error, isFetching } = useRecipientCount(choice, template_id);
  const none = choice.group_ids.length === 0;
  const count = none ? undefined : data;
  const people = (n: number) => t('compose.people', { n: formatCount(n) });
  const waitsForTemplate = choice.except_days != null && template_id === undefined;
  const rows: [key: string, label: string, n: number][] = count
    ? [
        ['excepted', t('recipients.excepted'), count.excepted],
        ['suppressed', t('recipients.suppressed'), count.suppressed],
        ...(waitsForTemplate
          ? []
          : [
              ['recent', t('recipients.recent', { n: choice.except_days ?? 0 }), count.recent] as [
                string,
                string,
                number,
              ],
            ]),
      ].filter((r): r is [string, string, number] => (r[2] as number) > 0)
    : [];
  return (
    <Paper
      withBorder
      p={{ base: 'md', sm: 'lg' }}
      component="section"
      aria-labelledby="count"
      data-testid="count"
    >
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4" id="count">
          {t('recipients.countTitle')}
        </Title>
        {isFetching && !none && <Loader size="xs" role="status" aria-label={t('action.loading')} />}
      </Group>
      <ProblemAlert error={error} />
      {none && <Text c="dimmed">{t('recipients.countNone')}</Text>}
      {count && (
        <>
          <dl className={classes.sum}>
            <dt>{t('recipients.selected')}</dt>
            <dd>{people(count.selected)}</dd>
            {rows.map(([key, label, n]) => (
              <SumRow key={key} label={label} value={`− ${people(n)}`} />
            ))}
            <dt className={classes.total}>{t('recipients.remaining')}</dt>
            <dd className={classes.total}>
              <span role="status" data-testid="remaining">
                {people(count.remaining)}
              </span>
            </dd>
          </dl>
          <Text size="sm" c="dimmed" mt="sm">
            {twice(members, count.selected) > 0
              ? t('recipients.onceOf', { n: formatCount(twice(members, count.selected)) })
              : t('recipients.once')}{' '}
            {count.suppressed > 0 && t('recipients.suppressedNote')}{' '}
            {waitsForTemplate && t('recipients.recentLater')}
          </Text>
          {count.remaining === 0 && (
            <Text size="sm" mt="xs" c="var(--mantine-color-error)" role="alert">
              {t('recipients.nobody')}
            </Text>
          )}
        </>
      )}
    </Paper>
  );
}

function SumRow({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}
