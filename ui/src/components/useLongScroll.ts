/*
 * useLongScroll.ts - the scrolling of LongTable and LongList: which rows show, where they stand, and
 * the ways to another place. The arithmetic is in lib/longScroll.ts.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import {
  type Measures,
  type Position,
  elementHeight,
  placed,
  revealed,
  rowTop,
  rowsShown,
  scrolled,
  settled,
  stuck,
} from '../lib/longScroll';

const REST_MS = 150;
const SPARE = 6;

interface Options {
  rows: number;
  rowHeight: number;
  /* Height of what stands above the rows inside the scroller. */
  head: number;
  /* Row at the upper edge in the beginning. */
  start: number;
  /* Told when nothing moves any more: the row at the upper edge. */
  onRest?: (first: number) => void;
}

export interface LongScroll {
  scroller: RefObject<HTMLDivElement | null>;
  /* Height of the element that holds the rows. */
  height: number;
  first: number;
  last: number;
  /* Rows that fit into the window, for a step by pages. */
  fitting: number;
  topOf: (row: number) => number;
  reveal: (row: number) => void;
  goTo: (row: number) => void;
}

export function useLongScroll({ rows, rowHeight, head, start, onRest }: Options): LongScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState(600);
  const m = useMemo<Measures>(() => ({ rows, rowHeight, view }), [rows, rowHeight, view]);
  const [kept, setKept] = useState<Position>(() => placed(start * rowHeight, m));
  // The list may have become shorter, or the window higher.
  const now = useMemo(() => (kept.at === placed(kept.at, m).at ? kept : placed(kept.at, m)), [kept, m]);
  const latest = useRef({ now, m, onRest });
  useLayoutEffect(() => {
    latest.current = { now, m, onRest };
  });

  const put = useCallback((p: Position) => {
    const el = scroller.current;
    if (!el) return;
    el.scrollTop = p.top;
    // Browsers round; what they made of it is what the next movement is measured from.
    const next = { top: el.scrollTop, at: p.at };
    latest.current.now = next;
    setKept(next);
  }, []);

  useLayoutEffect(() => {
    const el = scroller.current;
    if (!el) return;
    const measure = () => setView(Math.max(el.clientHeight - head, rowHeight));
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(el);
    return () => watch.disconnect();
  }, [head, rowHeight]);

  // The element has its height only now; and a list that grew shorter may have moved it.
  useLayoutEffect(() => {
    const el = scroller.current;
    if (el && Math.abs(el.scrollTop - latest.current.now.top) > 1) put(settled(latest.current.now, m));
  }, [m, put]);

  useEffect(() => {
    const el = scroller.current;
    if (!el) return;
    let rest: ReturnType<typeof setTimeout> | undefined;
    const atRest = () => {
      const { now: p, m: by } = latest.current;
      const home = settled(p, by);
      if (Math.abs(home.top - el.scrollTop) > 1) put(home);
      latest.current.onRest?.(rowsShown(p, by, 0).first);
    };
    const onScroll = () => {
      const { now: p, m: by } = latest.current;
      if (el.scrollTop !== p.top) {
        const next = scrolled(p, el.scrollTop, by);
        latest.current.now = next;
        if (stuck(next, by)) put(settled(next, by));
        else setKept(next);
      }
      clearTimeout(rest);
      rest = setTimeout(atRest, REST_MS);
    };
    el.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(rest);
      el.removeEventListener('scroll', onScroll);
    };
  }, [put]);

  const reveal = useCallback(
    (row: number) => {
      const { now: p, m: by } = latest.current;
      const at = revealed(row, p, by);
      if (at !== p.at) put(placed(at, by));
    },
    [put],
  );
  const goTo = useCallback((row: number) => put(placed(row * rowHeight, latest.current.m)), [put, rowHeight]);
  const topOf = useCallback((row: number) => rowTop(row, now, m), [now, m]);
  return {
    scroller,
    height: elementHeight(m),
    ...rowsShown(now, m, SPARE),
    fitting: Math.max(Math.floor(view / rowHeight), 1),
    topOf,
    reveal,
    goTo,
  };
}

/* Rows to render: those that show, and the one with the focus wherever it is. */
export function rendered(first: number, last: number, focused: number | null, rows: number): number[] {
  const shown = Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => first + i);
  if (focused === null || focused >= rows || (focused >= first && focused <= last)) return shown;
  return focused < first ? [focused, ...shown] : [...shown, focused];
}
