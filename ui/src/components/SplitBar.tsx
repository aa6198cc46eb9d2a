/*
 * SplitBar.tsx - the bar of a campaign, split by state, with its legend. The legend's entries are
 * buttons when a handler is given: they filter the list below.
 */
import { Group, Progress, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../lib/format';
import { type Counts, type MessageState, barStates, messageColors } from '../lib/states';
import classes from './SplitBar.module.css';

interface Props {
  counts: Counts;
  size?: 'sm' | 'xl';
  legend?: boolean;
  selected?: MessageState;
  onSelect?: (state: MessageState | undefined) => void;
}

const always: MessageState[] = ['delivered', 'failed', 'unknown', 'queued'];

export function SplitBar({ counts, size = 'xl', legend = true, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const total = Math.max(1, counts.total);
  const sections = barStates.filter((s) => counts[s] > 0);
  const summary = sections.map((s) => `${t(`messageState.${s}`)} ${formatCount(counts[s])}`).join(', ');
  return (
    <div>
      <div role="img" aria-label={summary || t('campaign.noMessages')}>
        <Progress.Root size={size === 'xl' ? 22 : 8} radius="sm" aria-hidden>
          {sections.map((s) => (
            <Progress.Section
              key={s}
              value={(counts[s] / total) * 100}
              color={`${messageColors[s]}.${s === 'skipped' || s === 'cancelled' ? 4 : 6}`}
              withAria={false}
            />
          ))}
        </Progress.Root>
      </div>
      {legend && (
        <Group gap="xs" mt="sm">
          {barStates
            .filter((s) => counts[s] > 0 || always.includes(s))
            .map((s) => (
              <UnstyledButton
                key={s}
                className={classes.entry}
                aria-pressed={selected === s}
                data-state={s}
                onClick={() => onSelect?.(selected === s ? undefined : s)}
              >
                <span
                  className={classes.dot}
                  style={{ background: `var(--mantine-color-${messageColors[s]}-6)` }}
                  aria-hidden
                />
                <Text span size="sm">
                  {t(`messageState.${s}`)}
                </Text>
                <Text span fw={700} className={classes.number}>
                  {formatCount(counts[s])}
                </Text>
              </UnstyledButton>
            ))}
        </Group>
      )}
    </div>
  );
}
