/* SameFile.tsx - says that the same bytes came before, when, and what became of them. */
import { Text } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { AnchorLink } from '../../components/links';
import { formatDate } from '../../lib/format';
import type { Import } from '../../lib/imports';
import { useLang } from '../../lib/useLang';
import { importAddress } from './address';
import classes from './Imports.module.css';

export function SameFile({ item }: { item: Import }) {
  const { t } = useTranslation();
  const lang = useLang();
  const twin = item.same_as;
  if (!twin) return null;
  return (
    <Text size="sm" component="div" className={classes.same}>
      <IconCopy size={15} aria-hidden />
      <span>
        {t('import.same', { date: formatDate(twin.created_at, lang) })}{' '}
        {twin.state === 'confirmed' && `${t('import.sameDone')} `}
        <AnchorLink {...importAddress(twin.id)} underline="always">
          {t('import.sameSee')}
        </AnchorLink>
      </span>
    </Text>
  );
}
