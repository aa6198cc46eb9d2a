/*
 * LivePreview.tsx - the message as the server would write it for a real recipient, while its values are
 * still being chosen: one person after the other, the longest, the first without a value; how long it
 * is, and what would become of it as a text message.
 */
import {
  Alert,
  Button,
  Collapse,
  Group,
  Paper,
  Progress,
  Skeleton,
  Stack,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { previewQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { PhoneBubble } from '../../components/PhoneBubble';
import { ProblemAlert } from '../../components/ProblemAlert';
import { TemplateBubble } from '../../components/TemplateBubble';
import { formatCount, formatPhone } from '../../lib/format';
import { markLost, markMissing, plainText, titleLimit } from '../../lib/preview';
import { asksForChannel } from '../../lib/templates';
import { Walk } from './Walk';
import classes from './compose.module.css';

const TYPED_MS = 350;

type Order = Omit<Schemas['NewPreview'], 'position' | 'jump'>;
type Jump = NonNullable<Schemas['NewPreview']['jump']>;

interface Props {
  template: Schemas['Template'];
  sender: string;
  order: Order;
  links: Record<number, string>;
}

/* The preview of the person at `position`, and ways to others. */
export function usePreview(order: Order) {
  const [position, setPosition] = useState(1);
  const [settled] = useDebouncedValue(JSON.stringify(order), TYPED_MS);
  const body = JSON.parse(settled) as Order;
  const query = useQuery({
    ...previewQuery({ ...body, position }),
    enabled: body.recipients.group_ids.length > 0,
  });
  const jump = useMutation({
    mutationFn: (to: Jump) =>
      answer(
        api.POST('/previews', {
          body: { ...body, jump: to, ...(to === 'missing' ? { position } : {}) },
        }),
      ),
    onSuccess: (p) => {
      if (p.position === 0) return;
      queryClient.setQueryData(previewQuery({ ...body, position: p.position }).queryKey, p);
      setPosition(p.position);
    },
  });
  return { ...query, position, setPosition, jump };
}

export function LivePreview({
  template,
  sender,
  preview,
  links,
}: Omit<Props, 'order'> & { preview: ReturnType<typeof usePreview> }) {
  const { t } = useTranslation();
  const { data: p, error, position, setPosition, jump } = preview;
  if (!p)
    return (
      <>
        <ProblemAlert error={error} retry={() => void preview.refetch()} />
        {error ? <TemplateBubble template={template} sender={sender} /> : <Skeleton h={360} maw={360} />}
      </>
    );
  const go = (to: number) => p.total > 0 && setPosition(Math.min(p.total, Math.max(1, to)));
  return (
    <Stack gap="sm" data-testid="live-preview" maw={360}>
      <ProblemAlert error={error ?? jump.error} />
      <Walk position={position} total={p.total} onGo={go} />
      {p.contact && (
        <Text ta="center" aria-live="polite" aria-atomic>
          <b>{p.contact.name || t('contact.noName')}</b>{' '}
          <span className="tabular">{formatPhone(p.contact.phone)}</span>
        </Text>
      )}
      {p.problem && (
        <Alert color="orange" variant="outline" title={t('compose.notSent')}>
          {p.problem}
        </Alert>
      )}
      <PhoneBubble
        sender={sender}
        image={template.emphasis === 'IMAGE' ? (template.image_url ?? ' ') : null}
        title={p.title.length > 0 ? markMissing(p.title) : null}
        subtitle={template.subtitle}
        body={markMissing(p.body)}
        extra={template.extra}
        asksForChannel={asksForChannel(template.type)}
        buttons={p.buttons.map((b) => ({
          name: b.name,
          type: b.type,
          target: b.tracked ? links[b.ordinal] : b.mobile,
        }))}
      />
      {p.missing.length > 0 && (
        <Text size="sm" c="var(--mantine-color-error)" role="status">
          {t('preview.missing', { names: p.missing.map((v) => `#{${v}}`).join(', ') })}
        </Text>
      )}
      <Group gap="xs" justify="center">
        <Button size="xs" variant="default" loading={jump.isPending} onClick={() => jump.mutate('longest')}>
          {t('compose.longest')}
        </Button>
        <Button size="xs" variant="default" loading={jump.isPending} onClick={() => jump.mutate('missing')}>
          {t('preview.toMissing')}
        </Button>
      </Group>
      {jump.data && jump.variables === 'missing' && jump.data.missing.length === 0 && (
        <Text size="sm" ta="center" role="status">
          {t('preview.noneMissing')}
        </Text>
      )}
      <Lengths preview={p} extra={template.extra} />
    </Stack>
  );
}

function Meter({ label, value, limit, unit }: { label: string; value: number; limit: number; unit: string }) {
  const over = value > limit;
  return (
    <div>
      <div className={classes.meter}>
        <span>{label}</span>
        <Text
          span
          fz="inherit"
          c={over ? 'var(--mantine-color-error)' : undefined}
          fw={over ? 700 : undefined}
        >
          {formatCount(value)} / {formatCount(limit)}
          {unit}
        </Text>
      </div>
      <Progress
        value={Math.min(100, (value / limit) * 100)}
        color={over ? 'red' : 'ink'}
        size="xs"
        aria-hidden
      />
    </div>
  );
}

function Lengths({ preview: p, extra }: { preview: Schemas['Preview']; extra: string | null }) {
  const { t } = useTranslation();
  const [open, { toggle }] = useDisclosure(false);
  const f = p.fallback;
  return (
    <Paper withBorder p="sm">
      <Stack gap={8}>
        <Meter label={t('preview.length')} value={p.length} limit={p.limit} unit={t('preview.characters')} />
        {p.title.length > 0 && (
          <Meter
            label={t('preview.title')}
            value={p.title_length}
            limit={titleLimit}
            unit={t('preview.characters')}
          />
        )}
        <UnstyledButton onClick={toggle} aria-expanded={open}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm">
              {t(`preview.fallback.${f.kind}`, { bytes: formatCount(f.bytes), limit: formatCount(f.limit) })}
            </Text>
            {open ? <IconChevronUp size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
          </Group>
        </UnstyledButton>
        {f.lost.length > 0 && (
          <Text size="sm" c="var(--mantine-color-orange-outline)" role="status">
            {t('preview.lost', { characters: f.lost.join(' ') })}
          </Text>
        )}
        <Collapse expanded={open}>
          <p className={classes.sms}>
            {markLost(plainText(p.body, extra), f.lost).map((x, i) =>
              x.lost ? (
                <mark key={i} className={classes.lost}>
                  {x.text}
                </mark>
              ) : (
                x.text
              ),
            )}
          </p>
          <Text size="xs" c="dimmed" mt={4}>
            {t('preview.fallbackNote')}
          </Text>
        </Collapse>
      </Stack>
    </Paper>
  );
}
