/* Toggles.tsx - language and light/dark, in the header and on the login screen. */
import { ActionIcon, Button, Group, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLang } from '../lib/useLang';
import { setLanguage } from './i18n';

export function Toggles() {
  const { t } = useTranslation();
  const lang = useLang();
  const queries = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const dark = scheme === 'dark';
  const other = lang === 'ko' ? 'en' : 'ko';
  return (
    <Group gap={4} wrap="nowrap">
      <Button
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        size="compact-md"
        px={8}
        lang={other}
        onClick={() => {
          setLanguage(other);
          void queries.invalidateQueries(); // reasons and problems come in the new language
        }}
      >
        {other === 'en' ? 'English' : '한국어'}
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        size="lg"
        aria-label={dark ? t('shell.light') : t('shell.dark')}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={20} aria-hidden /> : <IconMoon size={20} aria-hidden />}
      </ActionIcon>
    </Group>
  );
}
