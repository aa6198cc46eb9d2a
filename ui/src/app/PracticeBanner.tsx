/* PracticeBanner.tsx - says on every screen that nothing is really sent. */
import { IconSchool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './PracticeBanner.module.css';

export function PracticeBanner() {
  const { t } = useTranslation();
  return (
    <div className={classes.banner} role="status" data-testid="practice">
      <IconSchool size={20} aria-hidden />
      <strong>{t('practice.banner')}</strong>
    </div>
  );
}
