/*
 * theme.ts - colours, type and defaults. Contrast is at least 4.5:1 for every text on its ground,
 * in both schemes; the axe test measures it.
 */
import { Alert, type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core';

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
  components: {
    Alert: Alert.extend({ styles: { root: { backgroundColor: 'var(--mantine-color-body)' } } }),
  },
});

/* Text in a colour (outlined alerts and badges, subtle buttons) is darker on light ground and
 * lighter on dark ground than Mantine's own, which stays below 4.5:1 for most colours. */
const texts: Record<string, [light: string, dark: string]> = {
  red: ['#b42323', '#ff8787'],
  orange: ['#a84300', '#ffa94d'],
  yellow: ['#855000', '#ffd43b'],
  grape: ['#862e9c', '#e599f7'],
  teal: ['#087f5b', '#38d9a9'],
  gray: ['#495057', '#ced4da'],
  ink: ['#4338ca', '#979fe9'],
};

function coloured(scheme: 0 | 1): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, shades]) => [
      [`--mantine-color-${name}-outline`, shades[scheme]],
      [`--mantine-color-${name}-light-color`, shades[scheme]],
    ]),
  );
}

export const variables: CSSVariablesResolver = (t) => ({
  variables: {},
  light: {
    ...coloured(0),
    '--mantine-color-dimmed': t.colors.gray[7],
    '--mantine-color-placeholder': t.colors.gray[6],
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': t.colors.ink![7],
    '--page-ground': '#f6f7fb',
  },
  dark: {
    ...coloured(1),
    '--mantine-color-dimmed': t.colors.dark[1],
    '--mantine-color-placeholder': t.colors.dark[2],
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': t.colors.ink![3],
    '--page-ground': 'var(--mantine-color-dark-8)',
  },
});
