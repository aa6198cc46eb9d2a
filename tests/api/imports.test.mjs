/*
 * imports.test.mjs - the way of a list to contacts: what is found in it, said about it, corrected.
 *
 * Every operation on imports with what the file promises of it: mapping, rules for what is there
 * twice, rows, corrections in place and by workbook, memory, notes, and files that are refused.
 * Running, cancelling and dying are in importing.test.mjs.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import {
  confirm, csvOf, importSettled, newCompany, offer, remap, rowsOf, startServer, syncedTemplates, upload,
} from './harness.mjs';
import { html, xls, xlsx } from './workbooks.mjs';

const SHARED = process.env.SENDINGO_SHARED;
let server, me;
before(async () => {
  server = await startServer();
  me = await newCompany(server);
});
after(() => server?.stop());

const csv = (...lines) => [...lines, ''].join('\r\n');
const rowsIn = (client, id, query) => client.all('listImportRows', { params: { id }, query });
const rolesOf = (i) => i.columns.map((c) => (c.role === 'attribute' ? c.attribute : c.role));
const noteOf = (i, code) => i.notes.find((n) => n.code === code)?.count ?? 0;
const patch = (id, row, body, status = 200) => me.json('updateImportRow', { params: { id, row }, body }, status);
const patchMany = (id, body, status = 200) => me.json('updateImportRows', { params: { id }, body }, status);
const correct = (id, body, status = 200, headers = {}) => me.json('correctImportRows', { params: { id }, headers,
  body: Buffer.from(body), type: 'application/octet-stream' }, status);
const contactOf = async (number, client = me) => (await client.all('listContacts', { query: { q: number } }))[0];
/** Text in the code page of old Korean programs; Node knows it only for reading. */
const cp949 = (text) => execFileSync('python3', ['-c', 'import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().decode().encode("cp949"))'], { input: text });

/* ---- kinds and encodings ---- */

const PEOPLE = [['이름', '휴대폰', '등급'], ['가람', '010-0100-0001', '뚠뚠'], ['나래', '1001000002', ''], ['다온', '02-123-4567', 'VIP']];

