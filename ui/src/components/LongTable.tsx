/*
 * LongTable.tsx - a grid of any number of rows that are read from anywhere: rows outside the window
 * do not exist, rows that are not there yet have placeholders, and one cell at a time takes part in
 * the order of Tab. Arrows, Page, Home and End (with Ctrl: the whole list) move it.
 *
 * Rows are keyed by their place: when one leaves the list, the focus stays where it is, on the next.
 * The table knows nothing of where rows come from: `rowAt` gives what is there, `onShow` hears what is
 * wanted. Keys that it does not know go to `onKey` first.
 */
import { Skeleton, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react';
import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type Ref,
  memo,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import classes from './LongTable.module.css';
import { rendered, useLongScroll } from './useLongScroll';

export interface LongColumn<T> {
  key: string;
  header: ReactNode;
  /* Pixels; a column that grows takes its part of what is left. */
  width: number;
  grow?: boolean;
  /* Stays at its edge while the others move sideways; those at the left come first. */
  pin?: 'left' | 'right';
  align?: 'right';
  cell: (row: T, index: number) => ReactNode;
  /* What a double click on the cell's own ground does; a click takes the focus. */
  onOpen?: (row: T, index: number) => void;
  /* What a click anywhere but on a control of the cell does, beside taking the focus. */
  onPress?: (row: T, index: number) => void;
  /* The list can be ordered by this column, and how it is now. */
  sort?: 'ascending' | 'descending' | 'none';
  onSort?: () => void;
}

export interface Place {
  index: number;
  column: number;
}

export interface LongHandle {
  goTo: (index: number) => void;
  /* Puts the focus back to the cell that has it by the order of Tab. */
  focus: () => void;
}

interface Props<T> {
  label: string;
  columns: LongColumn<T>[];
  total: number;
  rowAt: (index: number) => T | undefined;
  onShow: (first: number, last: number) => void;
  start?: number;
  onRest?: (first: number) => void;
  onKey?: (event: KeyboardEvent, place: Place, row: T | undefined) => void;
  look?: (row: T) => string | undefined;
  isSelected?: (row: T) => boolean;
  rowHeight: number;
  /* Rows of the whole list, when `total` is only those that are known of; null: nobody has counted. */
  count?: number | null;
  /* Greatest height, as CSS. */
  height?: string;
  handle?: Ref<LongHandle>;
}

const HEAD = 41;

const widthOf = (some: { width: number }[]) => some.reduce((all, c) => all + c.width, 0);

/* The cell that a key leads to; null when the key leads nowhere. */
export function moved(
  e: { key: string; ctrlKey: boolean; metaKey: boolean },
  p: Place,
  rows: number,
  columns: number,
  page: number,
): Place | null {
  const far = e.ctrlKey || e.metaKey;
  const to = (index: number, column = p.column): Place => ({
    index: Math.min(Math.max(index, 0), rows - 1),
    column: Math.min(Math.max(column, 0), columns - 1),
  });
  switch (e.key) {
    case 'ArrowUp':
      return to(far ? 0 : p.index - 1);
    case 'ArrowDown':
      return to(far ? rows - 1 : p.index + 1);
    case 'ArrowLeft':
      return to(p.index, p.column - 1);
    case 'ArrowRight':
      return to(p.index, p.column + 1);
    case 'PageUp':
      return to(p.index - page);
    case 'PageDown':
      return to(p.index + page);
    case 'Home':
      return far ? to(0, 0) : to(p.index, 0);
    case 'End':
      return far ? to(rows - 1, columns - 1) : to(p.index, columns - 1);
    default:
      return null;
  }
}

export function LongTable<T>(props: Props<T>) {
  const { label, columns, total, rowAt, onShow, start = 0, onRest, onKey, rowHeight } = props;
  const count = props.count === undefined ? total : props.count;
  const scroll = useLongScroll({ rows: total, rowHeight, head: HEAD, start, onRest });
  const { first, last, topOf, reveal } = scroll;
  const [place, setPlace] = useState<Place>({ index: start, column: 0 });
  const here: Place = {
    index: Math.min(place.index, Math.max(total - 1, 0)),
    column: Math.min(place.column, columns.length - 1),
  };
  const [wanted, setWanted] = useState(0); // counts up when the focus shall go to `place`
  const [inside, setInside] = useState(false);
  const active = useRef<HTMLDivElement>(null);

  useEffect(() => onShow(first, last), [first, last, onShow]);
  useEffect(() => {
    if (wanted === 0) return;
    active.current?.focus({ preventScroll: true });
    active.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [wanted]);
  useImperativeHandle(props.handle, () => ({
    goTo: (index) => {
      setPlace((p) => ({ ...p, index }));
      scroll.goTo(index);
    },
    focus: () => setWanted((n) => n + 1),
  }));

  const press = (e: KeyboardEvent) => {
    onKey?.(e, here, rowAt(here.index));
    // Keys of a control inside a cell are its own.
    if (e.defaultPrevented || (e.target as HTMLElement).matches('input, textarea')) return;
    const next = moved(e, here, total, columns.length, scroll.fitting);
    if (!next) return;
    e.preventDefault();
    setPlace(next);
    reveal(next.index);
    setWanted((n) => n + 1);
  };
  const take = useCallback((index: number, column: number) => setPlace({ index, column }), []);
  const leave = (e: FocusEvent) => {
    if (!e.currentTarget.contains(e.relatedTarget)) setInside(false);
  };

  const template = columns
    .map((c) => (c.grow ? `minmax(${c.width}px, ${c.width}fr)` : `${c.width}px`))
    .join(' ');
  const edge = (side: 'left' | 'right') => widthOf(columns.filter((c) => c.pin === side));
  const pinned = useMemo(
    () =>
      columns.map((c, i) =>
        c.pin === 'left'
          ? { left: widthOf(columns.slice(0, i)) }
          : c.pin === 'right'
            ? { right: widthOf(columns.slice(i + 1)) }
            : undefined,
      ),
    [columns],
  );
  return (
    <div
      ref={scroll.scroller}
      className={classes.scroller}
      style={{
        maxHeight: props.height,
        scrollPadding: `${HEAD}px ${edge('right')}px 0 ${edge('left')}px`,
      }}
      role="grid"
      aria-label={label}
      aria-rowcount={count === null ? -1 : count + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.isSelected ? true : undefined}
      onKeyDown={press}
      onFocus={() => setInside(true)}
      onBlur={leave}
    >
      <div className={classes.inner} style={{ minWidth: widthOf(columns) }}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
            {columns.map((c, i) => (
              <div
                key={c.key}
                role="columnheader"
                aria-sort={c.sort}
                aria-colindex={i + 1}
                className={classes.heading}
                data-pin={c.pin}
                data-align={c.align}
                style={pinned[i]}
              >
                {c.onSort ? <SortButton column={c as LongColumn<unknown>} /> : c.header}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body} style={{ height: scroll.height }}>
          {rendered(first, last, inside ? here.index : null, total).map((index) => {
            const row = rowAt(index);
            const focused = index === here.index;
            return (
              <Row
                key={index}
                index={index}
                row={row}
                columns={columns as LongColumn<unknown>[]}
                template={template}
                pinned={pinned}
                height={rowHeight}
                // A row outside the window is there only to keep the focus.
                top={index >= first && index <= last ? topOf(index) : -2 * rowHeight}
                selected={row !== undefined && props.isSelected ? props.isSelected(row) : undefined}
                look={row === undefined ? undefined : props.look?.(row)}
                focused={focused ? here.column : undefined}
                active={focused ? active : undefined}
                onTake={take}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function SortButton({ column: c }: { column: LongColumn<unknown> }) {
  const Icon =
    c.sort === 'ascending' ? IconArrowUp : c.sort === 'descending' ? IconArrowDown : IconArrowsSort;
  return (
    <UnstyledButton className={classes.sort} data-on={c.sort !== 'none' || undefined} onClick={c.onSort}>
      {c.header}
      <Icon size={14} aria-hidden />
    </UnstyledButton>
  );
}

/* A click on a control of the cell is the control's own. */
const onControl = (e: MouseEvent) => (e.target as HTMLElement).closest('a, button, input, label') !== null;

interface RowProps {
  index: number;
  row: unknown;
  columns: LongColumn<unknown>[];
  template: string;
  pinned: (CSSProperties | undefined)[];
  height: number;
  top: number;
  selected: boolean | undefined;
  look: string | undefined;
  focused: number | undefined;
  active: Ref<HTMLDivElement> | undefined;
  onTake: (index: number, column: number) => void;
}

/* While the list glides its rows do not change, so they are not made again. */
const Row = memo(function Row(p: RowProps) {
  const { t } = useTranslation();
  const { index, row, columns } = p;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={p.selected}
      aria-busy={row === undefined || undefined}
      className={classes.row}
      data-index={index}
      data-look={p.look}
      style={{ gridTemplateColumns: p.template, height: p.height, top: p.top }}
    >
      {columns.map((c, i) => (
        <div
          key={c.key}
          ref={i === p.focused ? p.active : undefined}
          role="gridcell"
          aria-colindex={i + 1}
          tabIndex={i === p.focused ? 0 : -1}
          className={classes.cell}
          data-pin={c.pin}
          data-align={c.align}
          style={p.pinned[i]}
          onFocus={() => p.onTake(index, i)}
          data-press={c.onPress ? true : undefined}
          onClick={
            row !== undefined && c.onPress ? (e) => !onControl(e) && c.onPress?.(row, index) : undefined
          }
          onDoubleClick={row !== undefined && c.onOpen ? () => c.onOpen?.(row, index) : undefined}
        >
          {row === undefined ? (
            <>
              <Skeleton h={14} w="70%" animate={false} aria-hidden />
              {i === 0 && <VisuallyHidden>{t('action.loading')}</VisuallyHidden>}
            </>
          ) : (
            c.cell(row, index)
          )}
        </div>
      ))}
    </div>
  );
});
