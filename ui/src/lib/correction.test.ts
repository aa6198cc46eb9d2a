/* correction.test.ts - correcting a cell: nothing typed is lost, no late answer closes another cell. */
import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import {
  type Correction,
  type CorrectionStep,
  corrected,
  reasonColumn,
  shownCell,
  shownColumns,
  standsIn,
} from './correction';
import { formatPhone } from './format';

const cell = { row: 12, column: 1 };
const other = { row: 13, column: 1 };
const run = (...steps: CorrectionStep[]) =>
  steps.reduce<Correction | null>((now, step) => corrected(now, step), null);
const begin: CorrectionStep = { type: 'begin', cell, value: '010-12' };
const typed: CorrectionStep = { type: 'type', value: '010-1234-5678' };

describe('a correction', () => {
  it('is saved and closed', () => {
    expect(run(begin, typed, { type: 'save' })).toMatchObject({ state: 'saving', value: '010-1234-5678' });
    expect(run(begin, typed, { type: 'save' }, { type: 'saved', cell })).toBeNull();
  });

  it('that changes nothing is not sent', () => {
    expect(run(begin, { type: 'save' })).toBeNull();
  });

  it('is given up with Escape, but not once it is on its way', () => {
    expect(run(begin, typed, { type: 'cancel' })).toBeNull();
    expect(run(begin, typed, { type: 'save' }, { type: 'cancel' })).toMatchObject({ state: 'saving' });
    expect(run(begin, typed, { type: 'save' }, { type: 'begin', cell: other, value: 'x' })).toMatchObject(
      cell,
    );
  });

  it('keeps what was typed when it is refused, and the words of the refusal', () => {
    const failed = run(begin, typed, { type: 'save' }, { type: 'failed', cell, problem: '너무 깁니다.' });
    expect(failed).toMatchObject({ state: 'failed', value: '010-1234-5678', problem: '너무 깁니다.' });
    expect(corrected(failed, { type: 'type', value: 'x' })).toMatchObject({
      state: 'typing',
      problem: undefined,
    });
  });

  it('is not closed by the answer for another cell', () => {
    expect(run(begin, typed, { type: 'saved', cell: other })).toMatchObject({ value: '010-1234-5678' });
    expect(run(begin, { type: 'failed', cell: other, problem: 'x' })).toMatchObject({ state: 'typing' });
  });
});

type Row = Schemas['ImportRow'];
type Column = Schemas['ImportColumn'];
const row = (more: Partial<Row>): Row => ({
  row: 2, verdict: 'ok', reason: null, reason_text: null, name: '김하늘', phone: '01012345678', email: null,
  original_phone: '', attributes: {}, dropped: false, duplicate_of: null, contact_id: null, reason_column: null,
  cells: [], hidden: false, edited: false, effect: 'create', ...more,
}); // prettier-ignore
const column = (index: number, role: Column['role'], attribute: string | null = null): Column => ({
  index, role, attribute, header: '', samples: [], basis: 'header', hidden: false,
}); // prettier-ignore

describe('what a cell shows', () => {
  const phone = column(1, 'phone');
  it('is the number as people write it', () => {
    expect(shownCell(row({ cells: ['', '010 1234 5678'] }), phone, formatPhone)).toEqual({
      text: '010-1234-5678',
    });
  });

  it('is the old and the new one after a repair', () => {
    const repaired = row({ verdict: 'repaired', cells: ['', '1012345678'] });
    expect(shownCell(repaired, phone, formatPhone)).toEqual({ text: '1012345678', stored: '010-1234-5678' });
    const clean = row({ verdict: 'repaired', cells: ['김\u200b하늘'], name: '김하늘' });
    expect(shownCell(clean, column(0, 'name'), formatPhone)).toEqual({
      text: '김\u200b하늘',
      stored: '김하늘',
    });
  });

  it('is what the file says when nothing can be stored', () => {
    expect(shownCell(row({ verdict: 'error', phone: '', cells: ['', '02-12'] }), phone, formatPhone)).toEqual(
      {
        text: '02-12',
      },
    );
    expect(shownCell(row({ cells: [] }), column(5, 'attribute', '주문'), formatPhone)).toEqual({ text: '' });
  });
});

describe('the columns', () => {
  const all = [column(0, 'attribute', 'a'), column(1, 'phone'), column(2, 'ignore'), column(3, 'name')];
  it('begin with the person and leave out what is not used', () => {
    expect(shownColumns(all).map((c) => c.index)).toEqual([3, 1, 0]);
  });

  it('hold the reason that is about one of them', () => {
    expect(reasonColumn(row({ reason_column: 1 }), shownColumns(all))).toBe(1);
    expect(reasonColumn(row({ reason_column: 2 }), shownColumns(all))).toBeNull();
    expect(reasonColumn(row({}), shownColumns(all))).toBeNull();
  });
});

it('a row stands in the lists of its verdict and its marks', () => {
  const r = row({ verdict: 'error', dropped: true });
  expect([undefined, 'error', 'dropped', 'ok', 'hidden'].map((f) => standsIn(r, f as never))).toEqual([
    true, true, true, false, false,
  ]); // prettier-ignore
});
