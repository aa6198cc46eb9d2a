/*
 * VirtualTable.tsx - a real table of any length: only the rows near the window exist, and the next
 * page is asked for when its end comes near. Columns are TanStack columns; `meta` says how wide a
 * column is and whether it gives way on a phone.
 */
import { Center, Loader, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  type ColumnDef,
  type RowData,
  flexRender,
  getCoreRowModel,
  useReactTable,
} from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './VirtualTable.module.css';

declare module '@tanstack/react-table' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TData extends RowData, TValue> {
    width?: number | string;
    deskOnly?: boolean;
    align?: 'left' | 'right';
  }
}

interface Props<T> {
  label: string;
  columns: ColumnDef<T>[];
  items: T[];
  rowKey: (item: T) => string;
  total?: number;
  more?: boolean;
  loadingMore?: boolean;
  onMore?: () => void;
  onRow?: (item: T) => void;
}

const ROW_HEIGHT = 53;

export function VirtualTable<T>(props: Props<T>) {
  const { label, columns, items, rowKey, total, more, loadingMore, onMore, onRow } = props;
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const shown = useMemo(() => columns.filter((c) => !(narrow && c.meta?.deskOnly)), [columns, narrow]);
  const table = useReactTable({
    data: items,
    columns: shown,
    getCoreRowModel: getCoreRowModel(),
    getRowId: rowKey,
  });
  const rows = table.getRowModel().rows;

  // What stands above may grow and shrink, so the table's place is measured after every render;
  // an equal number does not render again.
  const root = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const measure = useCallback(() => {
    if (root.current) setMargin(Math.round(root.current.getBoundingClientRect().top + window.scrollY));
  }, []);
  useLayoutEffect(measure);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: margin,
    getItemKey: (i) => rows[i]?.id ?? i,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more && !loadingMore && last >= rows.length - 30) onMore?.();
  }, [last, rows.length, more, loadingMore, onMore]);

  const before = visible.length ? visible[0]!.start - margin : 0;
  const after = visible.length ? virtual.getTotalSize() - (visible.at(-1)!.end - margin) : 0;
  return (
    <div ref={root}>
      <Table
        className={classes.table}
        highlightOnHover={!!onRow}
        verticalSpacing={6}
        aria-label={label}
        aria-rowcount={total ?? (more ? -1 : items.length + 1)}
      >
        <Table.Thead className={classes.head}>
          {table.getHeaderGroups().map((g) => (
            <Table.Tr key={g.id}>
              {g.headers.map((h) => (
                <Table.Th
                  key={h.id}
                  scope="col"
                  w={h.column.columnDef.meta?.width}
                  ta={h.column.columnDef.meta?.align}
                >
                  {flexRender(h.column.columnDef.header, h.getContext())}
                </Table.Th>
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {before > 0 && <Spacer height={before} span={shown.length} />}
          {visible.map((v) => {
            const row = rows[v.index];
            if (!row) return null;
            return (
              <Table.Tr
                key={row.id}
                data-index={v.index}
                ref={virtual.measureElement}
                aria-rowindex={v.index + 2}
                className={onRow ? classes.clickable : undefined}
                onClick={onRow ? () => onRow(row.original) : undefined}
              >
                {row.getVisibleCells().map((cell) => (
                  <Table.Td key={cell.id} ta={cell.column.columnDef.meta?.align}>
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
          {after > 0 && <Spacer height={after} span={shown.length} />}
        </Table.Tbody>
      </Table>
      {loadingMore && (
        <Center py="sm">
          <Loader size="sm" />
          <Text ml="xs" size="sm" c="dimmed">
            {t('action.loading')}
          </Text>
        </Center>
      )}
    </div>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr className={classes.spacer} aria-hidden>
      <td colSpan={span} style={{ height }} />
    </tr>
  );
}
