/* RowButton.tsx - the first cell of a row that opens: a real button for keyboards and readers. The row itself also takes clicks, so this one does not bubble. */
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';

export function RowButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <UnstyledButton
      fw={600}
      onClick={(e) => {
        e.stopPropagation();
        onClick();
      }}
      style={{
        maxWidth: '100%',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        textAlign: 'left',
        padding: '4px 0',
      }}
    >
      {children}
    </UnstyledButton>
  );
}
