/* useLang.ts - the language of the page: ko or en. */
import { useTranslation } from 'react-i18next';
import type { Lang } from './format';

export function useLang(): Lang {
  const { i18n } = useTranslation();
  return i18n.language.startsWith('en') ? 'en' : 'ko';
}
