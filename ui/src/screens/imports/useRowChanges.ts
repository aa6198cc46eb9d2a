/*
 * useRowChanges.ts - everything that changes rows of an import: a corrected cell, rows left out or
 * taken back. The changed row stands at its place with its new verdict for a moment; then the lists
 * are read again, but never under the hands of somebody who types.
 */
import { useMutation } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '../../api/client';
import { importQuery } from '../../api/queries';
import { queryClient } from '../../app/queryClient';
import { problemDetail, problemTitle } from '../../components/ProblemAlert';
import {
  type Cell,
  type Correction,
  type Filter,
  type Verdict,
  corrected,
  standsIn,
} from '../../lib/correction';
import { formatCount } from '../../lib/format';
import { type Import, verdicts } from '../../lib/imports';
import { withRow } from '../../lib/pages';
import { type Selection, portions } from '../../lib/selection';
import { tellProblem } from '../../lib/tell';

type Row = Schemas['ImportRow'];
const LOOK_MS = 1_500; // long enough to see what became of the row

export interface RowChanges {
  correction: Correction | null;
  begin: (row: Row, column: number) => void;
  type: (value: string) => void;
  save: () => void;
  cancel: () => void;
  /* Several cells of one row at once. */
  correctRow: (row: Row, cells: { index: number; value: string }[]) => Promise<void>;
  toggle: (row: Row) => void;
  dropMany: (what: Selection, dropped: boolean) => void;
  busy: boolean;
  /* What became of the last change, in words. */
  said: string;
}

export function useRowChanges(
  item: Import,
  filter: Filter,
  everything: () => Promise<number[]>,
  onMany: () => void,
): RowChanges {
  const { t } = useTranslation();
  const [correction, step] = useReducer(corrected, null);
  const [stale, setStale] = useState(false);
  const [said, say] = useState('');
  const { id } = item;

  const refreshRows = useCallback(
    () => queryClient.invalidateQueries({ queryKey: ['imports', id, 'rows'] }),
    [id],
  );
  useEffect(() => {
    if (!stale || correction) return;
    const timer = setTimeout(() => {
      setStale(false);
      void refreshRows();
    }, LOOK_MS);
    return () => clearTimeout(timer);
  }, [stale, correction, refreshRows]);
  useEffect(() => say(''), [filter]);

  const outcome = (before: Row, after: Row): string => {
    const words = { row: formatCount(after.row), verdict: t(`import.verdicts.${after.verdict}`) };
    const what =
      before.verdict === after.verdict
        ? after.verdict === 'error'
          ? t('import.said.still', { ...words, reason: after.reason_text ?? '' })
          : t('import.said.saved', words)
        : t('import.said.moved', { ...words, before: t(`import.verdicts.${before.verdict}`) });
    return standsIn(after, filter) ? what : `${what} ${t('import.said.leaves')}`;
  };

  const changed = (before: Row, after: Row) => {
    queryClient.setQueriesData<Schemas['ImportRowList']>({ queryKey: ['imports', id, 'rows'] }, (page) =>
      page ? withRow(page, after) : page,
    );
    void queryClient.invalidateQueries({ queryKey: importQuery(id).queryKey, exact: true });
    setStale(true);
    return outcome(before, after);
  };

  const patch = (row: number, body: Schemas['ImportRowChange']) =>
    answer(api.PATCH('/imports/{id}/rows/{row}', { params: { path: { id, row } }, body }));

  const correct = useMutation({
    mutationFn: ({ cell, value }: { before: Row; cell: Cell; value: string }) =>
      patch(cell.row, { cells: [{ index: cell.column, value }] }),
    onSuccess: (after, { before, cell }) => {
      step({ type: 'saved', cell });
      say(changed(before, after));
    },
    onError: (error, { cell }) =>
      step({ type: 'failed', cell, problem: problemDetail(error) ?? problemTitle(error, t) }),
  });
  const [opened, setOpened] = useState<Row | null>(null);

  const toggle = useMutation({
    mutationFn: (row: Row) => patch(row.row, { dropped: !row.dropped }),
    onSuccess: (after, before) => {
      changed(before, after);
      say(t(after.dropped ? 'import.said.dropped' : 'import.said.taken', { n: 1 }));
    },
    onError: tellProblem,
  });

  const many = useMutation({
    mutationFn: async ({ what, dropped }: { what: Selection; dropped: boolean }) => {
      const send = (body: Omit<Schemas['ImportRowsChange'], 'dropped'>) =>
        answer(api.PATCH('/imports/{id}/rows', { params: { path: { id } }, body: { ...body, dropped } }));
      let after: Import | undefined;
      if (what.whole && filter !== 'hidden' && filter !== 'dropped') {
        const some: Verdict[] = filter ? [filter] : verdicts.filter((v) => item.counts[v] > 0);
        for (const verdict of some) after = await send({ verdict });
      } else {
        const rows = what.whole ? await everything() : what.rows;
        for (const part of portions(rows)) after = await send({ rows: part });
      }
      return after;
    },
    onSuccess: (after, { dropped }) => {
      if (after) queryClient.setQueryData(importQuery(id).queryKey, after);
      say(t(dropped ? 'import.said.droppedMany' : 'import.said.takenMany'));
      onMany();
    },
    onError: tellProblem,
    // Some portions may have gone through even when one was refused.
    onSettled: () =>
      Promise.all([
        refreshRows(),
        queryClient.invalidateQueries({ queryKey: importQuery(id).queryKey, exact: true }),
      ]),
  });

  return {
    correction,
    begin: (row, column) => {
      setOpened(row);
      step({ type: 'begin', cell: { row: row.row, column }, value: row.cells[column] ?? '' });
    },
    type: (value) => step({ type: 'type', value }),
    save: () => {
      if (!correction || correction.state === 'saving') return;
      step({ type: 'save' });
      if (opened && correction.value !== correction.before)
        correct.mutate({ before: opened, cell: correction, value: correction.value });
    },
    cancel: () => step({ type: 'cancel' }),
    correctRow: async (row, cells) => say(changed(row, await patch(row.row, { cells }))),
    toggle: (row) => toggle.mutate(row),
    dropMany: (what, dropped) => many.mutate({ what, dropped }),
    busy: many.isPending,
    said,
  };
}
