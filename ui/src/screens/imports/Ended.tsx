/* Ended.tsx - an import that made no customers: refused, undone or thrown away; why, and what to do now. */
import { List, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconArrowBackUp, IconFileX, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Import } from '../../lib/imports';
import { useCan } from '../../lib/useCan';
import { UploadZone } from './UploadZone';

const icons = { refused: IconFileX, cancelled: IconArrowBackUp, discarded: IconTrash };

export function Ended({ item }: { item: Import }) {
  const { t } = useTranslation();
  const canWrite = useCan('sender');
  const state = item.state as keyof typeof icons;
  const Icon = icons[state];
  return (
    <Stack gap="lg">
      <Paper withBorder p={{ base: 'md', sm: 'xl' }} data-testid={`import-${state}`}>
        <Stack gap="sm" maw={680}>
          <ThemeIcon size={48} radius="xl" color={state === 'refused' ? 'red.9' : 'gray.7'}>
            <Icon size={26} aria-hidden />
          </ThemeIcon>
          <Title order={2} size="h3" role="status">
            {t(`import.ended.${state}.title`)}
          </Title>
          {item.problem && (
            <Text size="lg" fw={600}>
              {item.problem.text}
            </Text>
          )}
          {state === 'refused' ? (
            <>
              <Text>{t('import.ended.todo')}</Text>
              <List spacing={4}>
                {(['save', 'protect', 'sheet'] as const).map((x) => (
                  <List.Item key={x}>{t(`import.ended.${x}`)}</List.Item>
                ))}
              </List>
            </>
          ) : (
            <Text>{t(`import.ended.${state}.text`)}</Text>
          )}
        </Stack>
      </Paper>
      {canWrite && <UploadZone />}
    </Stack>
  );
}
