/* Facts.tsx - a checked send in numbers: whom, what, how many, for how much, and whether there is enough. */
import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { formatCount, formatPrice } from '../../lib/format';
import { recipientLines } from '../../lib/recipients';

export function Facts({ check }: { check: Schemas['Check'] }) {
  const { t } = useTranslation();
  const c = check.campaign;
  const refused = check.refused.reduce((n, r) => n + r.count, 0);
  const won = (n: number | null) =>
    n === null ? t('compose.priceUnknown') : t('campaign.won', { n: formatPrice(n) });
  const facts: [string, string][] = [
    [t('compose.step.recipients'), recipientLines(c.recipients, t).join(' · ')],
    [t('compose.step.template'), c.template.name],
    [t('compose.toSend'), t('compose.messages', { n: formatCount(check.sendable) })],
    ...(refused > 0
      ? [[t('compose.refused'), t('compose.people', { n: formatCount(refused) })] as [string, string]]
      : []),
    [t('compose.unitPrice'), won(check.unit_price)],
    [t('compose.totalCost'), won(check.cost)],
    [
      t('profile.balance'),
      check.balance_messages === null
        ? t('profile.balanceUnknown')
        : t('profile.balanceMessages', { n: formatCount(check.balance_messages) }),
    ],
    ...c.links.map((l) => [t('compose.linkNumber', { n: l.button }), l.url] as [string, string]),
  ];
  return (
    <Table withRowBorders={false} verticalSpacing={6} layout="fixed">
      <Table.Tbody>
        {facts.map(([k, v]) => (
          <Table.Tr key={k}>
            <Table.Th scope="row" fw={400} c="dimmed" w="36%">
              {k}
            </Table.Th>
            <Table.Td fw={600} className="tabular" style={{ overflowWrap: 'anywhere' }}>
              {v}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
