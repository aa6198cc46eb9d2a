/*
 * HoursChart.tsx - messages by the hour in which they were sent, in Korean time, as bars and, at
 * will, as the table the bars are drawn from.
 */
import { BarChart } from '@mantine/charts';
import { Box, Group, Paper, ScrollArea, SegmentedControl, Skeleton, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hoursQuery } from '../../api/queries';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount, formatDay, formatHour } from '../../lib/format';
import { useLang } from '../../lib/useLang';

export function HoursChart() {
  const { t } = useTranslation();
  const lang = useLang();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const [hours, setHours] = useState('24');
  const { data, error } = useQuery(hoursQuery(Number(hours)));
  const items = data?.items ?? [];
  const sent = items.reduce((sum, h) => sum + h.sent, 0);
  const label = (ms: number) =>
    hours === '24' ? formatHour(ms, lang) : `${formatDay(ms)} ${formatHour(ms, lang)}`;
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="hours">
      <Group justify="space-between" mb="xs" gap="sm">
        <Box>
          <Title order={2} size="h4" id="hours">
            {t('home.hours')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('home.hoursLead', { sent: formatCount(sent) })}
          </Text>
        </Box>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            value={hours}
            onChange={setHours}
            aria-label={t('home.range')}
            data={[
              { value: '24', label: t('home.range24') },
              { value: '168', label: t('home.range168') },
            ]}
          />
          <SegmentedControl
            size="xs"
            value={view}
            onChange={(v) => setView(v as 'chart' | 'table')}
            aria-label={t('home.view')}
            data={[
              { value: 'chart', label: t('home.viewChart') },
              { value: 'table', label: t('home.viewTable') },
            ]}
          />
        </Group>
      </Group>
      <ProblemAlert error={error} />
      {!data && !error && <Skeleton h={240} />}
      {data && view === 'chart' && (
        <Box role="img" aria-label={t('home.chartLabel', { sent: formatCount(sent) })}>
          <BarChart
            h={240}
            data={items.map((h) => ({
              hour: label(h.hour),
              [t('messageState.delivered')]: h.delivered,
              [t('messageState.failed')]: h.failed,
              [t('home.pending')]: h.pending,
            }))}
            dataKey="hour"
            type="stacked"
            series={[
              { name: t('messageState.delivered'), color: 'teal.6' },
              { name: t('messageState.failed'), color: 'red.6' },
              { name: t('home.pending'), color: 'gray.5' },
            ]}
            withLegend
            legendProps={{ verticalAlign: 'bottom' }}
            yAxisProps={{ allowDecimals: false, width: 44 }}
            xAxisProps={{ interval: hours === '24' ? 2 : 23 }}
            valueFormatter={formatCount}
            maxBarWidth={36}
          />
        </Box>
      )}
      {data && view === 'table' && (
        <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0, 'aria-label': t('home.hours') }}>
          <Table striped>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('home.hour')}</Table.Th>
                {(['sent', 'delivered', 'failed', 'pending', 'clicked'] as const).map((k) => (
                  <Table.Th key={k} scope="col" ta="right">
                    {t(`home.col.${k}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="tabular">
              {items.map((h) => (
                <Table.Tr key={h.hour}>
                  <Table.Th scope="row" fw={400}>
                    {formatDay(h.hour)} {formatHour(h.hour, lang)}
                  </Table.Th>
                  {(['sent', 'delivered', 'failed', 'pending', 'clicked'] as const).map((k) => (
                    <Table.Td key={k} ta="right">
                      {formatCount(h[k])}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
    </Paper>
  );
}
