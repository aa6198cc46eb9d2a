/*
 * GroupTasks.tsx - what can be done with a group: the menu beside it, and the windows that the menu
 * opens. The windows stand apart, so that a row that leaves the screen does not take them along.
 */
import { ActionIcon, Button, Group, Menu, Modal, Skeleton, Stack, Text } from '@mantine/core';
import {
  IconArrowRight,
  IconChevronDown,
  IconCopy,
  IconDots,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { groupQuery } from '../../api/queries';
import { ProblemAlert } from '../../components/ProblemAlert';
import { formatCount } from '../../lib/format';
import { tellDone } from '../../lib/tell';
import { ActionWindow } from '../contacts/ActionWindow';
import { contactsChanged } from '../contacts/refresh';
import { GroupModal } from './GroupModal';

type ContactGroup = Schemas['Group'];

export interface GroupTask {
  what: 'edit' | 'copy' | 'move' | 'remove';
  group: ContactGroup;
}

interface MenuProps {
  group: ContactGroup;
  onTask: (task: GroupTask) => void;
  /* A button with a word; else three dots. */
  words?: boolean;
  tabIndex?: number;
}

export function GroupMenu({ group: g, onTask, words, tabIndex }: MenuProps) {
  const { t } = useTranslation();
  const does = (what: GroupTask['what']) => () => onTask({ what, group: g });
  const empty = g.member_count === 0;
  if (g.is_default && empty) return null;
  return (
    <Menu position="bottom-end" withinPortal withInitialFocusPlaceholder={false}>
      <Menu.Target>
        {words ? (
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            {t('group.menu')}
          </Button>
        ) : (
          <ActionIcon
            variant="default"
            size={30}
            tabIndex={tabIndex}
            aria-label={t('group.menuOf', { name: g.name })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {!g.is_default && (
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={does('edit')}>
            {t('group.rename')}
          </Menu.Item>
        )}
        {!empty && !g.is_default && (
          <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={does('copy')}>
            {t('group.copyAll', { n: formatCount(g.member_count) })}
          </Menu.Item>
        )}
        {!empty && (
          <Menu.Item leftSection={<IconArrowRight size={16} aria-hidden />} onClick={does('move')}>
            {t('group.moveAll', { n: formatCount(g.member_count) })}
          </Menu.Item>
        )}
        {!g.is_default && (
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            c="var(--mantine-color-error)"
            onClick={does('remove')}
          >
            {t('group.remove')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

interface WindowsProps {
  task: GroupTask | null;
  onClose: () => void;
  onRemoved?: () => void;
}

export function GroupWindows({ task, onClose, onRemoved }: WindowsProps) {
  const { t } = useTranslation();
  const what = task?.what;
  return (
    <>
      <GroupModal opened={what === 'edit'} onClose={onClose} group={task?.group ?? null} />
      <ActionWindow
        asked={
          task && (what === 'copy' || what === 'move')
            ? {
                action: what,
                selection: { matching: { group_id: task.group.id } },
                count: task.group.member_count,
                names: [],
                from: task.group,
              }
            : null
        }
        onClose={onClose}
        onDone={() => {}}
      />
      <Modal
        opened={what === 'remove'}
        onClose={onClose}
        title={t('group.removeTitle')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {task && what === 'remove' && <Remove id={task.group.id} onClose={onClose} onRemoved={onRemoved} />}
      </Modal>
    </>
  );
}

/* How many are in it is asked at this moment, not taken from a list that may be old. */
function Remove({ id, onClose, onRemoved }: { id: number; onClose: () => void; onRemoved?: () => void }) {
  const { t } = useTranslation();
  const { data: g, error, isFetching } = useQuery({ ...groupQuery(id), staleTime: 0 });
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/groups/{id}', { params: { path: { id } } })),
    onSuccess: () => {
      tellDone(t('group.removed', { name: g?.name ?? '' }));
      onRemoved?.();
      onClose();
      contactsChanged();
    },
  });
  if (error) return <ProblemAlert error={error} />;
  if (!g || (isFetching && !remove.isPending)) return <Skeleton h={120} />;
  return (
    <Stack>
      <ProblemAlert error={remove.error} />
      <Text fw={600}>{t('group.removeText', { name: g.name })}</Text>
      <Text size="sm" data-testid="question">
        {g.member_count === 0
          ? t('group.removeEmpty')
          : t('group.removeMembers', { n: formatCount(g.member_count) })}
      </Text>
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.keep')}
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t('group.removeYes')}
        </Button>
      </Group>
    </Stack>
  );
}
