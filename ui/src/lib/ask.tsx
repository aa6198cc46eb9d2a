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

/* The same, as a promise: whether the answer was yes. */
export function confirmed(question: Omit<Question, 'onYes'>): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title: question.title,
      children: <Text>{question.text}</Text>,
      labels: { confirm: question.yes, cancel: i18next.t('action.keep') },
      confirmProps: question.danger ? { color: 'red.9' } : {},
      closeButtonProps: { 'aria-label': i18next.t('action.close') },
      onConfirm: () => resolve(true),
      onClose: () => resolve(false), // after a yes this comes too late to matter
    });
  });
}
