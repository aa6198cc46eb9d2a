/* GroupSelect.tsx - one of the groups, found by typing; a thousand of them stay light because few are drawn. */
import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../api/client';
import { groupsQuery } from '../api/queries';
import { formatCount } from '../lib/format';

export const SHOWN_GROUPS = 60;

interface Props extends Pick<SelectProps, 'label' | 'placeholder' | 'style' | 'clearable' | 'autoFocus'> {
  value: number | undefined;
  onChange: (id: number | undefined, name?: string) => void;
  /* Which groups can be chosen; all by default. */
  only?: (group: Schemas['Group']) => boolean;
}

export function GroupSelect({ value, onChange, only, ...props }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(groupsQuery);
  const options = (data ?? [])
    .filter((g) => !only || only(g))
    .map((g) => ({ value: String(g.id), label: `${g.name} (${formatCount(g.member_count)})` }));
  return (
    <Select
      {...props}
      data={options}
      limit={SHOWN_GROUPS}
      value={value === undefined ? null : String(value)}
      onChange={(v) => onChange(v ? Number(v) : undefined, data?.find((g) => String(g.id) === v)?.name)}
      nothingFoundMessage={t('group.noneTitle')}
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      searchable
      withScrollArea={false}
      styles={{ options: { maxHeight: 220, overflowY: 'auto' } }}
    />
  );
}
