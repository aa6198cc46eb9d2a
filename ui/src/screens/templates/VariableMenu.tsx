/* VariableMenu.tsx - puts a #{variable} where the cursor stands: one that the text has, a usual one, or a new name. */
import { Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { insertVariable, variableName } from '../../lib/variables';

const usual = ['이름', '상품명', '주문번호', '송장번호', '택배사', '금액', '예약일시', '매장명'];

interface Props {
  names: string[];
  input: RefObject<HTMLInputElement | HTMLTextAreaElement | null>;
  /* With its words; otherwise an icon with a name for readers. */
  label?: boolean;
  onChange: (text: string) => void;
}

export function VariableMenu({ names, input, label, onChange }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const offered = [...new Set([...names, ...usual])].slice(0, 14);
  const put = (chosen: string) => {
    const field = input.current;
    if (!field || !chosen) return;
    const { text, cursor } = insertVariable(
      field.value,
      chosen,
      field.selectionStart ?? field.value.length,
      field.selectionEnd ?? field.value.length,
    );
    onChange(text);
    setOpen(false);
    setName('');
    // After React has put the text into the field.
    setTimeout(() => {
      field.focus();
      field.setSelectionRange(cursor, cursor);
    });
  };
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="bottom-start" width={280} withinPortal>
      <Popover.Target>
        <Button
          variant="default"
          size={label ? 'xs' : 'sm'}
          px={label ? undefined : 10}
          leftSection={label ? <IconBraces size={16} aria-hidden /> : undefined}
          aria-label={label ? undefined : t('editor.insert')}
          onClick={() => setOpen((o) => !o)}
        >
          {label ? t('editor.insert') : <IconBraces size={18} aria-hidden />}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('editor.insert')}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('editor.insertNote')}
          </Text>
          <Group gap={6}>
            {offered.map((n) => (
              <Button key={n} size="compact-sm" variant="default" onClick={() => put(n)}>
                {n}
              </Button>
            ))}
          </Group>
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <TextInput
              label={t('editor.newVariable')}
              size="sm"
              value={name}
              maxLength={40}
              onChange={(e) => setName(e.currentTarget.value)}
              onKeyDown={(e) => {
                if (e.key !== 'Enter' || e.nativeEvent.isComposing) return;
                e.preventDefault();
                put(variableName(name));
              }}
              style={{ flex: 1 }}
            />
            <Button size="sm" disabled={!variableName(name)} onClick={() => put(variableName(name))}>
              {t('editor.put')}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