test('the same list in every kind of file', async () => {
  const text = PEOPLE.map((r) => r.join(',')).join('\r\n');
  for (const [name, body, kind, encoding] of [
    ['a.csv', Buffer.from(text), 'csv', 'utf-8'], ['b.csv', Buffer.from(`\ufeff${text}`), 'csv', 'utf-8'],
    ['c.txt', Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le'), 'csv', 'utf-16le'],
    ['d.csv', cp949(text), 'csv', 'cp949'], ['e.tsv', Buffer.from(text.replaceAll(',', ';')), 'csv', 'utf-8'],
    ['f.xlsx', xlsx({ name: '명단', rows: PEOPLE }), 'xlsx', null], ['wrong.csv', xlsx({ name: '명단', rows: PEOPLE }), 'xlsx', null],
    ['g.xls', xls(PEOPLE), 'xls', null], ['h.xls', html(PEOPLE), 'html', 'utf-8'],
  ]) {
    const made = await upload(me, body, name);
    assert.deepEqual([made.kind, made.encoding, made.filename, made.size], [kind, encoding, name, body.length], name);
    assert.deepEqual(rolesOf(made), ['name', 'phone', '등급'], name);
    assert.deepEqual(made.columns.map((c) => c.samples[0]), PEOPLE[1], name);
    const rows = await rowsIn(me, made.id);
    assert.deepEqual(rows.map((r) => [r.name, r.phone, r.verdict]),
      [['가람', '01001000001', 'ok'], ['나래', '01001000002', 'repaired'], ['다온', '', 'error']], name);
    assert.deepEqual(rows[0].attributes, { 등급: '뚠뚠' }, name);
    assert.equal(rows[2].reason_column, 1, name);
    await me.call('deleteImport', { params: { id: made.id } }, 204);
  }
});

test('the encoding can be corrected, the sheet chosen', async () => {
  const made = await upload(me, cp949(csv('이름,휴대폰', '가람,01001000001')), 'a.csv');
  assert.equal(made.encoding, 'cp949');
  const wrong = await me.call('setImportMapping', { params: { id: made.id }, body: { encoding: 'utf-8' } }, 422);
  assert.match(wrong.json.errors[0].detail, /UTF-8.*[가-힣]/);
  const back = await importSettled(me, made.id);
  assert.deepEqual([back.state, back.encoding, rolesOf(back)], ['mapping', 'cp949', ['name', 'phone']]);
  assert.deepEqual((await rowsIn(me, made.id)).map((r) => r.name), ['가람']);
  assert.equal((await remap(me, made.id, { encoding: 'cp949' })).encoding, 'cp949');
  await me.call('setImportMapping', { params: { id: made.id }, body: { encoding: 'latin-1' } }, 422);
  const book = await upload(me, xlsx({ name: '하나', rows: [['이름', '휴대폰'], ['가람', '01001000001']] },
    { name: '둘', rows: [['성명', '연락처', '비고'], ['나래', '01001000002', '새'], ['다온', '01001000003', '']] }), 'b.xlsx');
  assert.deepEqual([book.sheet, book.sheets.map((s) => s.name), book.counts.rows], [0, ['하나', '둘'], 1]);
  await patch(book.id, 2, { dropped: true });
  const second = await remap(me, book.id, { sheet: 1 });
  assert.deepEqual([second.sheet, second.counts.rows, second.counts.dropped, rolesOf(second)], [1, 2, 0, ['name', 'phone', '비고']]);
  await me.call('setImportMapping', { params: { id: book.id }, body: { sheet: 2 } }, 422);
});

test('the header row can be chosen, or none', async () => {
  const made = await upload(me, csv('2026년 11월 단골 명단,,', '', '이름,휴대폰,등급', '가람,01001000001,A', '나래,01001000002,B'), 'a.csv');
  assert.deepEqual([made.header_row, made.counts.rows, noteOf(made, 'title_rows') > 0], [3, 2, true]);
  const lower = await remap(me, made.id, { header_row: 4 });
  assert.deepEqual([lower.header_row, lower.counts.rows], [4, 1]);
  const none = await remap(me, made.id, { header_row: 0, columns: [{ index: 1, role: 'phone' }, { index: 0, role: 'name' }] });
  assert.equal(none.header_row, 0);
  assert.ok(none.counts.ok === 2 && none.counts.rows > 2, JSON.stringify(none.counts));
});

test('columns as the user says, and what cannot be said', async () => {
  const made = await upload(me, csv('이름,집,휴대폰,메일', '가람,01001000009,01001000001,a@example.com', '나래,,01001000002,nothing'));
  assert.deepEqual(rolesOf(made).slice(2), ['phone', 'email']);
  const said = await remap(me, made.id, { columns: [{ index: 1, role: 'phone' }, { index: 0, role: 'attribute' },
    { index: 3, role: 'attribute', attribute: '편지' }] });
  assert.deepEqual(rolesOf(said), ['이름', 'phone', 'ignore', '편지']);
  assert.deepEqual([said.counts.ok, said.counts.error], [1, 1]);
  assert.ok(said.columns.every((c) => c.basis === 'user'));
  for (const columns of [[{ index: 0, role: 'name' }], [{ index: 1, role: 'phone' }, { index: 2, role: 'phone' }],
    [{ index: 1, role: 'phone' }, { index: 0, role: 'name' }, { index: 2, role: 'name' }], [{ index: -1, role: 'phone' }],
    [{ index: 1, role: 'phone' }, { index: 0, role: 'attribute', attribute: 'ㄱ' }, { index: 2, role: 'attribute', attribute: 'ㄱ' }],
    [{ index: 1 }], ['phone'], [{ index: 1, role: 'phone', attribute: 'ㄴ'.repeat(101) }]]) {
    await me.call('setImportMapping', { params: { id: made.id }, body: { columns } }, 422);
  }
  await me.call('setImportMapping', { params: { id: made.id }, body: { duplicates: 'never' } }, 422);
  await me.call('setImportMapping', { params: { id: made.id }, body: { existing: 3 } }, 422);
  await me.call('setImportMapping', { params: { id: made.id }, body: { template_id: 999_999 } }, 422);
  await me.call('setImportMapping', { params: { id: made.id }, body: { surplus: 1 } }, 422);
  assert.deepEqual(rolesOf(await me.json('getImport', { params: { id: made.id } }, 200)), ['이름', 'phone', 'ignore', '편지']);
});

test('a list without a column of numbers waits for one', async () => {
  const made = await upload(me, csv('이름,별명', '가람,강', '나래,새'));
  assert.ok(!rolesOf(made).includes('phone'));
  assert.equal(made.counts.error, 2);
  const [row] = await rowsIn(me, made.id);
  assert.equal(row.reason, 'PHONE_COLUMN_MISSING');
  assert.equal((await me.json('confirmImport', { params: { id: made.id }, body: {} }, 422)).code, 'phone_column_missing');
});

test('variables of a template name the columns', async () => {
  const templates = await syncedTemplates(me);
  const template = templates.find((t) => t.variables.some((v) => !/이름|고객|성명/.test(v)));
  const variable = template.variables.find((v) => !/이름|고객|성명/.test(v));
  const text = csv(`이름,휴대폰,${variable}`, '가람,01001000001,값');
  const made = await upload(me, text, 'a.csv', { query: { template_id: template.id } });
  assert.deepEqual(made.template, { id: template.id, name: template.name });
  assert.deepEqual([made.columns[2].role, made.columns[2].attribute, made.columns[2].basis], ['attribute', variable, 'template']);
  const without = await remap(me, made.id, { template_id: null });
  assert.deepEqual([without.template, without.columns[2].basis === 'template'], [null, false]);
  assert.equal((await remap(me, made.id, { template_id: template.id })).template.id, template.id);
  for (const id of [999_999, 0, 'x']) {
    const answer = await offer(me, text, 'a.csv', { query: { template_id: id } });
    assert.ok([400, 422].includes(answer.status), answer.text);
  }
});

/* ---- what is there twice ---- */

const TWICE = csv('이름,휴대폰,등급,메모', '가람,01001100001,,첫째', '나래,01001100002,B,', '갸람,010-0110-0001,A,', ',+82 10 0110 0001,,셋째');
const TAKEN = { keep: ['가람', { 메모: '첫째' }], overwrite: ['갸람', { 등급: 'A', 메모: '셋째' }], fill: ['가람', { 등급: 'A', 메모: '첫째' }] };

for (const [rule, [name, attributes]] of Object.entries(TAKEN)) {
  test(`rows with the same number: ${rule}`, async () => {
    const client = await newCompany(server);
    const made = await upload(client, TWICE);
    assert.equal(made.duplicates, 'keep');
    const ruled = rule === 'keep' ? made : await remap(client, made.id, { duplicates: rule });
    assert.equal(ruled.duplicates, rule);
    const { rows, duplicate, will_create } = ruled.counts;
    assert.deepEqual([rows, duplicate, will_create], [4, 2, 2]);
    const list = await rowsIn(client, made.id);
    const taken = rule === 'overwrite' ? 5 : 2;
    assert.deepEqual(list.map((r) => r.duplicate_of), list.map((r) => (r.row === 3 || r.row === taken ? null : taken)));
    assert.deepEqual(list.map((r) => r.effect), list.map((r) => (r.row === 3 || r.row === taken ? 'create' : rule === 'keep' ? 'none' : 'merge')));
    const done = await confirm(client, made.id);
    assert.deepEqual(done.result, { created: 2, updated: 0, kept: 0, skipped: 2 });
    const contact = await contactOf('01001100001', client);
    assert.deepEqual([contact.name, contact.attributes], [name, attributes]);
  });

  test(`contacts with the same number: ${rule}`, async () => {
    const client = await newCompany(server);
    await confirm(client, (await upload(client, csv('이름,휴대폰,등급,메모', '가람,01001100001,,첫째'))).id);
    const { id } = await upload(client, csv('이름,휴대폰,등급,메모', '갸람,01001100001,A,', '나래,01001100002,,'));
    const ruled = await remap(client, id, { existing: rule });
    const { will_create, will_update, will_keep } = ruled.counts;
    assert.deepEqual([will_create, will_update, will_keep], rule === 'keep' ? [1, 0, 1] : [1, 1, 0]);
    const [row, fresh] = await rowsIn(client, id);
    const before = await contactOf('01001100001', client);
    assert.deepEqual([row.effect, fresh.effect, row.contact_id], [{ keep: 'keep', overwrite: 'update', fill: 'fill' }[rule], 'create', before.id]);
    const done = await confirm(client, id, { new_group_names: ['모임'] });
    assert.deepEqual(done.result, { created: 1, updated: rule === 'keep' ? 0 : 1, kept: rule === 'keep' ? 1 : 0, skipped: 0 });
    const contact = await contactOf('01001100001', client);
    assert.deepEqual([contact.id, contact.name, contact.attributes], [before.id, {
      keep: '가람', overwrite: '갸람', fill: '가람' }[rule], { keep: { 메모: '첫째' }, overwrite: { 등급: 'A', 메모: '첫째' },
      fill: { 등급: 'A', 메모: '첫째' } }[rule]]);
    assert.deepEqual(contact.groups.map((g) => g.name), ['모임'], 'kept or not, everybody joins');
  });
}

test('groups: several, new ones, taken names, none', async () => {
  const old = await me.json('createGroup', { body: { name: '옛 그룹' } }, 201);
  const { id } = await upload(me, csvOf(3, 300));
  const done = await confirm(me, id, { group_ids: [old.id], new_group_names: ['새 그룹', '옛 그룹'] });
  assert.deepEqual(done.groups.map((g) => g.name).sort(), ['새 그룹', '옛 그룹', '옛 그룹(1)']);
  for (const group of done.groups) assert.equal((await me.json('getGroup', { params: { id: group.id } }, 200)).member_count, 3);
  const home = (await me.all('listGroups')).find((g) => g.is_default);
  const nowhere = await confirm(me, (await upload(me, csvOf(4, 301))).id);
  assert.deepEqual(nowhere.groups.map((g) => g.name), ['미지정']);
  assert.deepEqual(nowhere.result, { created: 2, updated: 2, kept: 0, skipped: 0 });
  assert.equal((await me.json('getGroup', { params: { id: home.id } }, 200)).member_count, home.member_count + 2, 'those who are elsewhere stay there');
  const waiting = (await upload(me, csvOf(1, 310))).id;
  for (const body of [{ group_ids: [999_999] }, { new_group_names: ['ㄱ'.repeat(300)] }, { new_group_names: Array(11).fill('ㄱ') },
    { group_ids: Array.from({ length: 51 }, (_, i) => i + 1) }, []]) {
    await me.call('confirmImport', { params: { id: waiting }, body }, 422);
  }
  assert.equal((await me.all('listGroups')).some((g) => g.name.startsWith('ㄱ')), false, 'nothing of a refusal remains');
});

/* ---- rows ---- */

test('rows: filters, totals, cells', async () => {
  const made = await upload(me, xlsx({ name: '명단', hiddenRows: [3, 6], rows: [['이름', '휴대폰', '메모'], ['가람', '01001200001', ' a '],
    ['나래', '1001200002', ''], ['다온', '031-123-4567', ''], ['라온', '01001200001', ''], ['마루', '', '']] }), 'a.xlsx');
  const id = made.id;
  await patch(id, 5, { dropped: true });
  const numbers = async (verdict) => {
    const page = await me.json('listImportRows', { params: { id }, query: { ...(verdict && { verdict }) } }, 200);
    assert.equal(page.total, page.items.length);
    return page.items.map((r) => r.row);
  };
  assert.deepEqual(await numbers(), [2, 3, 4, 5, 6]);
  assert.deepEqual(await numbers('ok'), [2, 5], 'a row that is taken out is nobody’s duplicate');
  assert.deepEqual(await numbers('repaired'), [3]);
  assert.deepEqual(await numbers('duplicate'), []);
  assert.deepEqual(await numbers('error'), [4, 6]);
  assert.deepEqual(await numbers('dropped'), [5]);
  assert.deepEqual(await numbers('hidden'), [3, 6]);
  for (const verdict of ['all', '', 'OK']) await me.call('listImportRows', { params: { id }, query: { verdict } }, 400);
  const [first, second, third] = await rowsIn(me, id);
  assert.deepEqual(first.cells.slice(0, 2), ['가람', '01001200001']);
  assert.deepEqual([second.original_phone, second.phone, second.hidden], ['1001200002', '01001200002', true]);
  assert.match(third.reason_text, /[가-힣]/);
  const english = (await me.json('listImportRows', { params: { id }, query: { verdict: 'error' }, headers: { 'Accept-Language': 'en' } }, 200)).items[0];
  assert.match(english.reason_text, /^[ -~]+$/);
  assert.equal(english.reason, third.reason);
});

test('a cell is corrected in place and checked again, with the rows that had its number', async () => {
  const { id } = await upload(me, csv('이름,휴대폰,메모', '가람,01001300001,', '나래,01001300001,', '다온,0100130,'));
  assert.deepEqual((await rowsIn(me, id)).map((r) => r.verdict), ['ok', 'duplicate', 'error']);
  const good = await patch(id, 4, { cells: [{ index: 1, value: '010.0130.0003' }, { index: 2, value: '전화함\u0007' }] });
  assert.deepEqual([good.verdict, good.phone, good.edited, good.effect], ['ok', '01001300003', true, 'create']);
  assert.ok(good.cells[2].startsWith('전화함') && !good.cells[2].includes('\u0007'));
  await patch(id, 2, { cells: [{ index: 1, value: '01001300004' }] });
  const rows = await rowsIn(me, id);
  assert.deepEqual(rows.map((r) => [r.verdict, r.duplicate_of]), [['ok', null], ['ok', null], ['ok', null]]);
  const dropped = await patch(id, 3, { dropped: true, cells: [{ index: 0, value: '나라' }] });
  assert.deepEqual([dropped.dropped, dropped.name, dropped.effect], [true, '나라', 'none']);
  const bad = await patch(id, 4, { cells: [{ index: 1, value: '' }] });
  assert.deepEqual([bad.verdict, bad.reason_column], ['error', 1]);
  const now = await me.json('getImport', { params: { id } }, 200);
  const { ok, error, dropped: out, edited, will_create } = now.counts;
  assert.deepEqual({ ok, error, out, edited, will_create }, { ok: 2, error: 1, out: 1, edited: 3, will_create: 1 });
  for (const body of [{}, { cells: [{ index: 3, value: '' }] }, { cells: [{ index: -1, value: '' }] }, { cells: [{ index: 0 }] },
    { cells: [{ index: 0, value: 5 }] }, { cells: [{ index: 0, value: 'x'.repeat(2001) }] }, { cells: {} }, { dropped: 1 }]) {
    await patch(id, 2, body, 422);
  }
  await patch(id, 99, { dropped: true }, 404);
  // Corrections outlive another mapping of the same sheet, and are gone with the sheet.
  const again = await remap(me, id, { columns: [{ index: 0, role: 'name' }, { index: 1, role: 'phone' }] });
  assert.deepEqual([again.counts.edited, again.counts.dropped], [3, 1]);
  assert.equal((await rowsIn(me, id))[1].name, '나라');
  const done = await confirm(me, id);
  assert.deepEqual(done.result, { created: 1, updated: 0, kept: 0, skipped: 2 });
  assert.equal((await contactOf('01001300004')).name, '가람');
});

test('many rows out and in again', async () => {
  const { id } = await upload(me, csv('이름,휴대폰', '가람,01001400001', '나래,01001400001', '다온,5', '라온,01001400004'));
  assert.equal((await patchMany(id, { verdict: 'error', dropped: true })).counts.dropped, 1);
  assert.equal((await patchMany(id, { verdict: 'ok', dropped: true })).counts.dropped, 3);
  const first = await me.json('listImportRows', { params: { id }, query: { verdict: 'ok' } }, 200);
  assert.deepEqual(first.items.map((r) => [r.row, r.dropped]), [[2, true], [3, false], [5, true]], 'the second takes the place of the first');
  assert.equal((await patchMany(id, { rows: [2, 4, 5], dropped: false })).counts.dropped, 0);
  assert.deepEqual((await patchMany(id, { rows: [], dropped: true })).counts.dropped, 0);
  const whole = await patchMany(id, { rows: [2, 3, 4, 5], dropped: true });
  assert.equal(whole.counts.will_create, 0);
  assert.equal((await me.json('confirmImport', { params: { id }, body: {} }, 422)).code, 'import_nothing');
  await patchMany(id, { rows: [2, 77], dropped: false }, 404);
  assert.equal((await me.json('getImport', { params: { id } }, 200)).counts.dropped, 4, 'a refusal changes nothing');
  for (const body of [{ dropped: true }, { rows: [2] }, { rows: [2], verdict: 'ok', dropped: true }, { verdict: 'dropped', dropped: false },
    { verdict: 'all', dropped: true }, { rows: ['2'], dropped: true }, { rows: Array.from({ length: 10_001 }, () => 2), dropped: true }]) {
    await patchMany(id, body, 422);
  }
});

test('edits at the same time are all kept', async () => {
  const { id } = await upload(me, csvOf(200, 20_000));
  const rows = Array.from({ length: 40 }, (_, i) => i + 2);
  await Promise.all(rows.map((row) => (row % 2 ? patch(id, row, { dropped: true }) : patch(id, row, { cells: [{ index: 0, value: `새 ${row}` }] }))));
  const now = await me.json('getImport', { params: { id } }, 200);
  assert.deepEqual([now.counts.dropped, now.counts.edited, now.counts.will_create], [20, 20, 180]);
  assert.deepEqual((await rowsIn(me, id)).slice(0, 40).map((r) => (r.dropped ? 'out' : r.name)),
    rows.map((row) => (row % 2 ? 'out' : `새 ${row}`)));
});

test('what was found and changed is there after a restart', async () => {
  const { id } = await upload(me, csvOf(20, 21_000));
  await patch(id, 3, { cells: [{ index: 0, value: '고친 이름' }] });
  await patch(id, 4, { dropped: true });
  const before = JSON.stringify([await me.json('getImport', { params: { id } }, 200), await rowsIn(me, id)]);
  await server.restart();
  assert.equal(JSON.stringify([await me.json('getImport', { params: { id } }, 200), await rowsIn(me, id)]), before);
  // What was derived may go at any time.
  const folder = path.join(server.data, 'imports');
  for (const name of fs.readdirSync(folder).filter((n) => /\.(index|rows)$/.test(n))) fs.rmSync(path.join(folder, name));
  assert.equal(JSON.stringify([await me.json('getImport', { params: { id } }, 200), await rowsIn(me, id)]), before);
});

/* ---- rows out, corrected, in again ---- */

test('a workbook of rows goes out and comes back corrected', async () => {
  const { id } = await upload(me, csv('이름,휴대폰,휴대폰,', '가람,02-111-2222,집,=1+1', '나래,01001500002,,', '다온,,,', '라온,011-234-5678,,끝'));
  const errors = await me.call('downloadImportRows', { params: { id } }, 200);
  assert.match(decodeURIComponent(errors.headers['content-disposition']), /''오류 행_\d{8}\.xlsx$/);
  const [header, ...rows] = rowsOf(errors);
  assert.deepEqual(header, ['행', '이름', '휴대폰', '휴대폰', '열 4', '오류']);
  assert.deepEqual(rows.map((r) => r.slice(0, 5)), [['2', '가람', '02-111-2222', '집', '=1+1'], ['4', '다온', '', '', ''], ['5', '라온', '011-234-5678', '', '끝']]);
  assert.ok(rows.every((r) => /[가-힣]/.test(r[5])));
  const english = rowsOf(await me.call('downloadImportRows', { params: { id }, headers: { 'Accept-Language': 'en' } }, 200));
  assert.match(english[1][5], /^[ -~]+$/);
  assert.equal(rowsOf(await me.call('downloadImportRows', { params: { id }, query: { verdict: 'ok' } }, 200)).length, 2);
  // The very same bytes back: nothing changes. Then two rows corrected, one that is not there, one without a number.
  assert.deepEqual(Object.entries(await correct(id, errors.bytes)).slice(0, 3).map(([, n]) => n), [0, 3, 0]);
  rows[0][2] = '010-0150-0001';
  rows[1][2] = '010-0150-0004';
  const told = await correct(id, xlsx({ name: '행', rows: [header, ...rows, ['4711', '아무개', '01001500005'], ['', '빈', ''], ['2.5', 'x', '']] }));
  assert.deepEqual([told.corrected, told.unchanged, told.unknown], [2, 1, 3]);
  const { ok, error, edited, will_create } = told.import.counts;
  assert.deepEqual({ ok, error, edited, will_create }, { ok: 3, error: 1, edited: 2, will_create: 3 });
  // A text file does as well, with its columns in another order and only some of them.
  const text = await correct(id, '\ufeff휴대폰,행\r\n010 0150 0005,5\r\n');
  assert.deepEqual([text.corrected, text.import.counts.error], [1, 0]);
  assert.equal((await rowsIn(me, id))[3].name, '라온', 'a column that is not there erases nothing');
  const done = await confirm(me, id);
  assert.equal(done.result.created, 4);
  await correct(id, '행,이름\r\n2,x\r\n', 409);
});

test('what is no corrected workbook changes nothing', async () => {
  const { id } = await upload(me, csv('이름,휴대폰', '가람,1', '나래,01001500012'));
  assert.equal((await correct(id, csv('이름,휴대폰', '가람,01001500011'), 422)).code, 'corrections_unknown');
  for (const body of ['', '\n\n', '%PDF-1.4 x', Buffer.from('PK\x03\x04')]) {
    const told = await correct(id, body, 422);
    assert.match(JSON.stringify(told), /[가-힣]/);
  }
  // Cut in the middle: the lines before are not taken either.
  const whole = xlsx({ name: '행', rows: [['행', '휴대폰'], ['2', '01001500011']] });
  await correct(id, whole.subarray(0, whole.length - 40), 422);
  const now = await me.json('getImport', { params: { id } }, 200);
  assert.deepEqual([now.counts.edited, now.counts.error], [0, 1]);
});

/* ---- memory and twins ---- */

test('columns that were confirmed once are proposed again', async () => {
  const client = await newCompany(server);
  const text = (n) => csv('구매자,그 사람 번호,집,적요', `가람,0100160000${n},01001600009,남`);
  const first = await upload(client, text(1));
  await remap(client, first.id, { columns: [{ index: 0, role: 'name' }, { index: 1, role: 'phone' }, { index: 3, role: 'attribute', attribute: '성별' }] });
  const unsure = await upload(client, text(2));
  assert.ok(unsure.columns.every((c) => c.basis !== 'memory'), 'said is not confirmed');
  await confirm(client, first.id);
  const again = await upload(client, text(3));
  assert.deepEqual(rolesOf(again), ['name', 'phone', 'ignore', '성별']);
  assert.ok(again.columns.filter((c) => c.role !== 'ignore').every((c) => c.basis === 'memory'));
  assert.equal(again.notes.some((n) => n.code === 'remembered'), true);
  const other = await upload(client, csv('구매자,그 사람 번호,집,적요,끝', '가람,01001600004,,,'));
  assert.ok(other.columns.every((c) => c.basis !== 'memory'), 'other headers');
  assert.ok((await upload(await newCompany(server), text(5))).columns.every((c) => c.basis !== 'memory'), 'another company');
});

test('the same file is noticed', async () => {
  const client = await newCompany(server);
  const text = csvOf(3, 1700);
  const first = await upload(client, text);
  assert.equal(first.same_as, null);
  assert.equal(first.hash, execFileSync('b2sum', ['-l', '256'], { input: text, encoding: 'utf8' }).split(' ')[0]);
  const second = await upload(client, text, '다른 이름.csv');
  assert.deepEqual(second.same_as, { id: first.id, created_at: first.created_at, state: 'mapping' });
  await confirm(client, first.id);
  assert.equal((await client.json('getImport', { params: { id: second.id } }, 200)).same_as.state, 'confirmed');
  await client.call('deleteImport', { params: { id: second.id } }, 204);
  assert.equal((await upload(client, text)).same_as.id, first.id, 'not the discarded one');
  assert.equal((await upload(client, text + '\r\n')).same_as, null);
});

/* ---- notes ---- */

test('what a file hides or holds besides is told', async () => {
  const people = [['이름', '휴대폰', '비밀'], ['가람', '01001800001', 'a'], ['나래', '01001800002', 'b'], [], ['다온', '01001800003', 'c'], ['합계', '', '3명']];
  const made = await upload(me, xlsx({ name: '안내', rows: [['이 파일에 고객을 적어 주세요'], ['감사합니다']] },
    { name: '명단', rows: [['11월 명단'], ...people], hiddenRows: [3], hiddenColumns: [2], merged: ['A1:C1'] },
    { name: '옛것', rows: people, hidden: true }), 'a.xlsx');
  assert.deepEqual([made.sheet, made.header_row, made.counts.rows, made.sheets[2].hidden, made.columns[2].hidden], [1, 2, 3, true, true]);
  for (const code of ['guide_sheet', 'hidden_sheets', 'hidden_rows', 'hidden_columns', 'merged_cells', 'blank_rows', 'total_rows', 'title_rows']) {
    assert.equal(noteOf(made, code), 1, `${code}: ${JSON.stringify(made.notes)}`);
  }
  assert.ok(made.notes.every((n) => /[가-힣]/.test(n.text) && !n.text.includes('{')));
  const english = await me.json('getImport', { params: { id: made.id }, headers: { 'Accept-Language': 'en-US' } }, 200);
  assert.ok(english.notes.every((n) => /^[ -~]+$/.test(n.text)), JSON.stringify(english.notes));
});

test('the list of imports keeps its summary', async () => {
  const client = await newCompany(server);
  const { id } = await upload(client, csv('이름,휴대폰', '가람,01001900001', '나래,1', '다온,01001900003', '라온,01001900003'), '고객 "목록".csv');
  await client.json('updateImportRow', { params: { id, row: 4 }, body: { dropped: true } }, 200);
  const done = await confirm(client, id, { new_group_names: ['모임'] });
  const [seen] = await client.all('listImports');
  assert.deepEqual(seen, done);
  assert.deepEqual([seen.filename, seen.counts.rows, seen.counts.error, seen.counts.dropped, seen.result.created, seen.result.skipped],
    ['고객 "목록".csv', 4, 1, 1, 2, 2]);
  assert.ok(seen.confirmed_at >= seen.created_at && Math.abs(seen.confirmed_at - Date.now()) < 60_000);
  await client.call('deleteGroup', { params: { id: seen.groups[0].id } }, 204);
  assert.deepEqual((await client.json('getImport', { params: { id } }, 200)).groups, []);
});

/* ---- states ---- */

test('what is over cannot be changed', async () => {
  const { id } = await upload(me, csvOf(2, 2000));
  await me.call('cancelImport', { params: { id } }, 409);
  await confirm(me, id);
  const discarded = (await upload(me, csvOf(2, 2010))).id;
  await me.call('deleteImport', { params: { id: discarded } }, 204);
  for (const over of [id, discarded]) {
    const params = { id: over };
    for (const [operation, options] of [['setImportMapping', { params, body: { header_row: 1 } }], ['listImportRows', { params }],
      ['updateImportRow', { params: { id: over, row: 2 }, body: { dropped: true } }], ['updateImportRows', { params, body: { rows: [2], dropped: true } }],
      ['downloadImportRows', { params }], ['correctImportRows', { params, body: Buffer.from('행\r\n2\r\n'), type: 'text/csv' }],
      ['confirmImport', { params, body: {} }], ['cancelImport', { params }], ['deleteImport', { params }]]) {
      assert.equal((await me.call(operation, options, 409)).json.code, 'import_state', operation);
    }
  }
});

test('while it is worked on nothing else can be done with it', async () => {
  const { id } = await upload(me, csvOf(2, 2020));
  const params = { id };
  const hold = (until) => server.sql(`UPDATE import SET lease_until = ${until} WHERE id = ${id}`);
  hold(Date.now() + 60_000);
  const said = await me.json('setImportMapping', { params, body: { existing: 'fill' } }, 200);
  assert.deepEqual([said.state, said.progress.stage, said.progress.total], ['checking', 'checking', null]);
  for (const [operation, options] of [['setImportMapping', { params, body: { header_row: 1 } }], ['listImportRows', { params }],
    ['updateImportRow', { params: { id, row: 2 }, body: { dropped: true } }], ['updateImportRows', { params, body: { rows: [2], dropped: true } }],
    ['downloadImportRows', { params }], ['correctImportRows', { params, body: Buffer.from('행\r\n2\r\n'), type: 'text/csv' }],
    ['confirmImport', { params, body: {} }], ['cancelImport', { params }]]) {
    assert.equal((await me.call(operation, options, 409)).json.code, 'import_busy', operation);
  }
  hold(0);
  assert.equal((await importSettled(me, id)).existing, 'fill');
  hold(Date.now() + 60_000);
  await me.call('setImportMapping', { params, body: { existing: 'keep' } }, 200);
  await me.call('deleteImport', { params }, 204); // also while it is being read
  hold(0);
  assert.equal((await me.json('getImport', { params }, 200)).state, 'discarded');
});

/* ---- files that are refused ---- */

test('what is no list is refused with words', async () => {
  const sealed = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), xls(PEOPLE).subarray(8)]);
  const encrypted = Buffer.from(sealed);
  wide('EncryptedPackage').copy(encrypted, encrypted.indexOf(wide('Workbook')));
  encrypted.writeUInt16LE(34, encrypted.indexOf(wide('EncryptedPackage')) + 64);
  for (const [name, body, korean, english] of [
    ['명단.pdf', '%PDF-1.7\n1 0 obj', /PDF/, /PDF/],
    ['명단.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /사진|그림|이미지/, /image|picture/i],
    ['빈.csv', '', /빈|비어|내용/, /empty/i],
    ['잠김.xlsx', encrypted, /암호|비밀번호/, /password/i],
    ['반쪽.xlsx', xlsx({ name: '명단', rows: PEOPLE }).subarray(0, 300), /./, /./],
    ['머리만.csv', '이름,휴대폰\r\n', /행/, /rows/],
  ]) {
    for (const [language, words] of [['ko', korean], ['en', english]]) {
      const answer = await offer(me, body, name, { headers: { 'Accept-Language': language } });
      assert.equal(answer.status, 422, `${name}: ${answer.text}`);
      const { errors, code } = answer.json;
      assert.equal(code, 'sheet_refused', name);
      assert.equal(errors[0].field, 'file');
      assert.match(errors[0].detail, words, name);
      assert.match(errors[0].detail, language === 'ko' ? /[가-힣].*(습니다|세요|입니다|에요)/ : /^[ -~“”‘’]+$/, name);
    }
  }
  const refused = (await me.all('listImports')).filter((i) => i.state === 'refused');
  assert.ok(refused.length >= 12);
  assert.ok(refused.every((i) => i.problem.code.startsWith('sheet_') && /[가-힣]/.test(i.problem.text)));
  await me.call('listImportRows', { params: { id: refused[0].id } }, 409);
});

