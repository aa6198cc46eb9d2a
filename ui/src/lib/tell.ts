/* tell.ts - short words at the edge of the screen: something was done, something was refused. */
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { problemDetail, problemTitle } from '../components/ProblemAlert';

export function tellDone(message: string): void {
  notifications.show({
    message,
    color: 'teal',
    closeButtonProps: { 'aria-label': i18next.t('action.close') },
  });
}

export function tellProblem(error: unknown): void {
  notifications.show({
    title: problemTitle(error, i18next.t),
    message: problemDetail(error) ?? '',
    color: 'red',
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': i18next.t('action.close') },
  });
}
