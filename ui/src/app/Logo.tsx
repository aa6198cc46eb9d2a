/* Logo.tsx - the mark and the name; `compact`: the mark alone on a phone. */
import { Group, Text } from '@mantine/core';
import icon from '../assets/icon.svg';

export function Logo({ size = 28, compact }: { size?: number; compact?: boolean }) {
  return (
    <Group gap={8} wrap="nowrap">
      <img src={icon} width={size} height={size} alt="" />
      <Text
        span
        fw={800}
        size="lg"
        style={{ letterSpacing: '-0.02em' }}
        visibleFrom={compact ? 'xs' : undefined}
      >
        SendinGo
      </Text>
    </Group>
  );
}
