/*
 * Groups.tsx - the groups with their size, however many there are: search, order, and from here to
 * their members or to a send. Search, order and place stand in the address.
 */
import { Button, Group, Paper, Select, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconInfoCircle, IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type KeyboardEvent, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import { type GroupSort, groupListQuery, summaryQuery } from '../../api/queries';
import { Empty } from '../../components/Empty';
import { LongList } from '../../components/LongList';
import { type LongColumn, LongTable, type Place } from '../../components/LongTable';
import { PageHeader } from '../../components/PageHeader';
import { ProblemAlert } from '../../components/ProblemAlert';
import { SearchInput } from '../../components/SearchInput';
import { AnchorLink, ButtonLink } from '../../components/links';
import { RowsSkeleton } from '../../components/RowsSkeleton';
import { useEndless } from '../../components/useEndless';
import { groupSorts } from '../../lib/desk';
import { formatCount, formatDate } from '../../lib/format';
import { useCan } from '../../lib/useCan';
import { useLang } from '../../lib/useLang';
import { GroupModal } from './GroupModal';
import { GroupMenu, type GroupTask, GroupWindows } from './GroupTasks';

type ContactGroup = Schemas['Group'];
const route = getRouteApi('/inside/groups');
const ROW_HEIGHT = 58;
const CARD_HEIGHT = 118;
const HEIGHT = 'max(360px, calc(100dvh - 300px))';

export function Groups() {
  const { t } = useTranslation();
  const { q, sort = 'created', at } = route.useSearch();
  const navigate = route.useNavigate();
  const canWrite = useCan('sender');
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const list = useInfiniteQuery({ ...groupListQuery({ q, sort }), placeholderData: keepPreviousData });
  const summary = useQuery(summaryQuery);
  const [start] = useState((at ?? 1) - 1);
  const filter = `${sort} ${q ?? ''}`;
  const [first] = useState(filter);
  const rows = useEndless<ContactGroup>(list, start);
  const [adding, add] = useDisclosure();
  const [task, setTask] = useState<GroupTask | null>(null);
  const go = useCallback(
    (change: { q?: string; sort?: GroupSort; at?: number }, replace = true) =>
      void navigate({ search: (s) => ({ ...s, ...change }), replace, resetScroll: false }),
    [navigate],
  );
  const onRest = useCallback((row: number) => go({ at: row > 0 ? row + 1 : undefined }), [go]);
  const onSort = (s: GroupSort) => go({ sort: s === 'created' ? undefined : s, at: undefined });
  const members = (g: ContactGroup) => void navigate({ to: '/contacts', search: { group: g.id } });
  const columns = useColumns({ sort, onSort, canWrite, onTask: setTask, onMembers: members });
  const onKey = (e: KeyboardEvent, place: Place, g: ContactGroup | undefined) => {
    const cell = e.target as HTMLElement;
    if (!g || e.key !== 'Enter' || cell.matches('a, button')) return;
    e.preventDefault();
    const key = columns[place.column]?.key;
    if (key === 'send' || key === 'menu') cell.querySelector<HTMLElement>('a, button')?.click();
    else members(g);
  };
  const own = rows.items.some((g) => !g.is_default);
  const common = {
    label: t('nav.groups'),
    total: rows.total,
    rowAt: rows.rowAt,
    onShow: rows.onShow,
    start: filter === first ? start : 0,
    onRest,
    height: HEIGHT,
  };
  return (
    <>
      <PageHeader title={t('nav.groups')} lead={t('group.lead')}>
        {canWrite && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={add.open}>
            {t('group.add')}
          </Button>
        )}
      </PageHeader>
      <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
        <Group mb="sm" gap="sm" align="flex-start">
          <SearchInput
            label={t('group.search')}
            placeholder={t('group.searchExample')}
            value={q ?? ''}
            onSearch={(words) => go({ q: words || undefined, at: undefined })}
            busy={list.isFetching && !list.isFetchingNextPage}
            style={{ flex: '2 1 200px' }}
          />
          <Select
            label={t('contact.sort')}
            data={groupSorts.map((s) => ({ value: s, label: t(`group.sorts.${s}`) }))}
            value={sort}
            onChange={(s) => s && onSort(s as GroupSort)}
            allowDeselect={false}
            style={{ flex: '1 1 140px' }}
          />
        </Group>
        <ProblemAlert error={list.error} retry={() => void list.refetch()} />
        {!list.data && !list.error && <RowsSkeleton />}
        {list.data && rows.items.length === 0 && (
          <Empty
            icon={<IconSearch aria-hidden />}
            title={t('group.noneTitle')}
            text={t('group.noneText', { q })}
          >
            <Button variant="default" onClick={() => go({ q: undefined })}>
              {t('contact.showAll')}
            </Button>
          </Empty>
        )}
        {rows.items.length > 0 && (
          <Stack gap="xs">
            <Text size="sm" c="dimmed" className="tabular" role="status">
              {q && rows.complete
                ? t('group.found', { n: formatCount(rows.items.length) })
                : !q && summary.data && t('group.counted', { n: formatCount(summary.data.groups) })}
            </Text>
            {!rows.ready ? (
              <RowsSkeleton />
            ) : narrow ? (
              <LongList<ContactGroup>
                key={filter}
                {...common}
                cardHeight={CARD_HEIGHT}
                card={(g) => <Card group={g} canWrite={canWrite} onTask={setTask} />}
              />
            ) : (
              <LongTable<ContactGroup>
                key={filter}
                {...common}
                columns={columns}
                count={rows.complete ? rows.items.length : null}
                rowHeight={ROW_HEIGHT}
                onKey={onKey}
              />
            )}
          </Stack>
        )}
        {list.data && !q && !own && rows.complete && (
          <Empty
            icon={<IconUsersGroup aria-hidden />}
            title={t('group.emptyTitle')}
            text={t('group.emptyText')}
          >
            {canWrite && <Button onClick={add.open}>{t('group.add')}</Button>}
            <ButtonLink to="/imports" variant="default">
              {t('contact.import')}
            </ButtonLink>
          </Empty>
        )}
      </Paper>
      <Group gap={8} mt="sm" wrap="nowrap" align="flex-start" c="dimmed">
        <IconInfoCircle size={18} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
        <Text size="sm">{t('group.defaultExplained')}</Text>
      </Group>
      <GroupModal opened={adding} onClose={add.close} group={null} />
      <GroupWindows task={task} onClose={() => setTask(null)} />
    </>
  );
}

