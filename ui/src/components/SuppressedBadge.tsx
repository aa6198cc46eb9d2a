/* SuppressedBadge.tsx - 수신거부: nothing is sent to this number. */
import { Badge } from '@mantine/core';
import { IconBellOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

export function SuppressedBadge() {
  const { t } = useTranslation();
  return (
    <Badge
      variant="outline"
      color="orange"
      size="sm"
      tt="none"
      leftSection={<IconBellOff size={12} aria-hidden />}
      style={{ flex: 'none' }}
    >
      {t('suppression.badge')}
    </Badge>
  );
}
