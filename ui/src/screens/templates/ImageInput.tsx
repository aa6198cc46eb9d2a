/* ImageInput.tsx - the picture of an image template: measured here against Kakao's rule before anybody waits for a refusal. */
import { Button, FileButton, Group, Input, Text } from '@mantine/core';
import { IconPhotoUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ImageFault, imageFault, fieldId } from '../../lib/templateForm';

interface Props {
  value: string;
  /* The address of the picture that the template has already. */
  kept: string | null;
  error: string | undefined;
  onChange: (image: string) => void;
}

function read(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error());
    reader.readAsDataURL(file);
  });
}

function measure(src: string): Promise<{ width: number; height: number }> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => reject(new Error());
    image.src = src;
  });
}

export function ImageInput({ value, kept, error, onChange }: Props) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<ImageFault | null>(null);
  const [name, setName] = useState('');
  const take = async (file: File | null) => {
    if (!file) return;
    try {
      const src = await read(file);
      const found = imageFault(file, await measure(src));
      setFault(found);
      setName(file.name);
      onChange(found ? '' : src);
    } catch {
      setFault('imageKind');
      onChange('');
    }
  };
  return (
    <Input.Wrapper
      label={t('editor.field.image')}
      description={t('editor.imageNote')}
      error={fault ? t(`editor.fault.${fault}`) : error}
      labelElement="div"
    >
      <Group mt={6} gap="sm">
        <FileButton accept="image/png,image/jpeg" onChange={(file) => void take(file)}>
          {(props) => (
            <Button
              {...props}
              id={fieldId('image')}
              variant="default"
              leftSection={<IconPhotoUp size={18} aria-hidden />}
            >
              {t(value || kept ? 'editor.imageOther' : 'editor.imageChoose')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {value ? name : kept ? t('editor.imageKept') : ''}
        </Text>
      </Group>
    </Input.Wrapper>
  );
}