function wide(text) {
  return Buffer.from(text, 'utf16le');
}

test('more than 200 MB is too much', async () => {
  const MB = 1 << 20;
  const piece = Buffer.from(csvOf(40_000)).subarray(0, MB);
  assert.equal(piece.length, MB);
  const count = (await me.all('listImports')).length;
  const declared = await offer(me, piece, 'a.csv', { headers: { 'Content-Length': String(201 * MB) } }).catch((e) => e);
  assert.ok(declared.status === 413 || declared instanceof Error);
  let left = 201;
  const answer = await offer(me, new Readable({ read() { this.push(left-- > 0 ? piece : null); } }), 'a.csv', {}).catch((e) => e);
  assert.ok(answer.status === 413 || /EPIPE|ECONNRESET|socket/.test(answer.message), answer.text ?? answer.message);
  assert.equal((await me.all('listImports')).length, count);
});

test('nothing lies about when all is over', async () => {
  for (const i of await me.all('listImports')) if (i.state === 'mapping') await me.call('deleteImport', { params: { id: i.id } }, 204);
  const open = fs.readdirSync(path.join(server.data, 'imports')).filter((n) => n.startsWith(`${me.session.company.id}-`));
  assert.deepEqual(open, []);
  assert.equal(server.sql(`SELECT count(*) FROM import_edit WHERE company_id = ${me.session.company.id}`).trim(), '0');
});

/* ---- the lists of Korean businesses ---- */

test('the Korean files come out as they should', { skip: !SHARED && 'there are no corpora here' }, async () => {
  const client = await newCompany(server);
  const folder = path.join(SHARED, 'corpora/korean');
  let read = 0;
  for (const name of fs.readdirSync(path.join(folder, 'files')).sort()) {
    const wanted = JSON.parse(fs.readFileSync(path.join(folder, 'expected', `${name}.json`), 'utf8'));
    const answer = await offer(client, fs.readFileSync(path.join(folder, 'files', name)), name);
    if (wanted.result !== 'ok') {
      assert.ok(answer.status === 422 || answer.status === 201, `${name}: ${answer.text}`);
      continue;
    }
    assert.equal(answer.status, 201, `${name}: ${answer.text}`);
    const made = await importSettled(client, answer.json.id);
    const rows = await rowsIn(client, made.id);
    const taken = rows.filter((r) => ['ok', 'repaired'].includes(r.verdict)).map((r) => [r.row, r.phone]);
    assert.deepEqual(taken, wanted.rows.filter((r) => r.result === 'accept').map((r) => [r.row, r.phone]), name);
    read++;
  }
  assert.ok(read > 30);
});
