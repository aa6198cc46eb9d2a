/*
 * SearchInput.tsx - a search that is done while it is typed. The address holds the words; when they
 * change there (back, forward, a link), the field follows, but never against who is typing.
 */
import { CloseButton, Loader, TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const PAUSE_MS = 180;

interface Props extends Pick<TextInputProps, 'placeholder' | 'description' | 'style'> {
  label: string;
  value: string;
  onSearch: (words: string) => void;
  busy?: boolean;
}

export function SearchInput({ value, onSearch, busy, ...props }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState(value);
  if (value !== seen) {
    setSeen(value);
    if (value !== sent) {
      setTyped(value);
      setSent(value);
    }
  }
  const send = (text: string) => {
    const words = text.trim();
    setSent(words);
    onSearch(words);
  };
  const later = useDebouncedCallback(send, PAUSE_MS);
  return (
    <TextInput
      {...props}
      type="text"
      role="searchbox"
      autoComplete="off"
      maxLength={100}
      leftSection={busy ? <Loader size={16} /> : <IconSearch size={16} aria-hidden />}
      rightSection={
        typed && (
          <CloseButton
            size="sm"
            aria-label={t('action.clear')}
            onClick={() => {
              setTyped('');
              later.cancel();
              send('');
            }}
          />
        )
      }
      value={typed}
      onChange={(e) => {
        setTyped(e.currentTarget.value);
        later(e.currentTarget.value);
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Enter' || e.nativeEvent.isComposing) return;
        later.cancel();
        send(typed);
      }}
    />
  );
}
