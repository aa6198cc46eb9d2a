/* ContactsParts.tsx - columns, cards and tools of the list of customers. */
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Menu,
  Paper,
  Popover,
  Text,
  UnstyledButton,
} from '@mantine/core';
import { IconChevronDown, IconKeyboard } from '@tabler/icons-react';
import { type Dispatch, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../api/client';
import type { LongColumn } from '../../components/LongTable';
import { SuppressedBadge } from '../../components/SuppressedBadge';
import { type Action, type ContactSort, type SortColumn, directionOf, sortedBy } from '../../lib/desk';
import { formatCount, formatDate, formatPhone } from '../../lib/format';
import { type Picked, type Tick, boxOf, isPicked } from '../../lib/picked';
import { useLang } from '../../lib/useLang';
import classes from './contacts.module.css';

type Contact = Schemas['Contact'];
export const CARD_HEIGHT = 112;

type Some = (people: Contact[], on: boolean) => void;

/* ---- what is done with those ticked ---- */

interface TickedProps {
  /* How many; null while they are counted. */
  n: number | null;
  /* How many match in all. */
  count: number | undefined;
  picked: Picked;
  actions: Action[];
  /* The actions behind one button. */
  menu: boolean;
  onAction: (action: Action) => void;
  tick: Dispatch<Tick>;
}

export function Ticked({ n, count, picked, actions, menu, onAction, tick }: TickedProps) {
  const { t } = useTranslation();
  const more = !picked.whole && count !== undefined && count > picked.people.size;
  return (
    <Group gap="xs" role="group" aria-label={t('many.bar')} data-testid="bar">
      <Text size="sm" fw={700} role="status" className="tabular">
        {n === null
          ? t('contact.counting')
          : t(picked.whole ? 'many.tickedAll' : 'many.ticked', { n: formatCount(n) })}
      </Text>
      {menu ? (
        <Menu position="bottom-start" withinPortal withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button size="xs" rightSection={<IconChevronDown size={14} aria-hidden />} disabled={!n}>
              {t('many.do')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {actions.map((a) => (
              <Menu.Item
                key={a}
                c={a === 'delete' ? 'var(--mantine-color-error)' : undefined}
                onClick={() => onAction(a)}
              >
                {t(`many.${a}.button`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : (
        actions.map((a) => (
          <Button
            key={a}
            size="xs"
            variant="default"
            c={a === 'delete' ? 'var(--mantine-color-error)' : undefined}
            disabled={!n}
            onClick={() => onAction(a)}
          >
            {t(`many.${a}.button`)}
          </Button>
        ))
      )}
      {more && (
        <Button size="xs" variant="subtle" onClick={() => tick({ type: 'whole' })}>
          {t('many.all', { n: formatCount(count) })}
        </Button>
      )}
      <Button size="xs" variant="subtle" color="gray" onClick={() => tick({ type: 'none' })}>
        {t('many.none')}
      </Button>
    </Group>
  );
}

/* Ticks those that are there; the rest comes with "all that match". */
export function PageBox({
  picked,
  rows,
  some,
  tick,
  label,
}: {
  picked: Picked;
  rows: Contact[];
  some: Some;
  tick: Dispatch<Tick>;
  label?: boolean;
}) {
  const { t } = useTranslation();
  const box = boxOf(picked, rows);
  const words = t('many.page', { n: formatCount(rows.length) });
  return (
    <Checkbox
      size="sm"
      label={label ? words : undefined}
      aria-label={label ? undefined : words}
      checked={box === 'all'}
      indeterminate={box === 'some'}
      onChange={() => (picked.whole ? tick({ type: 'none' }) : some(rows, box !== 'all'))}
    />
  );
}

/* How the table is used without a mouse. */
export function Keys() {
  const { t } = useTranslation();
  return (
    <Popover width={340} position="bottom-end" withArrow>
      <Popover.Target>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={t('import.keysTitle')}
          title={t('import.keysTitle')}
        >
          <IconKeyboard size={18} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{t('contact.keys')}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}

/* ---- rows and cards ---- */

interface Shape {
  sort: ContactSort;
  picked: Picked;
  canWrite: boolean;
  wide: boolean;
  rows: Contact[];
  tick: Dispatch<Tick>;
  tickOne: (c: Contact, index: number, stretch: boolean) => void;
  some: Some;
  onSort: (sort: ContactSort) => void;
  onOpen: (id: number) => void;
}

const attributeWords = (c: Contact) =>
  Object.entries(c.attributes)
    .map(([k, v]) => `${k} ${v}`)
    .join(' · ');
const groupWords = (c: Contact) => c.groups.map((g) => g.name).join(', ');

export function useColumns(s: Shape): LongColumn<Contact>[] {
  const { t } = useTranslation();
  const lang = useLang();
  const sortable = (column: SortColumn) => ({
    sort: directionOf(column, s.sort),
    onSort: () => s.onSort(sortedBy(column, s.sort)),
    onPress: (c: Contact) => s.onOpen(c.id),
  });
  const onPress = (c: Contact) => s.onOpen(c.id);
  const select: LongColumn<Contact> = {
    key: 'select',
    width: 42,
    header: <PageBox picked={s.picked} rows={s.rows} some={s.some} tick={s.tick} />,
    cell: (c, index) => (
      <Checkbox
        size="sm"
        tabIndex={-1}
        aria-label={t('many.tick', { name: c.name || formatPhone(c.phone) })}
        checked={isPicked(s.picked, c.id)}
        disabled={s.picked.whole}
        onChange={() => {}}
        onClick={(e: MouseEvent) => s.tickOne(c, index, e.shiftKey)}
      />
    ),
  };
  const name: LongColumn<Contact> = {
    key: 'name',
    width: 150,
    grow: true,
    header: t('contact.name'),
    ...sortable('name'),
    cell: (c) => (
      <Group gap={8} wrap="nowrap">
        <Text fw={600} truncate title={c.name}>
          {c.name || t('contact.noName')}
        </Text>
        {c.suppressed && <SuppressedBadge />}
      </Group>
    ),
  };
  const phone: LongColumn<Contact> = {
    key: 'phone',
    width: 142,
    header: t('contact.phone'),
    ...sortable('phone'),
    cell: (c) => <span className="tabular">{formatPhone(c.phone)}</span>,
  };
  const groups: LongColumn<Contact> = {
    key: 'groups',
    width: 130,
    grow: true,
    header: t('contact.groups'),
    onPress,
    cell: (c) => (
      <Text size="sm" truncate title={groupWords(c)}>
        {groupWords(c)}
      </Text>
    ),
  };
  const attributes: LongColumn<Contact> = {
    key: 'attributes',
    width: 220,
    grow: true,
    header: t('contact.attributes'),
    onPress,
    cell: (c) => (
      <Text size="sm" c="dimmed" truncate title={attributeWords(c)}>
        {attributeWords(c)}
      </Text>
    ),
  };
  const created: LongColumn<Contact> = {
    key: 'created',
    width: 116,
    header: t('contact.since'),
    ...sortable('created'),
    cell: (c) => (
      <Text size="sm" c="dimmed" className="tabular">
        {formatDate(c.created_at, lang)}
      </Text>
    ),
  };
  return [...(s.canWrite ? [select] : []), name, phone, groups, ...(s.wide ? [attributes, created] : [])];
}

interface CardProps {
  contact: Contact;
  /* undefined: nothing to tick. */
  picked: boolean | undefined;
  disabled: boolean;
  onTick: () => void;
  onOpen: () => void;
}

export function Card({ contact: c, picked, disabled, onTick, onOpen }: CardProps) {
  const { t } = useTranslation();
  return (
    <Paper withBorder h="100%" className={classes.card} data-picked={picked || undefined}>
      {picked !== undefined && (
        <label className={classes.tick}>
          <Checkbox
            checked={picked}
            disabled={disabled}
            onChange={onTick}
            aria-label={t('many.tick', { name: c.name || formatPhone(c.phone) })}
            size="sm"
          />
        </label>
      )}
      <UnstyledButton className={classes.open} onClick={onOpen}>
        <Group gap={8} wrap="nowrap">
          <Text fw={700} truncate>
            {c.name || t('contact.noName')}
          </Text>
          {c.suppressed && <SuppressedBadge />}
        </Group>
        <Text className="tabular" size="sm">
          {formatPhone(c.phone)}
        </Text>
        <Text size="sm" truncate>
          {groupWords(c)}
        </Text>
        <Text size="sm" c="dimmed" truncate>
          {attributeWords(c)}
        </Text>
      </UnstyledButton>
    </Paper>
  );
}
