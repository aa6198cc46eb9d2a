/*
 * ActionWindow.tsx - the question before many contacts are changed: how many, what will happen, into
 * which group. It is asked again when there are others by now, and shows that work is going on.
 */
import { Alert, Anchor, Button, Group, Modal, Progress, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { contactCountQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { GroupSelect } from '../../components/GroupSelect';
import { ProblemAlert } from '../../components/ProblemAlert';
import { type Action, MANY, type Selection, actionBody, typedNumber } from '../../lib/desk';
import { formatCount } from '../../lib/format';
import { onceKey } from '../../lib/onceKey';
import { tellDone } from '../../lib/tell';
import { contactsChanged } from './refresh';

type ContactGroup = Schemas['Group'];

export interface Asked {
  action: Action;
  selection: Selection;
  count: number;
  /* A few names of who is meant. */
  names: string[];
  /* The group one looks at. */
  from?: ContactGroup;
}

interface Props {
  asked: Asked | null;
  onClose: () => void;
  onDone: (action: Action) => void;
}

const WORDS_LATER_MS = 1_000;

export function ActionWindow({ asked, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  return (
    <Modal
      opened={asked !== null}
      onClose={onClose}
      closeOnClickOutside={!busy}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      title={asked && t(`many.${asked.action}.title`)}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {asked && <Question asked={asked} onClose={onClose} onDone={onDone} onBusy={setBusy} />}
    </Modal>
  );
}

interface Made {
  result: Schemas['ContactActionResult'];
  target: string;
}

function useAction(asked: Asked, count: number, target: Target) {
  const key = useRef(onceKey());
  const made = useRef<ContactGroup>(null); // a group made for a change that then failed is used again
  return useMutation({
    mutationFn: async (): Promise<Made> => {
      let { id, name } = target;
      if (target.making) {
        made.current ??= await answer(api.POST('/groups', { body: { name: target.name.trim() } }));
        ({ id, name } = made.current);
      }
      const result = await answer(
        api.POST('/contact-actions', {
          params: { header: { 'Idempotency-Key': key.current } },
          body: actionBody(asked.action, asked.selection, count, asked.from?.id, id),
        }),
      );
      return { result, target: name };
    },
    // The same key only when nobody knows whether it was done.
    onError: (error) => {
      if (!(error instanceof ApiProblem && error.status === 0)) key.current = onceKey();
    },
    onSettled: () => contactsChanged(),
  });
}

interface Target {
  making: boolean;
  id?: number;
  name: string;
}

interface QuestionProps {
  asked: Asked;
  onClose: () => void;
  onDone: (action: Action) => void;
  onBusy: (busy: boolean) => void;
}

function Question({ asked, onClose, onDone, onBusy }: QuestionProps) {
  const { t } = useTranslation();
  const { action, from } = asked;
  const into = action === 'add' || action === 'copy' || action === 'move';
  const [count, setCount] = useState(asked.count);
  const [changed, setChanged] = useState<{ was: number; now: number | null } | null>(null);
  const [target, setTarget] = useState<Target>({ making: false, name: '' });
  const [typed, setTyped] = useState('');
  const doneWords = useDoneWords();
  const work = useAction(asked, count, target);
  const { isPending } = work;
  useEffect(() => onBusy(isPending), [isPending, onBusy]);

  const n = formatCount(count);
  const group = from?.name ?? '';
  const must = action === 'delete' && count > MANY;
  const ready =
    count > 0 &&
    changed?.now !== null &&
    (!into || (target.making ? target.name.trim() !== '' : target.id !== undefined)) &&
    (!must || typedNumber(typed) === count);

  const go = () =>
    work.mutate(undefined, {
      onSuccess: (made) => {
        tellDone(doneWords(action, made, group));
        onDone(action);
        onClose();
      },
      onError: (error) => {
        if (!(error instanceof ApiProblem)) return;
        // Somebody or the group is no more: the server names nobody, only choosing again helps.
        if (error.status === 404) return setChanged({ was: count, now: null });
        if (error.code !== 'count_changed') return;
        void countAgain(error, asked.selection).then((now) => {
          setChanged({ was: count, now });
          if (now !== null) setCount(now);
          setTyped('');
        });
      },
    });

  if (isPending) return <Working action={action} n={n} />;
  // Said in its own words below.
  const others =
    work.error instanceof ApiProblem && (work.error.status === 404 || work.error.code === 'count_changed');
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        if (ready) go();
      }}
    >
      <Stack gap="md">
        {!others && <ProblemAlert error={work.error} />}
        {changed && (
          <Alert color="orange" variant="outline" role="alert" data-testid="count-changed">
            {changed.now === null
              ? t('many.changedUnknown')
              : changed.now === 0
                ? t('many.changedNobody')
                : t('many.changed', { was: formatCount(changed.was), now: formatCount(changed.now) })}
          </Alert>
        )}
        {into && <TargetChoice from={from} target={target} onChange={setTarget} />}
        {count > 0 && (
          <Stack gap={4} data-testid="question">
            <Text fw={600}>
              {t(`many.${action}.what`, {
                n,
                group,
                target: target.name.trim()
                  ? t('many.targetNamed', { name: target.name.trim() })
                  : t(target.making ? 'many.newGroupWord' : 'many.thatGroup'),
              })}
            </Text>
            {asked.names.length > 0 && (
              <Text size="sm" c="dimmed">
                {asked.names.length < count
                  ? t('many.namesMore', {
                      names: asked.names.join(', '),
                      n: formatCount(count - asked.names.length),
                    })
                  : asked.names.join(', ')}
              </Text>
            )}
            <Text size="sm">
              {t(action === 'move' && from?.is_default ? 'many.move.thenDefault' : `many.${action}.then`, {
                group,
              })}
            </Text>
          </Stack>
        )}
        {must && (
          <TextInput
            label={t('many.typeNumber', { n })}
            description={t('many.typeNumberWhy')}
            inputMode="numeric"
            autoComplete="off"
            data-autofocus
            value={typed}
            onChange={(e) => setTyped(e.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose} data-autofocus={!must && !into ? true : undefined}>
            {t('action.keep')}
          </Button>
          <Button type="submit" disabled={!ready} color={action === 'delete' ? 'red.9' : undefined}>
            {t(`many.${action}.yes`, { n })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/* Into which group: one that is there, or a new one. */
function TargetChoice({
  from,
  target,
  onChange,
}: {
  from: ContactGroup | undefined;
  target: Target;
  onChange: (target: Target) => void;
}) {
  const { t } = useTranslation();
  if (target.making)
    return (
      <TextInput
        label={t('many.newGroup')}
        placeholder={t('group.nameExample')}
        data-autofocus
        autoFocus
        value={target.name}
        onChange={(e) => onChange({ making: true, name: e.currentTarget.value })}
        description={
          <Anchor
            component="button"
            type="button"
            size="xs"
            onClick={() => onChange({ making: false, name: '' })}
          >
            {t('many.oldGroup')}
          </Anchor>
        }
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
    );
  return (
    <div>
      <GroupSelect
        label={t('many.target')}
        placeholder={t('many.targetExample')}
        value={target.id}
        onChange={(id, name) => onChange({ making: false, id, name: name ?? '' })}
        only={(g) => !g.is_default && g.id !== from?.id}
        autoFocus
      />
      <Anchor
        component="button"
        type="button"
        size="sm"
        mt={6}
        onClick={() => onChange({ making: true, name: '' })}
      >
        {t('many.makeGroup')}
      </Anchor>
    </div>
  );
}

/* It is all or nothing and the server does not say how far it is: that it goes on, and how long. */
function Working({ action, n }: { action: Action; n: string }) {
  const { t } = useTranslation();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const tick = setInterval(() => setSeconds((s) => s + 1), WORDS_LATER_MS);
    return () => clearInterval(tick);
  }, []);
  return (
    <Stack gap="sm" mih={120} justify="center" data-testid="many-working">
      <Text role="status">{t(`many.${action}.working`, { n })}</Text>
      {seconds > 0 && (
        <>
          <Progress value={100} animated striped size="lg" aria-label={t(`many.${action}.working`, { n })} />
          <Text size="sm" c="dimmed" className="tabular">
            {t('many.seconds', { n: formatCount(seconds) })} {t('many.wholeOrNothing')}
          </Text>
        </>
      )}
    </Stack>
  );
}

/* What the server counts now; null when only looking at the list again helps. */
async function countAgain(error: ApiProblem, selection: Selection): Promise<number | null> {
  if (error.count !== undefined) return error.count;
  if (!selection.matching) return null;
  try {
    return await queryClient.fetchQuery({ ...contactCountQuery(selection.matching), staleTime: 0 });
  } catch {
    return null;
  }
}

/* What was done, in words. */
function useDoneWords() {
  const { t } = useTranslation();
  return (action: Action, { result: { selected, changed }, target }: Made, group: string): string => {
    const said = t(`many.${action}.done`, { n: formatCount(changed), target, group });
    const rest = selected - changed;
    if (rest <= 0 || action === 'delete' || action === 'remove') return said;
    return `${said} ${t('many.already', { n: formatCount(rest) })}`;
  };
}
