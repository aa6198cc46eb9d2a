/* ask.tsx - a question before something that cannot be taken back. */
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import i18next from 'i18next';

interface Question {
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
  onYes: () => void;
}

export function ask({ title, text, yes, danger, onYes }: Question): void {
  modals.openConfirmModal({
    title,
    children: <Text>{text}</Text>,
    labels: { confirm: yes, cancel: i18next.t('action.keep') },
    confirmProps: danger ? { color: 'red.9' } : {},
    closeButtonProps: { 'aria-label': i18next.t('action.close') },
    onConfirm: onYes,
  });
}
