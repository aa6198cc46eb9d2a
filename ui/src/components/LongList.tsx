/*
 * LongList.tsx - LongTable for narrow windows: the same rows as cards of one height, one below the
 * other, each with its own buttons.
 */
import { Paper, Skeleton, VisuallyHidden } from '@mantine/core';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LongHandle } from './LongTable';
import classes from './LongTable.module.css';
import { rendered, useLongScroll } from './useLongScroll';

interface Props<T> {
  label: string;
  total: number;
  rowAt: (index: number) => T | undefined;
  onShow: (first: number, last: number) => void;
  start?: number;
  onRest?: (first: number) => void;
  cardHeight: number;
  /* Greatest height, as CSS. */
  height?: string;
  card: (row: T, index: number) => ReactNode;
  handle?: Ref<LongHandle>;
}

export function LongList<T>(props: Props<T>) {
  const { label, total, rowAt, onShow, start = 0, onRest, cardHeight, card } = props;
  const { t } = useTranslation();
  const scroll = useLongScroll({ rows: total, rowHeight: cardHeight, head: 0, start, onRest });
  const { first, last, topOf, goTo } = scroll;
  const [focused, setFocused] = useState<number | null>(null);
  useEffect(() => onShow(first, last), [first, last, onShow]);
  useImperativeHandle(props.handle, () => ({ goTo, focus: () => {} }), [goTo]);
  return (
    <div ref={scroll.scroller} className={classes.list} style={{ maxHeight: props.height }}>
      <div role="list" aria-label={label} className={classes.body} style={{ height: scroll.height }}>
        {rendered(first, last, focused, total).map((index) => {
          const row = rowAt(index);
          const shown = index >= first && index <= last;
          return (
            <div
              key={index}
              role="listitem"
              aria-setsize={total}
              aria-posinset={index + 1}
              data-index={index}
              className={classes.card}
              style={{ height: cardHeight, top: shown ? topOf(index) : -2 * cardHeight }}
              onFocus={() => setFocused(index)}
              onBlur={() => setFocused(null)}
            >
              {row === undefined ? (
                <Paper withBorder h="100%" p="sm" aria-busy>
                  <VisuallyHidden>{t('action.loading')}</VisuallyHidden>
                  <Skeleton h={14} w="50%" mb={10} aria-hidden />
                  <Skeleton h={14} w="80%" aria-hidden />
                </Paper>
              ) : (
                card(row, index)
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
