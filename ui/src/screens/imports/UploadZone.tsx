/* UploadZone.tsx - drop or choose a file; progress while it leaves, patience while it is checked, then its import opens. */
import { Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFileSpreadsheet, IconFileX, IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importQuery } from '../../api/queries';
import { uploadImport } from '../../api/upload';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';

export function UploadZone() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [share, setShare] = useState(0);
  const [refused, setRefused] = useState(false);
  const abort = useRef<AbortController>(null);
  const upload = useMutation({
    mutationFn: (file: File) => {
      setShare(0);
      setRefused(false);
      abort.current = new AbortController();
      return uploadImport(file, setShare, abort.current.signal);
    },
    onSuccess: async (made) => {
      queryClient.setQueryData(importQuery(made.id).queryKey, made);
      void queryClient.invalidateQueries({ queryKey: ['imports'], exact: true });
      await navigate({
        to: '/imports/$id',
        params: { id: made.id },
        search: { step: undefined, verdict: undefined },
      });
    },
  });
  const stopped = upload.error instanceof DOMException;

  if (upload.isPending) {
    const percent = Math.round(share * 100);
    return (
      <Paper withBorder p="xl">
        <Stack align="center" gap="sm">
          <Text fw={600}>{upload.variables.name}</Text>
          <Progress
            value={percent}
            w="100%"
            maw={420}
            size="lg"
            animated={share >= 1}
            aria-label={t('import.uploading')}
          />
          <Text c="dimmed" role="status">
            {share < 1 ? t('import.uploadingPercent', { percent }) : t('import.checking')}
          </Text>
          {share < 1 && (
            <Button variant="default" size="xs" onClick={() => abort.current?.abort()}>
              {t('action.stop')}
            </Button>
          )}
        </Stack>
      </Paper>
    );
  }
  return (
    <div>
      {!stopped && <ProblemAlert error={upload.error} />}
      {refused && (
        <Text role="alert" c="var(--mantine-color-error)" mb="sm">
          {t('import.onlyThese')}
        </Text>
      )}
      <Dropzone
        onDrop={(files) => files[0] && upload.mutate(files[0])}
        onReject={() => setRefused(true)}
        validator={(file) =>
          !('name' in file) || /\.(xlsx|csv)$/i.test(file.name) ? null : { code: 'kind', message: '' }
        }
        multiple={false}
        inputProps={{ 'aria-label': t('import.choose'), accept: '.xlsx,.csv' }}
        p="xl"
        data-testid="dropzone"
      >
        <Group justify="center" gap="lg" mih={140} style={{ pointerEvents: 'none' }}>
          <Dropzone.Accept>
            <IconUpload size={52} stroke={1.4} aria-hidden />
          </Dropzone.Accept>
          <Dropzone.Reject>
            <IconFileX size={52} stroke={1.4} aria-hidden />
          </Dropzone.Reject>
          <Dropzone.Idle>
            <IconFileSpreadsheet size={52} stroke={1.4} aria-hidden />
          </Dropzone.Idle>
          <Stack gap={4} maw={460}>
            <Text size="lg" fw={700}>
              {t('import.drop')}
            </Text>
            <Text c="dimmed" size="sm">
              {t('import.dropNote')}
            </Text>
            <Text c="dimmed" size="sm">
              {t('import.dropSafe')}
            </Text>
          </Stack>
        </Group>
      </Dropzone>
    </div>
  );
}
