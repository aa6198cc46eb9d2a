/*
 * Walk.tsx - from one recipient to the next: ◀, a number, ▶, and ten at a time with the keyboard. Used by the
 * live preview and by the one of the check.
 */
import { Button, Group, NumberInput, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../lib/format';

interface Props {
  position: number;
  total: number;
  onGo: (to: number) => void;
}

export function Walk({ position, total, onGo }: Props) {
  const { t } = useTranslation();
  const keys = (e: KeyboardEvent) => {
    if (e.key === 'PageUp' || e.key === 'PageDown') {
      e.preventDefault();
      onGo(position + (e.key === 'PageDown' ? 10 : -10));
    }
  };
  return (
    <Group justify="center" gap="xs" wrap="nowrap" onKeyDown={keys}>
      <Button
        variant="default"
        px={10}
        disabled={position <= 1}
        aria-label={t('message.previous')}
        onClick={() => onGo(position - 1)}
      >
        <IconChevronLeft size={20} aria-hidden />
      </Button>
      <NumberInput
        aria-label={t('compose.which')}
        value={position}
        onChange={(v) => typeof v === 'number' && Number.isInteger(v) && onGo(v)}
        min={1}
        max={Math.max(1, total)}
        allowDecimal={false}
        hideControls
        thousandSeparator=","
        w={96}
        styles={{ input: { textAlign: 'center' } }}
      />
      <Text className="tabular" style={{ whiteSpace: 'nowrap' }}>
        / {formatCount(total)}
      </Text>
      <Button
        variant="default"
        px={10}
        disabled={position >= total}
        aria-label={t('message.next')}
        onClick={() => onGo(position + 1)}
      >
        <IconChevronRight size={20} aria-hidden />
      </Button>
    </Group>
  );
}
