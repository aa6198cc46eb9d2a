/* DownloadMenu.tsx - "내려받기": what the screen shows, as a workbook or CSV. */
import { Button, type ButtonProps, Menu } from '@mantine/core';
import { IconDownload, IconFileSpreadsheet, IconFileText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

interface Props extends Pick<ButtonProps, 'size'> {
  href: (format: 'xlsx' | 'csv') => string;
}

export function DownloadMenu({ href, size }: Props) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" size={size} leftSection={<IconDownload size={18} aria-hidden />}>
          {t('download.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component="a"
          href={href('xlsx')}
          download
          leftSection={<IconFileSpreadsheet size={16} aria-hidden />}
        >
          {t('download.xlsx')}
        </Menu.Item>
        <Menu.Item
          component="a"
          href={href('csv')}
          download
          leftSection={<IconFileText size={16} aria-hidden />}
        >
          {t('download.csv')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
