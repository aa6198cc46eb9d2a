/* useReasonWords.ts - why a number is on the list, as a sentence. */
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';

export function useReasonWords(): (s: Schemas['Suppression']) => string {
  const { t } = useTranslation();
  return (s) => {
    if (s.reason !== 'blocked') return t(`suppression.why.${s.reason}`);
    return s.campaign
      ? t('suppression.why.blockedIn', { campaign: s.campaign.name })
      : t('suppression.why.blocked');
  };
}
