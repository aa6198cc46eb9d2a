/*
 * UploadZone.tsx - drop or choose a file; bytes, share and speed while it leaves, patience while it
 * is checked, then its import opens. What a file is, the server finds from its bytes: nothing is
 * refused here for its name.
 */
import { Anchor, Button, Group, Paper, Progress, Select, Stack, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconDownload, IconFileSpreadsheet, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importQuery, templatesQuery } from '../../api/queries';
import { uploadImport } from '../../api/upload';
import { queryClient } from '../../app/queryClient';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatBytes } from '../../lib/format';
import { LOOKS, MOST_BYTES, type Moment, remembered, speedOf } from '../../lib/imports';
import { importAddress } from './address';

export function UploadZone() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [moments, setMoments] = useState<Moment[]>([]);
  const [tooLarge, setTooLarge] = useState<string | null>(null);
  const [template, setTemplate] = useState<number | null>(null);
  const abort = useRef<AbortController>(null);
  const upload = useMutation({
    mutationFn: (file: File) => {
      abort.current = new AbortController();
      setMoments([{ time: performance.now(), bytes: 0 }]);
      return uploadImport(template, {
        file,
        onProgress: (bytes) => setMoments((m) => remembered(m, { time: performance.now(), bytes })),
        signal: abort.current.signal,
      });
    },
    onSuccess: async (made) => {
      queryClient.setQueryData(importQuery(made.id).queryKey, made);
      void queryClient.invalidateQueries({ queryKey: ['imports', 'list'] });
      await navigate(importAddress(made.id));
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: ['imports', 'list'] }),
  });
  const stopped = upload.error instanceof DOMException;
  const drop = (file: File | undefined) => {
    if (!file) return;
    const large = file.size > MOST_BYTES;
    setTooLarge(large ? formatBytes(file.size) : null);
    if (!large) upload.mutate(file);
  };

  if (upload.isPending)
    return <Leaving file={upload.variables} moments={moments} onStop={() => abort.current?.abort()} />;
  return (
    <div>
      {!stopped && <ProblemAlert error={upload.error} />}
      {tooLarge && (
        <Text role="alert" c="var(--mantine-color-error)" mb="sm">
          {t('import.tooLarge', { size: tooLarge, most: formatBytes(MOST_BYTES) })}
        </Text>
      )}
      <Dropzone
        onDrop={(files) => drop(files[0])}
        multiple={false}
        inputProps={{ 'aria-label': t('import.choose'), accept: LOOKS }}
        p={{ base: 'md', sm: 'xl' }}
        data-testid="dropzone"
      >
        <Group justify="center" gap="lg" mih={120} style={{ pointerEvents: 'none' }}>
          <Dropzone.Accept>
            <IconUpload size={52} stroke={1.4} aria-hidden />
          </Dropzone.Accept>
          <Dropzone.Idle>
            <IconFileSpreadsheet size={52} stroke={1.4} aria-hidden />
          </Dropzone.Idle>
          <Stack gap={4} maw={480}>
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
      <ForTemplate chosen={template} onChoose={setTemplate} />
    </div>
  );
}

function Leaving({ file, moments, onStop }: { file: File; moments: Moment[]; onStop: () => void }) {
  const { t } = useTranslation();
  const bytes = Math.min(moments.at(-1)?.bytes ?? 0, file.size);
  const left = file.size > 0 && bytes < file.size;
  const percent = file.size > 0 ? Math.floor((bytes / file.size) * 100) : 100;
  const speed = speedOf(moments);
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="sm">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {file.name}
        </Text>
        <Progress
          value={percent}
          w="100%"
          maw={420}
          size="lg"
          animated={!left}
          aria-label={t('import.uploading')}
        />
        {/* Readers hear the two stages, not every percent. */}
        <Text c="dimmed" role="status">
          {left ? t('import.uploading') : t('import.checking')}
        </Text>
        {left && (
          <>
            <Text c="dimmed" size="sm" className="tabular">
              {t('import.uploadLine', { done: formatBytes(bytes), all: formatBytes(file.size), percent })}
              {speed !== null && ` · ${t('import.uploadSpeed', { speed: formatBytes(speed) })}`}
            </Text>
            <Button variant="default" size="xs" onClick={onStop}>
              {t('action.stop')}
            </Button>
          </>
        )}
      </Stack>
    </Paper>
  );
}

interface ForTemplateProps {
  chosen: number | null;
  onChoose: (id: number | null) => void;
}

function ForTemplate({ chosen, onChoose }: ForTemplateProps) {
  const { t } = useTranslation();
  const { data } = useQuery(templatesQuery);
  const sendable = data?.filter((x) => x.sendable) ?? [];
  if (sendable.length === 0) return null;
  return (
    <Group align="flex-end" mt="md" gap="md">
      <Select
        label={t('import.forTemplate')}
        description={t('import.forTemplateNote')}
        placeholder={t('import.noTemplate')}
        data={sendable.map((x) => ({ value: String(x.id), label: x.name }))}
        value={chosen === null ? null : String(chosen)}
        onChange={(v) => onChoose(v === null ? null : Number(v))}
        clearable
        clearButtonProps={{ 'aria-label': t('action.clear') }}
        searchable
        w={{ base: '100%', xs: 380 }}
      />
      {chosen !== null && (
        <Anchor href={`/api/v1/templates/${chosen}/workbook`} download underline="always" pb={7}>
          <Group gap={6} component="span" wrap="nowrap">
            <IconDownload size={17} aria-hidden />
            {t('import.example')}
          </Group>
        </Anchor>
      )}
    </Group>
  );
}
