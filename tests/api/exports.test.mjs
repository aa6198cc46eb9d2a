/*
 * exports.test.mjs - files to take away: what stands in them, which of it, and what happens when the
 * disk is full or the server dies while one is being made.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import {
  csvRows, newCompany, phone, rowsOf, sendTo, settled, startServer, syncedTemplates, trackedTemplate, unzip,
} from './harness.mjs';

let server, me;

before(async () => {
  server = await startServer();
  me = await newCompany(server, '내보내는 회사');
});
after(() => server?.stop());

const AWKWARD = [
  ['홍길동', { 주문번호: '0007', 금액: '35,000' }],
  ['뷁 👨‍👩‍👧 𠮷', { 메모: '첫 줄\n둘째 "줄", 끝' }],
  ['=1+1', { 메모: '=HYPERLINK("http://127.0.0.1:9/","ok")', 금액: '-5' }],
  ['@SUM(A1)', { 메모: '＝1+1', '=속성': '+82 10-0000-0000' }],
  ["'따옴표'", { 메모: '<b>&amp;</b> _x000D_' }],
];
const NAMES = ['주문번호', '금액', '메모', '=속성'];
const BITES = '=+-@\t\r\n＝＋－＠';

test('awkward contacts come out whole', async () => {
  const group = await me.json('createGroup', { body: { name: '별난 이름, "따옴표"' } }, 201);
  for (const [i, [name, attributes]] of AWKWARD.entries()) {
    await me.json('createContact', { body: { name, phone: phone(i + 1), attributes, group_ids: i % 2 ? [group.id] : [] } }, 201);
  }
  const want = AWKWARD.map(([name, attributes], i) => [name, `010-0000-000${i + 1}`, '', i % 2 ? group.name : '미지정',
    ...NAMES.map((n) => attributes[n] ?? '')]);
  const cut = (rows) => rows.map((r) => [...r.slice(0, 4), ...r.slice(5), ...Array(9 - r.length).fill('')]);
  const book = await me.call('exportContacts', {}, 200);
  const [header, ...rows] = rowsOf(book);
  assert.deepEqual(header, ['이름', '휴대폰', '이메일', '그룹', '등록 시각', ...NAMES]);
  assert.deepEqual(cut(rows), want);
  assert.ok(rows.every((r) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(r[4])));
  const sheet = unzip(book.bytes).get('xl/worksheets/sheet1.xml');
  assert.doesNotMatch(sheet, /<f[ >/]|<hyperlink/, 'neither formulas nor links');
  const csv = await me.call('exportContacts', { query: { format: 'csv' } }, 200);
  const harmless = (cell) => (cell && BITES.includes(cell[0]) ? `'${cell}` : cell);
  const [titles, ...lines] = csvRows(csv.text.slice(1));
  assert.deepEqual(titles, header.map(harmless));
  assert.deepEqual(cut(lines), want.map((r) => r.map(harmless)));
  const some = await me.call('exportContacts', { query: { group_id: group.id } }, 200);
  assert.deepEqual(rowsOf(some).slice(1).map((r) => r[0]), [AWKWARD[1][0], AWKWARD[3][0]]);
  const found = await me.call('exportContacts', { query: { q: '홍길' } }, 200);
  assert.deepEqual(rowsOf(found), [header.slice(0, 7), ['홍길동', '010-0000-0001', '', '미지정', rows[0][4], '0007', '35,000']]);
});

test('titles in the language that is asked for', async () => {
  const asked = await me.call('exportContacts', { query: { lang: 'en' } }, 200);
  assert.equal(rowsOf(asked)[0][0], 'Name');
  const preferred = await me.call('exportContacts', { headers: { 'Accept-Language': 'en' } }, 200);
  assert.equal(rowsOf(preferred)[0][0], 'Name');
  const both = await me.call('exportContacts', { query: { lang: 'ko' }, headers: { 'Accept-Language': 'en' } }, 200);
  assert.equal(rowsOf(both)[0][0], '이름');
});

test('HEAD tells the length', async () => {
  const answer = await server.request('HEAD', '/api/v1/contacts/export?format=csv', { headers: { Cookie: me.cookie } });
  assert.equal(answer.status, 200);
  assert.equal(answer.bytes.length, 0);
  const whole = await me.call('exportContacts', { query: { format: 'csv' } }, 200);
  assert.equal(Number(answer.headers['content-length']), whole.bytes.length);
});

test('results of a send, whole and in part', async () => {
  const template = trackedTemplate(await syncedTemplates(me));
  const [group] = (await me.all('listGroups')).filter((g) => g.is_default);
  const { id } = await sendTo(me, template, group.id, '가을 "할인"/행사');
  await settled(me, id);
  const messages = await me.all('listMessages', { params: { id } });
  const whole = await me.call('exportMessages', { params: { id } }, 200);
  assert.match(decodeURIComponent(whole.headers['content-disposition']), /''가을 _할인__행사_\d{8}\.xlsx$/);
  const [header, ...rows] = rowsOf(whole);
  assert.deepEqual(header.slice(0, 9), ['순번', '이름', '휴대폰', '상태', '사유', '발송 시각', '결과 시각', '첫 클릭 시각', '클릭 수']);
  assert.deepEqual(header.slice(9), ['주문번호', '금액', '메모']);
  const words = { delivered: '성공', failed: '실패' };
  assert.deepEqual(rows.map((r) => r.slice(0, 5)), messages.map((m) => [String(m.ordinal), m.name,
    m.phone.replace(/(...)(....)(....)/, '$1-$2-$3'), words[m.state], m.reason_text ?? '']));
  for (const [i, m] of messages.entries()) {
    const kst = (ms) => new Date(ms + 9 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    assert.deepEqual(rows[i].slice(5, 9), [kst(m.sent_at), kst(m.settled_at), '', '0']);
  }
  assert.equal(rows[0][9], '0007');
  const none = await me.call('exportMessages', { params: { id }, query: { clicked: 'true', format: 'csv' } }, 200);
  assert.equal(csvRows(none.text.slice(1)).length, 1);
  const one = await me.call('exportMessages', { params: { id }, query: { q: '홍길동', format: 'csv', lang: 'en' } }, 200);
  assert.deepEqual(csvRows(one.text.slice(1)).map((r) => r[3]), ['State', messages[0].state === 'failed' ? 'Failed' : 'Delivered']);
  await me.call('deleteContact', { params: { id: (await me.json('listContacts', { query: { q: '홍길동' } }, 200)).items[0].id } }, 204);
  const later = rowsOf(await me.call('exportMessages', { params: { id } }, 200));
  assert.equal(later.length, messages.length + 1, 'who is no contact any more was a recipient all the same');
});

const leftovers = () => fs.readdirSync(path.join(server.data, 'incoming'));

test('a full disk is told, and nothing is left behind', async () => {
  // The file-size limit stands for the disk: it can be taken away again.
  execFileSync('prlimit', ['--pid', String(server.child.pid), '--fsize=16:']);
  try {
    for (const format of ['xlsx', 'csv']) {
      const told = await me.json('exportContacts', { query: { format } }, 507);
      assert.equal(told.code, 'storage_full');
    }
  } finally {
    execFileSync('prlimit', ['--pid', String(server.child.pid), '--fsize=unlimited:']);
  }
  assert.deepEqual(leftovers(), []);
  await me.call('exportContacts', {}, 200);
});

test('killed while it makes a file, the server leaves nothing behind', async () => {
  const calls = Array.from({ length: 3 }, () => server.request('GET', '/api/v1/contacts/export', { headers: { Cookie: me.cookie } })
    .catch(() => null));
  await new Promise((done) => setTimeout(done, 3));
  await server.restart();
  await Promise.all(calls);
  assert.deepEqual(leftovers(), []);
  await me.call('exportContacts', {}, 200);
});
