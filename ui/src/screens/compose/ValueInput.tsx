/* ValueInput.tsx - the source of one variable, and whether the person in the preview has a value there. */
import { Group, Select, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Source } from '../../lib/guess';

interface Props {
  variable: string;
  value: Source | undefined;
  guess: Source | undefined;
  attributes: string[];
  /* Who is shown in the preview, and whether this value is missing there. */
  person: string | null;
  missing: boolean;
  error: string | undefined;
  onChange: (source: Source) => void;
}

const same = (a: Source | undefined, b: Source | undefined) =>
  !!a && !!b && a.source === b.source && a.key === b.key && a.source !== 'text';

function code(s: Source | undefined): string | null {
  if (!s) return null;
  return s.source === 'attribute' ? `attribute:${s.key ?? ''}` : s.source;
}

function decode(text: string): Source {
  if (text.startsWith('attribute:')) return { source: 'attribute', key: text.slice('attribute:'.length) };
  if (text === 'text') return { source: 'text', text: '' };
  return { source: text as 'name' | 'phone' | 'email' };
}

export function ValueInput({ variable, value, guess, attributes, person, missing, error, onChange }: Props) {
  const { t } = useTranslation();
  const isText = value?.source === 'text';
  return (
    <div>
      <Group align="flex-start" gap="sm" wrap="wrap">
        <Select
          label={`#{${variable}}`}
          placeholder={t('compose.chooseSource')}
          data={[
            {
              group: t('compose.fields'),
              items: (['name', 'phone', 'email'] as const).map((s) => ({
                value: s,
                label: t(`compose.source.${s}`),
              })),
            },
            ...(attributes.length > 0
              ? [
                  {
                    group: t('compose.attributes'),
                    items: attributes.map((a) => ({ value: `attribute:${a}`, label: a })),
                  },
                ]
              : []),
            { group: t('compose.same'), items: [{ value: 'text', label: t('compose.source.text') }] },
          ]}
          value={code(value)}
          onChange={(v) => v && onChange(decode(v))}
          allowDeselect={false}
          searchable={attributes.length > 12}
          error={isText ? undefined : error}
          style={{ flex: '1 1 200px' }}
        />
        {isText && (
          <TextInput
            label={t('compose.textFor', { variable })}
            value={value.text ?? ''}
            onChange={(e) => onChange({ source: 'text', text: e.currentTarget.value })}
            error={error}
            style={{ flex: '1 1 200px' }}
          />
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        {value && !isText && (
          <>
            {missing && person !== null ? t('compose.noValue', { name: person }) : ''}
            {same(value, guess) ? `${missing ? ' · ' : ''}${t('compose.guessed')}` : ''}
          </>
        )}
      </Text>
    </div>
  );
}
