/* RowsSkeleton.tsx - the outline of a list that is on its way. */
import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function RowsSkeleton() {
  const { t } = useTranslation();
  return (
    <Stack gap={26} py={14} mih={360}>
      <VisuallyHidden>{t('action.loading')}</VisuallyHidden>
      {Array.from({ length: 8 }, (_, i) => (
        <Skeleton key={i} h={14} w={`${90 - ((i * 17) % 40)}%`} aria-hidden />
      ))}
    </Stack>
  );
}
