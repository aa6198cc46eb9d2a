/*
 * useEndless.ts - a list that the server gives page after page, as LongTable and LongList want it:
 * rows by their index, a few placeholders after the last known one, the next page when they come near.
 *
 * A place to begin at is reached by reading up to it, as far as that is quick.
 */
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';

const NEAR = 60; // rows before the end at which more is asked for
const AHEAD = 12; // placeholders
const FAR = 50; // pages that are read to come back to a place

interface Page<T> {
  items: T[];
}

export interface Endless<T> {
  items: T[];
  /* Rows to show, placeholders included. */
  total: number;
  /* Everything is there. */
  complete: boolean;
  /* The place to begin at is there, or will not come. */
  ready: boolean;
  rowAt: (index: number) => T | undefined;
  onShow: (first: number, last: number) => void;
}

export function useEndless<T>(
  list: UseInfiniteQueryResult<InfiniteData<Page<T>>>,
  start: number,
): Endless<T> {
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = list;
  const items = useMemo(() => data?.pages.flatMap((p) => p.items) ?? [], [data]);
  const can = hasNextPage && !isFetching && !isError;
  const ready =
    data !== undefined && (items.length > start || !hasNextPage || isError || data.pages.length >= FAR);
  useEffect(() => {
    if (data !== undefined && !ready && can) void fetchNextPage();
  }, [data, ready, can, fetchNextPage]);
  const onShow = useCallback(
    (_: number, last: number) => {
      if (can && last >= items.length - NEAR) void fetchNextPage();
    },
    [can, items.length, fetchNextPage],
  );
  const rowAt = useCallback((index: number) => items[index], [items]);
  return {
    items,
    total: items.length + (hasNextPage ? AHEAD : 0),
    complete: data !== undefined && !hasNextPage,
    ready,
    rowAt,
    onShow,
  };
}
