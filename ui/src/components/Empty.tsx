/* Empty.tsx - an empty screen that says what belongs here and how it gets here. */
import { EmptyState, Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  icon: ReactNode;
  title: string;
  text: ReactNode;
  /* The heading of the whole page, when nothing else is. */
  main?: boolean;
  children?: ReactNode;
}

export function Empty({ icon, title, text, main, children }: Props) {
  return (
    <EmptyState
      icon={icon}
      title={
        <Title order={main ? 1 : 2} size="h3">
          {title}
        </Title>
      }
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