interface Shape {
  sort: GroupSort;
  onSort: (sort: GroupSort) => void;
  canWrite: boolean;
  onTask: (task: GroupTask) => void;
  onMembers: (g: ContactGroup) => void;
}

function useColumns(s: Shape): LongColumn<ContactGroup>[] {
  const { t } = useTranslation();
  const lang = useLang();
  const onPress = s.onMembers;
  const name: LongColumn<ContactGroup> = {
    key: 'name',
    width: 220,
    grow: true,
    header: t('group.name'),
    sort: s.sort === 'name' ? 'ascending' : 'none',
    onSort: () => s.onSort(s.sort === 'name' ? 'created' : 'name'),
    onPress,
    cell: (g) => <NameAndNote group={g} tabIndex={-1} />,
  };
  const members: LongColumn<ContactGroup> = {
    key: 'members',
    width: 120,
    header: t('group.memberCount'),
    align: 'right',
    sort: s.sort === 'members' ? 'descending' : 'none',
    onSort: () => s.onSort(s.sort === 'members' ? 'created' : 'members'),
    onPress,
    cell: (g) => <span className="tabular">{t('group.members', { n: formatCount(g.member_count) })}</span>,
  };
  const created: LongColumn<ContactGroup> = {
    key: 'created',
    width: 124,
    header: t('group.madeOn'),
    sort: s.sort === 'newest' ? 'descending' : s.sort === 'created' ? 'ascending' : 'none',
    onSort: () => s.onSort(s.sort === 'newest' ? 'created' : 'newest'),
    onPress,
    cell: (g) => (
      <Text size="sm" c="dimmed" className="tabular">
        {formatDate(g.created_at, lang)}
      </Text>
    ),
  };
  // One control a cell: Enter on the cell is a click on it.
  const send: LongColumn<ContactGroup> = {
    key: 'send',
    width: 148,
    header: <VisuallyHidden>{t('group.send')}</VisuallyHidden>,
    align: 'right',
    cell: (g) => <Send group={g} tabIndex={-1} />,
  };
  const menu: LongColumn<ContactGroup> = {
    key: 'menu',
    width: 52,
    header: <VisuallyHidden>{t('group.menu')}</VisuallyHidden>,
    align: 'right',
    cell: (g) => <GroupMenu group={g} onTask={s.onTask} tabIndex={-1} />,
  };
  return [name, members, created, ...(s.canWrite ? [send, menu] : [])];
}

function NameAndNote({ group: g, tabIndex }: { group: ContactGroup; tabIndex?: number }) {
  const { t } = useTranslation();
  const note = g.is_default ? t('group.defaultNote') : g.description;
  return (
    <>
      <AnchorLink
        to="/contacts"
        search={{ group: g.id }}
        fw={600}
        truncate
        title={g.name}
        tabIndex={tabIndex}
        style={{ display: 'block' }}
      >
        {g.name}
      </AnchorLink>
      {note && (
        <Text size="sm" c="dimmed" truncate title={note}>
          {note}
        </Text>
      )}
    </>
  );
}

function Send({ group: g, tabIndex }: { group: ContactGroup; tabIndex?: number }) {
  const { t } = useTranslation();
  if (g.member_count === 0) return null;
  return (
    <ButtonLink
      to="/campaigns/new"
      search={{ group: g.id, template: undefined }}
      size="xs"
      variant="default"
      tabIndex={tabIndex}
      aria-label={t('group.sendTo', { name: g.name })}
    >
      {t('group.send')}
    </ButtonLink>
  );
}

function Card({
  group: g,
  canWrite,
  onTask,
}: {
  group: ContactGroup;
  canWrite: boolean;
  onTask: (task: GroupTask) => void;
}) {
  const { t } = useTranslation();
  return (
    <Paper withBorder p="sm" h="100%">
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div style={{ minWidth: 0 }}>
          <NameAndNote group={g} />
        </div>
        <Text className="tabular" fw={600} style={{ flex: 'none' }}>
          {t('group.members', { n: formatCount(g.member_count) })}
        </Text>
      </Group>
      {canWrite && (
        <Group mt={6} gap="xs" justify="flex-end">
          <Send group={g} />
          <GroupMenu group={g} onTask={onTask} />
        </Group>
      )}
    </Paper>
  );
}
