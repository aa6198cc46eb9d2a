/*
 * AddNumbers.tsx - numbers that want nothing any more: pasted one a line, or out of a file; then how
 * many were taken, and which were not and why.
 */
import {
  Button,
  FileButton,
  Group,
  Modal,
  Progress,
  SimpleGrid,
  Stack,
  Table,
  Tabs,
  Text,
  TextInput,
  Textarea,
} from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '../../api/client';
import { uploadSuppressions } from '../../api/upload';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount } from '../../lib/format';
import { LOOKS } from '../../lib/imports';
import {
  type Added,
  type Pasted,
  inPortions,
  nothingAdded,
  pastedNumbers,
  together,
} from '../../lib/numbers';

interface Props {
  opened: boolean;
  onClose: () => void;
  onAdded: () => void;
}

interface Outcome {
  added: Added;
  /* The rows of those refused are rows of a file. */
  file: boolean;
}

export function AddNumbers({ opened, onClose, onAdded }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('suppression.addTitle')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      closeOnClickOutside={!busy}
      closeOnEscape={!busy}
      size="lg"
    >
      <Body onClose={onClose} onAdded={onAdded} onBusy={setBusy} />
    </Modal>
  );
}

function Body({ onClose, onAdded, onBusy }: Omit<Props, 'opened'> & { onBusy: (busy: boolean) => void }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const done = (file: boolean) => (added: Added) => setOutcome({ added, file });
  const settled = () => {
    onBusy(false);
    onAdded();
  };
  if (outcome)
    return (
      <Stack>
        <Result outcome={outcome} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => setOutcome(null)}>
            {t('suppression.addMore')}
          </Button>
          <Button onClick={onClose} data-autofocus>
            {t('action.close')}
          </Button>
        </Group>
      </Stack>
    );
  return (
    <Stack>
      <Text size="sm">{t('suppression.explained')}</Text>
      <Tabs defaultValue="paste" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="paste">{t('suppression.paste')}</Tabs.Tab>
          <Tabs.Tab value="file">{t('suppression.file')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="paste">
          <Paste onBusy={onBusy} onDone={done(false)} onSettled={settled} />
        </Tabs.Panel>
        <Tabs.Panel value="file">
          <FromFile onBusy={onBusy} onDone={done(true)} onSettled={settled} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

interface WayProps {
  onBusy: (busy: boolean) => void;
  onDone: (added: Added) => void;
  onSettled: () => void;
}

function Paste({ onBusy, onDone, onSettled }: WayProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const [sent, setSent] = useState(0);
  const numbers = useMemo(() => pastedNumbers(text), [text]);
  const add = useMutation({
    mutationFn: async (all: Pasted[]) => {
      onBusy(true);
      setSent(0);
      let sum = nothingAdded;
      for (const portion of inPortions(all)) {
        const body = { phones: portion.map((p) => p.text), note: note.trim() || undefined };
        sum = together(sum, portion, await answer(api.POST('/suppressions', { body })));
        setSent((n) => n + portion.length);
      }
      return sum;
    },
    onSuccess: onDone,
    onSettled,
  });
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (numbers.length > 0) add.mutate(numbers);
      }}
    >
      <ProblemAlert error={add.error} />
      <Stack>
        <Textarea
          label={t('suppression.numbers')}
          description={t('suppression.numbersNote')}
          placeholder={'010-1234-5678\n010-9876-5432'}
          autosize
          minRows={6}
          maxRows={12}
          data-autofocus
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <TextInput
          label={t('suppression.note')}
          placeholder={t('suppression.noteExample')}
          maxLength={200}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        {add.isPending && (
          <Progress
            value={(sent / numbers.length) * 100}
            animated
            size="lg"
            aria-label={t('suppression.adding')}
          />
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={numbers.length === 0} loading={add.isPending}>
            {t('suppression.addN', { n: formatCount(numbers.length) })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function FromFile({ onBusy, onDone, onSettled }: WayProps) {
  const { t } = useTranslation();
  const [percent, setPercent] = useState(0);
  const upload = useMutation({
    mutationFn: (file: File) => {
      onBusy(true);
      setPercent(0);
      return uploadSuppressions({
        file,
        onProgress: (bytes) => setPercent(Math.floor((bytes / Math.max(file.size, 1)) * 100)),
      });
    },
    onSuccess: onDone,
    onSettled,
  });
  return (
    <Stack>
      <ProblemAlert error={upload.error} />
      <Text size="sm">{t('suppression.fileNote')}</Text>
      {upload.isPending ? (
        <div>
          <Text size="sm" role="status" mb={6} style={{ overflowWrap: 'anywhere' }}>
            {t(percent < 100 ? 'suppression.uploading' : 'suppression.reading', {
              name: upload.variables.name,
            })}
          </Text>
          <Progress
            value={percent}
            animated={percent >= 100}
            size="lg"
            aria-label={t('suppression.adding')}
          />
        </div>
      ) : (
        <Group>
          <FileButton
            accept={LOOKS}
            onChange={(file) => file && upload.mutate(file)}
            inputProps={
              { 'aria-label': t('suppression.choose'), 'data-testid': 'suppression-file' } as object
            }
          >
            {(props) => (
              <Button {...props} leftSection={<IconFileSpreadsheet size={18} aria-hidden />}>
                {t('suppression.choose')}
              </Button>
            )}
          </FileButton>
        </Group>
      )}
    </Stack>
  );
}

function Result({ outcome: { added: a, file } }: { outcome: Outcome }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md" data-testid="suppressed-result" role="status">
      <SimpleGrid cols={3} spacing="xs">
        <Figure n={a.added} words={t('suppression.result.added')} />
        <Figure n={a.already} words={t('suppression.result.already')} />
        <Figure n={a.refused_count} words={t('suppression.result.refused')} />
      </SimpleGrid>
      {a.stopped > 0 && <Text size="sm">{t('suppression.stopped', { n: formatCount(a.stopped) })}</Text>}
      {a.refused.length > 0 && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {a.refused_count > a.refused.length
              ? t('suppression.refusedFirst', { n: formatCount(a.refused.length) })
              : t('suppression.refusedAll')}
          </Text>
          <Table.ScrollContainer minWidth={0} mah={260} type="native" tabIndex={0}>
            <Table verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t(file ? 'suppression.row' : 'suppression.line')}</Table.Th>
                  <Table.Th scope="col">{t('suppression.given')}</Table.Th>
                  <Table.Th scope="col">{t('suppression.whyNot')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {a.refused.map((r, i) => (
                  <Table.Tr key={i}>
                    <Table.Td className="tabular">{formatCount(r.row)}</Table.Td>
                    <Table.Td style={{ overflowWrap: 'anywhere' }}>{r.text}</Table.Td>
                    <Table.Td>{r.reason_text}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </div>
      )}
    </Stack>
  );
}

function Figure({ n, words }: { n: number; words: string }) {
  return (
    <div>
      <Text fz={24} fw={800} lh={1.2} className="tabular">
        {formatCount(n)}
      </Text>
      <Text size="sm" c="dimmed">
        {words}
      </Text>
    </div>
  );
}
