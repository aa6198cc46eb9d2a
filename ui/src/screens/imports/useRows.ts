/*
 * useRows.ts - the rows of an import from anywhere in the list: pages near the window are read, the
 * rest is neither asked for nor kept for long.
 */
import { useQueries } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Schemas } from '../../api/client';
import { importRowsQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import type { Filter } from '../../lib/correction';
import { PAGE, pagesOf, placeOf } from '../../lib/pages';

type Row = Schemas['ImportRow'];
const PAUSE_MS = 80; // while the scroll bar is dragged, not every place on the way is asked for
const AHEAD = 40;

export interface Rows {
  total: number;
  known: boolean;
  error: unknown;
  retry: () => void;
  rowAt: (index: number) => Row | undefined;
  onShow: (first: number, last: number) => void;
  /* Row numbers of a stretch of the list. */
  numbers: (from: number, to: number) => Promise<number[]>;
  /* Index of a row of the spreadsheet, or of the next one in the list. */
  find: (row: number) => Promise<number>;
}

export function useRows(id: number, filter: Filter, expected: number, start: number): Rows {
  const [pages, setPages] = useState(() => pagesOf(start, start));
  const wanted = useRef(pages);
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(pause.current);
      pause.current = undefined;
    },
    [],
  );

  const onShow = useCallback((first: number, last: number) => {
    wanted.current = pagesOf(Math.max(first - AHEAD, 0), Math.max(last + AHEAD, 0));
    pause.current ??= setTimeout(() => {
      pause.current = undefined;
      setPages((now) => (now.join() === wanted.current.join() ? now : wanted.current));
    }, PAUSE_MS);
  }, []);

  const results = useQueries({ queries: pages.map((page) => importRowsQuery(id, filter, page)) });
  const newest = results.reduce<(typeof results)[number] | undefined>(
    (best, r) => (r.data && (!best || r.dataUpdatedAt > best.dataUpdatedAt) ? r : best),
    undefined,
  );
  const total = newest?.data?.total ?? expected;
  const failed = results.find((r) => r.error);

  const pageOf = (page: number) =>
    queryClient.fetchQuery({ ...importRowsQuery(id, filter, page), staleTime: 5_000 });
  return {
    total,
    known: newest !== undefined,
    error: failed?.error,
    retry: () => results.forEach((r) => r.error && void r.refetch()),
    rowAt: (index) =>
      queryClient.getQueryData(importRowsQuery(id, filter, Math.floor(index / PAGE)).queryKey)?.items[
        index % PAGE
      ],
    onShow,
    numbers: async (from, to) => {
      const found: number[] = [];
      for (const page of pagesOf(from, to)) {
        const { items } = await pageOf(page);
        items.forEach((r, i) => {
          const index = page * PAGE + i;
          if (index >= from && index <= to) found.push(r.row);
        });
      }
      return found;
    },
    find: (row) =>
      placeOf(row, total, async (index) => {
        const { items } = await pageOf(Math.floor(index / PAGE));
        return items[index % PAGE]?.row ?? Number.MAX_SAFE_INTEGER;
      }),
  };
}
