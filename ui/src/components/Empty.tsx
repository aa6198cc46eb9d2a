/* Empty.tsx - an empty screen that says what belongs here and how it gets here. */
import { EmptyState, Group } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  icon: ReactNode;
  title: string;
  text: ReactNode;
  children?: ReactNode;
}

export function Empty({ icon, title, text, children }: Props) {
  return (
    <EmptyState
      icon={icon}
      title={title}
      description={text}
      withIndicatorBackground
      py="xl"
      px="md"
      data-testid="empty"
    >
      {children && (
        <Group justify="center" gap="sm">
          {children}
        </Group>
      )}
    </EmptyState>
  );
}
