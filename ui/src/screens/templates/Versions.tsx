/* Versions.tsx - how a template changed at the gateway: two versions side by side in one text, what went and what came marked. */
import { Group, Paper, Select, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { versionsQuery } from '../../api/queries';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatFriendly } from '../../lib/format';
import type { Template } from '../../lib/templates';
import { useLang } from '../../lib/useLang';
import { type VersionPart, markChanges, versionParts } from '../../lib/versions';
import classes from './templates.module.css';

type Version = Schemas['TemplateVersion'];

export function Versions({ template: x }: { template: Template }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { data, error } = useQuery(versionsQuery(x.id));
  const [chosen, setChosen] = useState<{ old: number; fresh: number } | null>(null);
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton h={120} />;
  const fresh = data.find((v) => v.version === chosen?.fresh) ?? data[0];
  const old = data.find((v) => v.version === chosen?.old) ?? data[1];
  const label = (v: Version) =>
    `${t('template.version', { n: v.version })} · ${formatFriendly(v.created_at, lang)}`;
  const options = data.map((v) => ({ value: String(v.version), label: label(v) }));
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="versions">
      <Title order={2} size="h4" id="versions" mb={4}>
        {t('template.versions')}
      </Title>
      {!fresh || !old ? (
        <Text c="dimmed">
          {fresh ? t('template.oneVersion', { version: label(fresh) }) : t('template.noVersion')}
        </Text>
      ) : (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            {t('template.versionsNote')}
          </Text>
          <Group mb="md" gap="sm" align="flex-end">
            <Select
              label={t('template.versionOld')}
              data={options}
              value={String(old.version)}
              onChange={(v) => v && setChosen({ old: Number(v), fresh: fresh.version })}
              allowDeselect={false}
              style={{ flex: '1 1 180px' }}
            />
            <Select
              label={t('template.versionNew')}
              data={options}
              value={String(fresh.version)}
              onChange={(v) => v && setChosen({ old: old.version, fresh: Number(v) })}
              allowDeselect={false}
              style={{ flex: '1 1 180px' }}
            />
          </Group>
          <Changes old={old} fresh={fresh} />
        </>
      )}
    </Paper>
  );
}

function Changes({ old, fresh }: { old: Version; fresh: Version }) {
  const { t } = useTranslation();
  const word = (type: Schemas['ButtonType']) => t(`buttonType.${type}`);
  const before = versionParts(old, word);
  const after = versionParts(fresh, word);
  const parts = Object.keys(after) as VersionPart[];
  const changed = parts.filter((p) => before[p] !== after[p]);
  if (changed.length === 0) return <Text>{t('template.noChange')}</Text>;
  return changed.map((p) => (
    <div key={p}>
      <Text size="sm" fw={600} mt="sm">
        {t(`template.part.${p}`)}
      </Text>
      <Marked old={before[p]} fresh={after[p]} />
    </div>
  ));
}

function Marked({ old, fresh }: { old: string; fresh: string }) {
  const marks = useMemo(() => markChanges(old, fresh), [old, fresh]);
  return (
    <p className={classes.text} style={{ margin: '4px 0 0' }}>
      {marks.map((m, i) =>
        m.kind === 'added' ? (
          <ins key={i} className={classes.added}>
            {m.text}
          </ins>
        ) : m.kind === 'removed' ? (
          <del key={i} className={classes.removed}>
            {m.text}
          </del>
        ) : (
          m.text
        ),
      )}
    </p>
  );
}
