/* StepFoot.tsx - back and onward, always at the lower edge of the window. */
import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './compose.module.css';

interface Props {
  onBack?: () => void;
  children: ReactNode;
}

export function StepFoot({ onBack, children }: Props) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" className={classes.foot}>
      {onBack ? (
        <Button variant="default" onClick={onBack}>
          {t('action.back')}
        </Button>
      ) : (
        <span />
      )}
      {children}
    </Group>
  );
}
