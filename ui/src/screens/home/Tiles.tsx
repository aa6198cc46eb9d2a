/* Tiles.tsx - four numbers, each with what is counted written under it. */
import { Paper, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { formatCount, formatShare } from '../../lib/format';

export function Tiles({ summary: s }: { summary: Schemas['Summary'] }) {
  const { t } = useTranslation();
  const m = s.messages;
  const tiles = [
    {
      key: 'contacts',
      label: t('home.contacts'),
      value: formatCount(s.contacts),
      note: t('home.contactsNote'),
    },
    { key: 'groups', label: t('home.groups'), value: formatCount(s.groups), note: t('home.groupsNote') },
    {
      key: 'success',
      label: t('home.success'),
      value: formatShare(s.success_rate),
      note:
        s.success_rate === null
          ? t('home.successNone')
          : t('home.successNote', {
              delivered: formatCount(m.delivered),
              settled: formatCount(m.delivered + m.failed),
            }),
    },
    {
      key: 'click',
      label: t('home.click'),
      value: formatShare(s.click_rate),
      note:
        s.click_rate === null
          ? t('home.clickNone')
          : t('home.clickNote', {
              clicked: formatCount(s.clicked),
              tracked: formatCount(s.tracked_delivered),
            }),
    },
  ];
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: 'sm', sm: 'md' }}>
      {tiles.map((tile) => (
        <Paper key={tile.key} withBorder p={{ base: 'sm', sm: 'lg' }} data-testid={`tile-${tile.key}`}>
          <Text size="sm" fw={600} c="dimmed">
            {tile.label}
          </Text>
          <Text fz={{ base: 26, sm: 34 }} fw={800} lh={1.25} className="tabular" data-testid="value">
            {tile.value}
          </Text>
          <Text size="xs" c="dimmed" mt={4}>
            {tile.note}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
