/*
 * theme.ts - colours, type and defaults. Contrast is at least 4.5:1 for every text on its ground,
 * in both schemes; the axe test measures it.
 */
import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core';

const ink: MantineColorsTuple = [
  '#eef0ff',
  '#dfe2fb',
  '#bcc2f2',
  '#979fe9',
  '#7881e1',
  '#646fdc',
  '#5560d4',
  '#4338ca',
  '#3a30b0',
  '#2f2796',
];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 7 },
  colors: { ink },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'Pretendard, "Apple SD Gothic Neo", "Noto Sans KR", "Malgun Gothic", NanumGothic, system-ui, sans-serif',
  headings: { fontWeight: '700' },
  respectReducedMotion: true,
});

export const variables: CSSVariablesResolver = (t) => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': t.colors.gray[7],
    '--mantine-color-placeholder': t.colors.gray[6],
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': t.colors.ink![7],
    '--page-ground': '#f6f7fb',
  },
  dark: {
    '--mantine-color-dimmed': t.colors.dark[1],
    '--mantine-color-placeholder': t.colors.dark[2],
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': t.colors.ink![3],
    '--page-ground': 'var(--mantine-color-dark-8)',
  },
});
