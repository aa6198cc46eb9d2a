/*
 * operations.test.mjs - every operation of the OpenAPI file, called, answered and judged.
 *
 * One server, one company, the main job from sign-up to click in the order a program would take it,
 * with the refusals of each operation beside it. The last tests compare the file, the calls made
 * and the routes of the server: an operation nobody called or a route the file lacks is a failure.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import { after, before, test } from 'node:test';
import {
  BIN, Client, campaignFor, confirm, csvOf, csvRows, importGroup, importSettled, newCompany, openapi, operations, phone, rowsOf, sendTo, settled,
  remap, sleep, startServer, syncedTemplates, trackedTemplate, upload,
} from './harness.mjs';

const BROWSER = 'Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) '
  + 'Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36;KAKAOTALK 2610650';
const NOBODY = 999_999;
let server, me, templates;

before(async () => {
  server = await startServer();
  me = await newCompany(server, '한마음 상점');
});
after(() => server?.stop());

/** Somebody else seems to work on an import, for a minute or not any more; so nobody takes it. */
function hold(id, ms = 60_000) {
  server.sql(`UPDATE import SET lease_until = ${ms && Date.now() + ms} WHERE id = ${id}`);
}

test('status and the file itself', async () => {
  const anyone = new Client(server);
  const status = await anyone.json('getStatus', {}, 200);
  assert.equal(status.practice, true);
  assert.ok(Math.abs(status.now - Date.now()) < 60_000);
  const served = await anyone.json('getOpenapi', {}, 200);
  assert.deepEqual(served, openapi);
});

test('sign-up and its refusals', async () => {
  const anyone = new Client(server);
  const good = { company_name: '가게', name: '홍', email: 'x@example.com', password: 'long enough' };
  const bad = { ...good, email: 'no address' };
  const refused = await anyone.json('signUp', { body: bad }, 422);
  assert.ok(refused.errors.some((e) => e.field === 'email'));
  await anyone.call('signUp', { body: { ...good, password: 'short' } }, 422);
  await anyone.call('signUp', { body: { ...good, email: me.email } }, 409);
  await anyone.call('signUp', { body: '{' }, 400);
  await anyone.call('signUp', { body: 'a=b', type: 'application/x-www-form-urlencoded' }, 415);
  assert.equal(me.session.user.role, 'owner');
  assert.equal(me.session.practice, true);
});

test('login, session, logout', async () => {
  const again = new Client(server);
  await again.call('getSession', {}, 401);
  await again.call('login', { body: { email: me.email, password: 'wrong words' } }, 401);
  await again.call('login', { body: { email: 'nobody@example.com', password: 'wrong words' } }, 401);
  await again.call('login', { body: { email: me.email } }, 422);
  const session = await again.json('login', { body: { email: me.email.toUpperCase(), password: me.password } }, 201);
  assert.equal(session.company.id, me.session.company.id);
  assert.equal((await again.json('getSession', {}, 200)).user.email, me.email);
  await again.call('logout', {}, 204);
  await again.call('getSession', {}, 401);
  await me.call('getSession', {}, 200);
});

test('the session cookie is out of reach of scripts and other sites', async () => {
  const again = new Client(server);
  const answer = await again.call('login', { body: { email: me.email, password: me.password } }, 201);
  const cookie = answer.headers['set-cookie'].find((c) => c.startsWith('sendingo_session='));
  assert.match(cookie, /;\s*HttpOnly/i);
  assert.match(cookie, /;\s*SameSite=(Lax|Strict)/i);
  assert.match(cookie, /;\s*Path=\//i);
  assert.doesNotMatch(answer.text, new RegExp(cookie.split(';')[0].split('=')[1]));
});

test('sender profiles', async () => {
  const [profile] = await me.all('listSenderProfiles');
  assert.equal(profile.gateway, 'practice');
  assert.equal(profile.is_default, true);
  await me.call('getSenderProfile', { params: { id: profile.id } }, 200);
  await me.call('getSenderProfile', { params: { id: NOBODY } }, 404);
  const balance = await me.json('getBalance', { params: { id: profile.id } }, 200);
  assert.ok(balance.messages > 0);
  await me.call('getBalance', { params: { id: NOBODY } }, 404);
  const wanted = {
    gateway: 'aligo', name: '둘째', base_url: `http://127.0.0.1:${server.practicePort}`,
    user_id: 'nobody', api_key: 'not a key', sender_key: '0'.repeat(40), sender_number: '0212345678',
  };
  await me.call('createSenderProfile', { body: wanted }, 422); // the gateway does not know this key
  await me.call('createSenderProfile', { body: { ...wanted, gateway: 'other' } }, 422);
  await me.call('createSenderProfile', { body: { ...wanted, base_url: 'ftp://127.0.0.1/' } }, 422);
  await me.call('createSenderProfile', { body: [] }, 422);
  const id = profile.id;
  const changed = await me.json('updateSenderProfile', { params: { id }, body: { name: '연습', request_rate: 100 } }, 200);
  assert.deepEqual([changed.name, changed.request_rate, changed.sender_number], ['연습', 100, profile.sender_number]);
  await me.json('updateSenderProfile', { params: { id }, body: { name: profile.name, request_rate: profile.request_rate } }, 200);
  for (const body of [{ name: ' ' }, { sender_number: '02-123' }, { request_rate: 0 }, { request_rate: 1001 }, { message_rate: 100001 }, { api_key: 'x' }]) {
    await me.call('updateSenderProfile', { params: { id }, body }, 422);
  }
  await me.call('updateSenderProfile', { params: { id: NOBODY }, body: { name: 'x' } }, 404);
  await server.wish({ endpoint: 'profiles', script: ['refuse:-99:인증되지 않는 서버 IP로 부터의 호출 입니다.'] });
  const trouble = await me.json('checkSenderProfile', { params: { id } }, 200);
  assert.equal(trouble.status, 'trouble');
  assert.match(trouble.status_text, /공인 IP/);
  const fine = await me.json('checkSenderProfile', { params: { id } }, 200);
  assert.deepEqual([fine.status, fine.status_text], ['ok', '']);
  assert.ok(fine.channel.startsWith('@'));
  await me.call('checkSenderProfile', { params: { id: NOBODY } }, 404);
  await me.call('deleteSenderProfile', { params: { id: NOBODY } }, 404);
});

test('channels of an account', async () => {
  const [profile] = await me.all('listSenderProfiles');
  const account = { sender_profile_id: profile.id }, nobodys = { sender_profile_id: NOBODY };
  const { items } = await me.json('listChannels', { body: { account } }, 200);
  assert.ok(items.length > 0 && items.every((c) => c.usable));
  assert.ok((await me.json('listChannelCategories', { body: { account } }, 200)).items.every((c) => c.name.split(' > ').length === 3));
  const auth = { account, channel: '@시험채널', phone: '010-1234-5678' };
  await me.call('requestChannelAuth', { body: auth }, 204);
  const made = { ...auth, auth_number: '123456', category: '00300020001' };
  assert.equal((await me.json('registerChannel', { body: made }, 201)).channel, '@시험채널');
  await me.call('registerChannel', { body: made }, 422); // there already
  for (const id of ['listChannels', 'listChannelCategories', 'requestChannelAuth', 'registerChannel']) {
    await me.call(id, { body: { ...made, account: nobodys, ...(id.startsWith('list') && { channel: undefined, phone: undefined }),
      ...(id !== 'registerChannel' && { auth_number: undefined, category: undefined }) } }, 404);
    await me.call(id, { body: {} }, 422);
    await me.call(id, { body: { account: {} } }, 422);
    await me.call(id, { body: { account: { gateway: 'other', user_id: 'x', api_key: 'y' } } }, 422);
    await me.call(id, { body: { account: 'mine' } }, 422);
  }
  for (const wrong of [{ channel: '@' }, { phone: '02-123-4567' }, { phone: '' }]) await me.call('requestChannelAuth', { body: { ...auth, ...wrong } }, 422);
  for (const wrong of [{ auth_number: 'abc' }, { category: '' }]) await me.call('registerChannel', { body: { ...made, ...wrong } }, 422);
});

test('contacts', async () => {
  const made = await me.json('createContact', {
    body: { name: '김하나', phone: '010-0999-0001', email: 'one@example.com', attributes: { 주문번호: 'A-1' } },
  }, 201);
  assert.equal(made.phone, '01009990001');
  assert.deepEqual(made.attributes, { 주문번호: 'A-1' });
  assert.equal(made.groups.length, 1);
  const id = made.id;
  assert.deepEqual(await me.json('getContact', { params: { id } }, 200), made);
  const taken = await me.json('createContact', { body: { name: '또', phone: '+82 10-0999-0001' } }, 409);
  assert.equal(taken.code, 'phone_taken');
  assert.deepEqual(taken.contact, { id, name: '김하나' });
  for (const body of [
    { name: '김', phone: '02-123-4567' }, { name: '', phone: '01009990002' }, { phone: '01009990002' },
    { name: '김', phone: '01009990002', email: 'nothing' }, { name: '김', phone: 1009990002 },
    { name: '김', phone: '01009990002', attributes: { a: 1 } }, { name: '김', phone: '01009990002', surplus: 1 },
    { name: '김', phone: '01009990002', group_ids: [NOBODY] },
  ]) {
    const told = await me.json('createContact', { body }, 422);
    assert.ok(told.errors?.length > 0 || told.code !== 'invalid', JSON.stringify(told));
  }
  const changed = await me.json('updateContact', { params: { id }, body: { name: '김두리', email: null } }, 200);
  assert.equal(changed.name, '김두리');
  assert.equal(changed.email, null);
  assert.deepEqual(changed.attributes, made.attributes);
  await me.call('updateContact', { params: { id }, body: { phone: '1234' } }, 422);
  await me.call('updateContact', { params: { id: NOBODY }, body: { name: 'x' } }, 404);
  const other = await me.json('createContact', { body: { name: '이둘', phone: '01009990003' } }, 201);
  await me.call('updateContact', { params: { id: other.id }, body: { phone: '01009990001' } }, 409);
  const found = await me.json('listContacts', { query: { q: '김두리' } }, 200);
  assert.deepEqual(found.items.map((c) => c.id), [id]);
  assert.equal((await me.json('listContacts', { query: { q: '0003' } }, 200)).items[0].id, other.id);
  for (const [q, one] of [['김두', id], ['ㄱㄷㄹ', id], ['0999-0003', other.id], ['', other.id]]) {
    const { items } = await me.json('listContacts', { query: { q } }, 200);
    assert.equal((await me.json('countContacts', { query: { q } }, 200)).count, items.length, q);
    assert.ok(items.some((c) => c.id === one), q);
  }
  for (const sort of ['newest', 'oldest', 'name', 'name_desc', 'phone', 'phone_desc']) {
    const { items } = await me.json('listContacts', { query: { sort } }, 200);
    const key = { n: (c) => c.name, p: (c) => c.phone }[sort[0] === 'n' && sort !== 'newest' ? 'n' : sort[0]] ?? ((c) => String(c.id).padStart(9, '0'));
    const down = sort.endsWith('_desc') || sort === 'newest';
    const wanted = [...items].sort((a, b) => Buffer.compare(Buffer.from(key(a)), Buffer.from(key(b))) * (down ? -1 : 1));
    assert.deepEqual(items.map(key), wanted.map(key), sort);
  }
  await me.call('listContacts', { query: { sort: 'age' } }, 400);
  await me.call('listContacts', { query: { q: 'x'.repeat(101) } }, 400);
  await me.call('countContacts', { query: { group_id: 'x' } }, 400);
  await me.call('deleteContact', { params: { id: other.id } }, 204);
  await me.call('deleteContact', { params: { id: other.id } }, 404);
  await me.call('getContact', { params: { id: other.id } }, 404);
});

test('contacts to take away', async () => {
  const csv = await me.call('exportContacts', { query: { format: 'csv' } }, 200);
  const told = csvRows(csv.text.slice(1));
  assert.deepEqual(told[0], ['이름', '휴대폰', '이메일', '그룹', '등록 시각', '주문번호']);
  assert.equal(told.length, 1 + (await me.all('listContacts')).length);
  const book = await me.call('exportContacts', {}, 200);
  assert.deepEqual(rowsOf(book).map((r) => r.slice(0, 3)), told.map((r) => r.slice(0, 3)));
  assert.match(decodeURIComponent(book.headers['content-disposition']), /''고객_\d{8}\.xlsx$/);
  await me.call('exportContacts', { query: { format: 'pdf' } }, 400);
  await me.call('exportContacts', { query: { lang: 'fr' } }, 400);
  await me.call('exportContacts', { query: { group_id: 'x' } }, 400);
  await me.call('exportContacts', { query: { group_id: NOBODY } }, 404);
});

test('groups and the one that cannot be removed', async () => {
  const [first] = (await me.all('listGroups')).filter((g) => g.is_default);
  assert.equal(first.name, '미지정');
  assert.equal(first.member_count, 1);
  const group = await me.json('createGroup', { body: { name: '단골', description: '자주 오는 분' } }, 201);
  assert.equal((await me.json('createGroup', { body: { name: '단골' } }, 201)).name, '단골(1)');
  await me.call('createGroup', { body: { name: '' } }, 422);
  const id = group.id;
  const [contact] = await me.all('listContacts');
  const add = (contact_ids, status) => me.json('addGroupMembers', { params: { id }, body: { contact_ids } }, status);
  assert.deepEqual(await add([contact.id], 200), { added: 1 });
  assert.deepEqual(await add([contact.id], 200), { added: 0 });
  await me.call('addGroupMembers', { params: { id: NOBODY }, body: { contact_ids: [contact.id] } }, 404);
  const strange = await me.call('addGroupMembers', { params: { id }, body: { contact_ids: [NOBODY] } });
  assert.ok([404, 422].includes(strange.status));
  await add([], 422);
  assert.equal((await me.json('getGroup', { params: { id } }, 200)).member_count, 1);
  assert.equal((await me.json('getGroup', { params: { id: first.id } }, 200)).member_count, 0);
  const members = await me.json('listContacts', { query: { group_id: id } }, 200);
  assert.deepEqual(members.items.map((c) => c.id), [contact.id]);
  await me.call('removeGroupMember', { params: { id, contact_id: contact.id } }, 204);
  await me.call('removeGroupMember', { params: { id, contact_id: NOBODY } }, 404);
  assert.equal((await me.json('getGroup', { params: { id: first.id } }, 200)).member_count, 1);
  assert.equal((await me.json('updateGroup', { params: { id }, body: { name: '귀한 손님' } }, 200)).name, '귀한 손님');
  await me.call('updateGroup', { params: { id }, body: { name: 7 } }, 422);
  await me.call('updateGroup', { params: { id: NOBODY }, body: { name: 'x' } }, 404);
  await add([contact.id], 200);
  await me.call('deleteGroup', { params: { id } }, 204);
  assert.equal((await me.json('getGroup', { params: { id: first.id } }, 200)).member_count, 1);
  await me.call('deleteGroup', { params: { id } }, 404);
  await me.call('deleteGroup', { params: { id: first.id } }, 409);
  await me.call('getGroup', { params: { id: NOBODY } }, 404);
});

test('lists of groups: part of a name, four orders', async () => {
  const kept = (await me.all('listGroups')).map((g) => g.id);
  const made = [];
  for (const name of ['봄 행사', '가을 행사', 'Winter 행사']) made.push(await me.json('createGroup', { body: { name } }, 201));
  const [contact] = await me.all('listContacts');
  await me.json('addGroupMembers', { params: { id: made[1].id }, body: { contact_ids: [contact.id] } }, 200);
  const names = async (query) => (await me.json('listGroups', { query }, 200)).items.map((g) => g.name);
  assert.deepEqual(await names({ q: '행사', sort: 'name' }), ['Winter 행사', '가을 행사', '봄 행사']);
  assert.deepEqual(await names({ q: 'WINTER' }), ['Winter 행사']);
  assert.deepEqual(await names({ q: '행사', sort: 'members' }), ['가을 행사', '봄 행사', 'Winter 행사']);
  assert.deepEqual(await names({ q: '행사', sort: 'newest' }), ['Winter 행사', '가을 행사', '봄 행사']);
  assert.deepEqual(await names({ q: '행사', sort: 'created' }), await names({ q: '행사' }));
  assert.deepEqual(await names({ q: '%' }), []);
  assert.deepEqual(await names({ q: '가'.repeat(300) }), []);
  await me.call('listGroups', { query: { sort: 'size' } }, 400);
  const page = await me.json('listGroups', { query: { limit: 1, sort: 'name' } }, 200);
  await me.call('listGroups', { query: { limit: 1, sort: 'name', cursor: page.next_cursor } }, 200);
  await me.call('listGroups', { query: { sort: 'name', cursor: 'k1' } }, 400); // of another order
  for (const { id } of made) await me.call('deleteGroup', { params: { id } }, 204);
  assert.deepEqual((await me.all('listGroups')).map((g) => g.id), kept);
});

test('many contacts at once', async () => {
  const shop = await newCompany(server);
  const [home] = await shop.all('listGroups');
  const all = [];
  for (let i = 0; i < 6; i++) {
    all.push((await shop.json('createContact', { body: { name: i % 2 ? `가게${i}` : `나무${i}`, phone: phone(7000 + i) } }, 201)).id);
  }
  const [one, two] = [await shop.json('createGroup', { body: { name: '하나' } }, 201), await shop.json('createGroup', { body: { name: '둘' } }, 201)];
  const act = (body, status = 200) => shop.json('actOnContacts', { body }, status);
  const members = async () => Promise.all([home, one, two].map(async ({ id }) => (await shop.json('getGroup', { params: { id } }, 200)).member_count));

  assert.deepEqual(await act({ action: 'add', selection: { ids: [all[0], all[1], all[0]] }, group_id: one.id, expected_count: 2 }), { selected: 2, changed: 2 });
  assert.deepEqual(await members(), [4, 2, 0]);
  assert.deepEqual(await act({ action: 'add', selection: { matching: {} }, group_id: one.id, expected_count: 6 }), { selected: 6, changed: 4 });
  assert.deepEqual(await members(), [0, 6, 0]);
  const shops = { matching: { q: '가게', group_id: one.id } };
  assert.deepEqual(await act({ action: 'move', selection: shops, from_group_id: one.id, group_id: two.id, expected_count: 3 }), { selected: 3, changed: 3 });
  assert.deepEqual(await members(), [0, 3, 3]);
  assert.deepEqual(await act({ action: 'remove', selection: { matching: { group_id: two.id } }, from_group_id: two.id, expected_count: 3 }), { selected: 3, changed: 3 });
  assert.deepEqual(await members(), [3, 3, 0]);
  assert.deepEqual(await act({ action: 'move', selection: { ids: all }, from_group_id: home.id, group_id: two.id, expected_count: 6 }), { selected: 6, changed: 3 });
  assert.deepEqual(await members(), [0, 3, 3]);

  // Refused: nothing changes.
  const add = { action: 'add', selection: { ids: [all[0]] }, group_id: two.id, expected_count: 1 };
  const told = await act({ ...add, expected_count: 2 }, 409);
  assert.equal(told.code, 'count_changed');
  assert.match(told.title, /1명/);
  assert.equal(told.count, 1);
  assert.equal((await act({ ...add, selection: { matching: { q: '가게' } } }, 409)).code, 'count_changed');
  assert.equal((await act({ ...add, group_id: home.id }, 409)).code, 'group_default');
  assert.equal((await act({ action: 'remove', selection: add.selection, from_group_id: home.id, expected_count: 1 }, 409)).code, 'group_default');
  for (const body of [{ ...add, group_id: NOBODY }, { ...add, selection: { ids: [all[0], NOBODY] }, expected_count: 2 },
    { ...add, selection: { matching: { group_id: NOBODY } } }, { action: 'remove', selection: add.selection, from_group_id: NOBODY, expected_count: 1 }]) {
    assert.equal((await act(body, 404)).code, 'not_found');
  }
  const { expected_count: _, ...uncounted } = add;
  for (const body of [{ ...add, action: 'copy' }, { ...add, selection: {} }, { ...add, selection: { ids: [] } }, { ...add, selection: { ids: [all[0]], matching: {} } },
    { ...add, selection: { ids: ['1'] } }, { ...add, selection: { matching: { group_id: 0 } } }, { ...add, selection: { matching: { q: '가'.repeat(300) } } },
    { ...add, selection: { matching: { name: 'x' } } }, { ...add, selection: { ids: Array.from({ length: 10_001 }, (_, i) => i + 1) } }, { ...add, group_id: undefined },
    { ...add, from_group_id: one.id }, { ...add, action: 'delete' }, { ...add, action: 'move' }, { ...add, action: 'move', from_group_id: two.id }, uncounted,
    { ...add, surplus: 1 }, []]) {
    const wrong = await act(body, 422);
    assert.ok(wrong.errors.length > 0, JSON.stringify(body));
  }
  assert.deepEqual(await members(), [0, 3, 3]);

  assert.deepEqual(await act({ action: 'delete', selection: { matching: { group_id: two.id } }, expected_count: 3 }), { selected: 3, changed: 3 });
  assert.deepEqual(await members(), [0, 3, 0]);
  assert.equal((await shop.all('listContacts')).length, 3);
  assert.equal((await shop.json('getSummary', {}, 200)).contacts, 3);
  assert.deepEqual(await act({ action: 'delete', selection: { matching: { group_id: two.id } }, expected_count: 0 }), { selected: 0, changed: 0 });
});

test('ten at once on one group keep its counter right', async () => {
  const shop = await newCompany(server);
  const all = [];
  for (let i = 0; i < 20; i++) all.push((await shop.json('createContact', { body: { name: `손님${i}`, phone: phone(7100 + i) } }, 201)).id);
  const { id } = await shop.json('createGroup', { body: { name: '붐빔' } }, 201);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 3 === 2
    ? shop.call('actOnContacts', { body: { action: 'remove', selection: { ids: all.slice(0, 10) }, from_group_id: id, expected_count: 10 } })
    : shop.call('actOnContacts', { body: { action: 'add', selection: { ids: all.slice(i, i + 10) }, group_id: id, expected_count: 10 } }))));
  assert.deepEqual(answers.map((a) => a.status), Array(10).fill(200));
  server.verify();
  const [group, members] = [await shop.json('getGroup', { params: { id } }, 200), await shop.all('listContacts', { query: { group_id: id } })];
  assert.equal(group.member_count, members.length);
});

test('an import: guessed, corrected, dropped, confirmed', async () => {
  const text = ['고객 이름,연락처,비고', '하나,010-0998-0001,가', '두리,1009980002,나', '세나,010-0998-0001,다',
    '네모,02-123-4567,라', '다섯,010-0998-0005,마', ''].join('\r\n');
  const made = await upload(me, text);
  assert.deepEqual([made.kind, made.encoding, made.header_row, made.size], ['csv', 'utf-8', 1, Buffer.byteLength(text)]);
  assert.deepEqual([made.counts.rows, made.counts.ok, made.counts.repaired, made.counts.duplicate, made.counts.error],
    [5, 2, 1, 1, 1]);
  const id = made.id;
  await me.call('getImport', { params: { id: NOBODY } }, 404);
  const rows = await me.all('listImportRows', { params: { id } });
  assert.deepEqual(rows.map((r) => r.verdict), ['ok', 'repaired', 'duplicate', 'error', 'ok']);
  assert.equal(rows[2].duplicate_of, rows[0].row);
  assert.ok(rows[3].reason_text.length > 0);
  const errors = await me.json('listImportRows', { params: { id }, query: { verdict: 'error' } }, 200);
  assert.equal(errors.items.length, 1);
  await me.call('listImportRows', { params: { id }, query: { verdict: 'splendid' } }, 400);
  await me.call('listImportRows', { params: { id: NOBODY } }, 404);
  const remapped = await remap(me, id, { columns: [{ index: 0, role: 'name' }, { index: 1, role: 'phone' },
    { index: 2, role: 'attribute', attribute: '메모' }] });
  assert.equal(remapped.columns[2].attribute, '메모');
  assert.equal(remapped.columns[2].basis, 'user');
  await me.call('setImportMapping', { params: { id }, body: { columns: [{ index: 99, role: 'name' }] } }, 422);
  await me.call('setImportMapping', { params: { id }, body: { columns: [{ index: 0, role: 'king' }] } }, 422);
  await me.call('setImportMapping', { params: { id }, body: { sheet: 9 } }, 422);
  await me.call('setImportMapping', { params: { id: NOBODY }, body: {} }, 404);
  const last = rows[4].row;
  const dropped = await me.json('updateImportRow', { params: { id, row: last }, body: { dropped: true } }, 200);
  assert.equal(dropped.dropped, true);
  await me.call('updateImportRow', { params: { id, row: last }, body: { dropped: 'yes' } }, 422);
  await me.call('updateImportRow', { params: { id, row: 4711 }, body: { dropped: true } }, 404);
  assert.equal((await me.json('getImport', { params: { id } }, 200)).counts.dropped, 1);
  const corrected = await me.json('updateImportRow', { params: { id, row: 5 }, body: { cells: [{ index: 1, value: '010 0998 0004' }] } }, 200);
  assert.deepEqual([corrected.verdict, corrected.edited, corrected.phone], ['ok', true, '01009980004']);
  await me.call('updateImportRow', { params: { id, row: 5 }, body: { cells: [{ index: 99, value: 'x' }] } }, 422);
  await me.call('updateImportRow', { params: { id, row: 5 }, body: {} }, 422);
  const many = await me.json('updateImportRows', { params: { id }, body: { rows: [5, last], dropped: true } }, 200);
  assert.equal(many.counts.dropped, 2);
  await me.call('updateImportRows', { params: { id }, body: { rows: [4711], dropped: true } }, 404);
  await me.call('updateImportRows', { params: { id }, body: { dropped: true } }, 422);
  await me.call('updateImportRows', { params: { id: NOBODY }, body: { verdict: 'ok', dropped: true } }, 404);
  const book = rowsOf(await me.call('downloadImportRows', { params: { id }, query: { verdict: 'duplicate' } }, 200));
  assert.deepEqual(book, [['행', '고객 이름', '연락처', '비고', '오류'], ['4', '세나', '010-0998-0001', '다', '2행과 같은 번호입니다.']]);
  await me.call('downloadImportRows', { params: { id }, query: { verdict: 'splendid' } }, 400);
  await me.call('downloadImportRows', { params: { id: NOBODY } }, 404);
  const takes = (text, status, to = id) => me.json('correctImportRows', { params: { id: to }, body: Buffer.from(text), type: 'text/csv' }, status);
  const told = await takes('행,고객 이름\r\n4,셋째\r\n4711,아무개\r\n', 200);
  assert.deepEqual([told.corrected, told.unchanged, told.unknown, told.import.id], [1, 0, 1, id]);
  await takes('이름,휴대폰\r\n가,01009980009\r\n', 422);
  await takes('행\r\n1\r\n', 404, NOBODY);
  for (const body of [{ group_ids: [NOBODY] }, { new_group_names: [''] }, { new_group_names: [5] }, { group_ids: 'all' }, { surplus: 1 }]) {
    await me.call('confirmImport', { params: { id }, body }, 422);
  }
  await me.call('confirmImport', { params: { id: NOBODY }, body: {} }, 404);
  const done = await confirm(me, id, { new_group_names: ['십일월'] });
  assert.deepEqual(done.result, { created: 2, updated: 0, kept: 0, skipped: 3 });
  assert.equal(done.created_by.name, '주인');
  await me.call('confirmImport', { params: { id }, body: {} }, 409);
  await me.call('cancelImport', { params: { id } }, 409);
  await me.call('cancelImport', { params: { id: NOBODY } }, 404);
  const members = await me.all('listContacts', { query: { group_id: done.groups[0].id } });
  assert.deepEqual(members.map((c) => c.phone).sort(), ['01009980001', '01009980002']);
  assert.equal(members.find((c) => c.phone === '01009980001').attributes['메모'], '가');
  assert.ok((await me.all('listImports')).some((i) => i.id === id));
});

test('an import updates whom it knows, and can be discarded', async () => {
  const group = await me.json('createGroup', { body: { name: '두 번째' } }, 201);
  const again = await upload(me, '이름,휴대폰,등급\r\n하나새,01009980001,VIP\r\n');
  assert.equal(again.counts.will_update, 1);
  const done = await confirm(me, again.id, { group_ids: [group.id] });
  assert.deepEqual([done.result.created, done.result.updated], [0, 1]);
  const [contact] = await me.all('listContacts', { query: { group_id: group.id } });
  assert.deepEqual([contact.name, contact.attributes['등급'], contact.attributes['메모']], ['하나새', 'VIP', '가']);
  const unwanted = await upload(me, csvOf(3, 500));
  await me.call('deleteImport', { params: { id: unwanted.id } }, 204);
  const gone = await me.call('getImport', { params: { id: unwanted.id } });
  assert.equal(gone.json.state, 'discarded');
  await me.call('deleteImport', { params: { id: NOBODY } }, 404);
  await me.call('deleteImport', { params: { id: again.id } }, 409);
});

test('an import that is running can be cancelled', async () => {
  const before = (await me.all('listContacts')).length;
  const { id } = await upload(me, csvOf(30, 700));
  hold(id);
  assert.equal((await me.json('confirmImport', { params: { id }, body: {} }, 202)).state, 'importing');
  assert.equal((await me.json('cancelImport', { params: { id } }, 202)).state, 'cancelling');
  await me.call('deleteImport', { params: { id } }, 204); // it is on its way to what is wanted
  hold(id, 0);
  assert.equal((await importSettled(me, id)).state, 'cancelled');
  assert.equal((await me.all('listContacts')).length, before);
});

test('templates', async () => {
  templates = await syncedTemplates(me);
  assert.ok(templates.length >= 5);
  assert.ok(templates.some((t) => t.buttons.length === 5));
  assert.ok(templates.some((t) => t.emphasis === 'TEXT' && t.title));
  await me.call('getTemplate', { params: { id: templates[0].id } }, 200);
  await me.call('getTemplate', { params: { id: NOBODY } }, 404);
  for (const t of templates) {
    const [header, ...people] = rowsOf(await me.call('downloadTemplateWorkbook', { params: { id: t.id } }, 200));
    assert.deepEqual(header.slice(0, 2), ['이름', '휴대폰']);
    assert.equal(new Set(header).size, header.length, 'no title twice');
    assert.ok(t.variables.every((v) => header.includes(v) || v === '고객명'), t.variables.join());
    assert.equal(people.length, 2);
    assert.ok(people.every((row) => row.length === header.length && row.every((cell) => cell)));
  }
  await me.call('downloadTemplateWorkbook', { params: { id: NOBODY } }, 404);
  const [profile] = await me.all('listSenderProfiles');
  const again = await me.json('syncTemplates', { body: { sender_profile_id: profile.id } }, 201);
  assert.deepEqual([again.added, again.changed, again.removed, again.unchanged], [0, 0, 0, templates.length]);
  const nobodys = await me.call('syncTemplates', { body: { sender_profile_id: NOBODY } });
  assert.ok([404, 422].includes(nobodys.status));
  await me.call('syncTemplates', { body: {} }, 422);
});

test('a preview: whoever it is, while it is composed', async () => {
  const template = trackedTemplate(templates);
  const group = await importGroup(me, 3, { first: 900, mark: '미리', group: '미리 볼 셋' });
  const { values } = campaignFor(template, group);
  const good = { template_id: template.id, recipients: { group_ids: [group] }, values };
  const first = await me.json('previewMessage', { body: good }, 200);
  assert.deepEqual([first.position, first.total, first.problem, first.limit], [1, 3, null, 1000]);
  assert.match(first.contact.name, /^미리/);
  const text = first.body.map((p) => p.text).join('');
  assert.ok(first.body.some((p) => p.kind === 'value') && first.body.every((p) => p.kind !== 'missing'));
  assert.ok(text.length >= first.length && !text.includes('#{'));
  assert.ok(['SMS', 'LMS'].includes(first.fallback.kind));
  const tracked = first.buttons.find((b) => b.tracked);
  assert.match(tracked.mobile, /\/r\/\w{11}$/);
  const known = { contact_id: first.contact.id, position: first.position, total: first.total };
  const second = await me.json('previewMessage', { body: { ...good, position: 2, known } }, 200);
  assert.equal(second.position, 2);
  assert.notEqual(second.contact.id, first.contact.id);
  assert.equal((await me.json('previewMessage', { body: { ...good, position: 4 } }, 200)).contact, null);
  const longest = await me.json('previewMessage', { body: { ...good, jump: 'longest' } }, 200);
  assert.ok(longest.length >= second.length);
  assert.equal((await me.json('previewMessage', { body: { ...good, jump: 'missing' } }, 200)).position, 0);
  const bare = { template_id: good.template_id, recipients: good.recipients };
  const missing = await me.json('previewMessage', { body: { ...bare, jump: 'missing', position: 1 } }, 200);
  assert.equal(missing.position, 2);
  assert.deepEqual(missing.missing, template.variables);
  assert.match(missing.problem, /값이 없습니다/);
  for (const body of [{}, { ...good, template_id: NOBODY }, { ...good, recipients: { group_ids: [] } },
    { ...good, recipients: { group_ids: [NOBODY] } }, { ...good, recipients: [group] }, { ...good, jump: 'far' },
    { ...good, values: { a: { source: 'moon' } } }, { ...good, position: -1 }, { ...good, known: {} },
    { ...good, known: { ...known, total: 0 } }, { ...good, known: 5 }, { ...good, surplus: 1 }]) {
    const told = await me.json('previewMessage', { body }, 422);
    assert.ok(told.errors.length > 0, JSON.stringify(body));
  }
});

test('templates are written', async () => {
  const [profile] = await me.all('listSenderProfiles');
  const form = { name: '예약 안내', content: '#{이름}님, 내일 예약을 잊지 마세요.' };
  assert.deepEqual((await me.json('checkTemplate', { body: form }, 200)).findings, []);
  await me.call('checkTemplate', { body: { name: 'x' } }, 422);
  const { id } = await me.json('createTemplate', { body: { sender_profile_id: profile.id, ...form } }, 201);
  await me.call('createTemplate', { body: { sender_profile_id: profile.id, ...form, content: '#{이름' } }, 422);
  await me.call('createTemplate', { body: { sender_profile_id: NOBODY, ...form } }, 404);
  assert.equal((await me.json('changeTemplate', { params: { id }, body: { ...form, content: `${form.content}!` } }, 200)).version, 2);
  await me.call('changeTemplate', { params: { id }, body: { ...form, type: 'AD' } }, 422);
  await me.call('changeTemplate', { params: { id: NOBODY }, body: form }, 404);
  assert.equal((await me.json('listTemplateVersions', { params: { id } }, 200)).items.length, 2);
  await me.call('listTemplateVersions', { params: { id: NOBODY } }, 404);
  assert.equal((await me.json('requestInspection', { params: { id } }, 200)).inspection, 'requested');
  await me.call('requestInspection', { params: { id } }, 409);
  await me.call('requestInspection', { params: { id: NOBODY } }, 404);
  await me.call('deleteTemplate', { params: { id } }, 204);
  await me.call('deleteTemplate', { params: { id } }, 409);
  await me.call('deleteTemplate', { params: { id: NOBODY } }, 404);
  assert.deepEqual((await me.json('listTemplates', { query: { sender_profile_id: NOBODY } }, 200)).items, []);
  await me.call('listTemplates', { query: { sender_profile_id: 'x' } }, 400);
});

test('a campaign: composed, changed, checked, refused', async () => {
  const template = trackedTemplate(templates);
  const group = await importGroup(me, 12, { first: 1000, group: '열둘' });
  const good = campaignFor(template, group);
  for (const body of [{ ...good, name: '' }, { ...good, template_id: 'x' }, { ...good, values: { a: { source: 'moon' } } },
    { ...good, links: [{ button: 9, url: 'https://example.com' }] }]) {
    await me.call('createCampaign', { body }, 422);
  }
  for (const body of [{ ...good, template_id: NOBODY }, { ...good, recipients: { group_ids: [NOBODY] } },
    { ...good, recipients: { group_ids: [group], except_group_ids: [NOBODY] } }]) {
    assert.ok([404, 422].includes((await me.call('createCampaign', { body })).status));
  }
  const draft = await me.json('createCampaign', { body: good }, 201);
  const id = draft.id;
  assert.equal(draft.state, 'draft');
  await me.call('updateCampaign', { params: { id }, body: { name: '새 이름' } }, 200);
  await me.call('updateCampaign', { params: { id }, body: { name: 3 } }, 422);
  await me.call('updateCampaign', { params: { id: NOBODY }, body: { name: 'x' } }, 404);
  await me.call('sendCampaign', { params: { id }, body: { confirmation: 'nothing', count: 12 } }, 409);
  const check = await me.json('checkCampaign', { params: { id } }, 200);
  assert.equal(check.sendable, 12);
  assert.equal(check.campaign.state, 'checked');
  assert.ok(check.cost > 0 && check.balance_enough);
  const { confirmation } = check.campaign;
  await me.call('sendCampaign', { params: { id }, body: { confirmation, count: 11 } }, 422);
  await me.call('sendCampaign', { params: { id }, body: { confirmation: 'f'.repeat(confirmation.length), count: 12 } }, 409);
  await me.call('sendCampaign', { params: { id }, body: { confirmation } }, 422);
  const changed = await me.json('updateCampaign', { params: { id }, body: { name: '또 새 이름' } }, 200);
  assert.equal(changed.state, 'draft');
  await me.call('sendCampaign', { params: { id }, body: { confirmation, count: 12 } }, 409);
  for (const operation of ['pauseCampaign', 'resumeCampaign']) await me.call(operation, { params: { id } }, 409);
  await me.call('checkCampaign', { params: { id: NOBODY } }, 404);
  await me.call('deleteCampaign', { params: { id } }, 204);
  await me.call('deleteCampaign', { params: { id } }, 404);
  const empty = await me.json('createGroup', { body: { name: '빈 그룹' } }, 201);
  const nobody = await me.json('createCampaign', { body: campaignFor(template, empty.id) }, 201);
  const nothing = await me.call('checkCampaign', { params: { id: nobody.id } });
  assert.ok(nothing.status === 422 || nothing.json.sendable === 0);
});

test('recipients: sets of groups, counted before and kept with the campaign', async () => {
  const template = trackedTemplate(templates);
  const a = await importGroup(me, 10, { first: 2000, group: '합집합 가' });
  const b = await importGroup(me, 10, { first: 2006, group: '합집합 나' });
  const c = await importGroup(me, 3, { first: 2008, group: '뺄 그룹' });
  const recipients = { group_ids: [a, b, a], except_group_ids: [c], except_days: 7 };
  const count = (choice, template_id) => me.json('countRecipients', { body: { recipients: choice, ...(template_id && { template_id }) } }, 200);
  assert.deepEqual(await count(recipients, template.id), { selected: 16, excepted: 3, suppressed: 0, recent: 0, remaining: 13 });
  assert.deepEqual(await count({ group_ids: [a] }), { selected: 10, excepted: 0, suppressed: 0, recent: 0, remaining: 10 });
  for (const wrong of [{}, { group_ids: [] }, { group_ids: [NOBODY] }, { group_ids: 'all' }, { group_ids: [a], except_group_ids: [NOBODY] },
    { group_ids: [a], except_days: 0 }, { group_ids: [a], except_days: 366 }, { group_ids: [a], surplus: 1 },
    { group_ids: Array.from({ length: 101 }, (_, i) => i + 1) }]) {
    await me.call('countRecipients', { body: { recipients: wrong } }, 422);
    await me.call('createCampaign', { body: { ...campaignFor(template, a), recipients: wrong } }, 422);
  }
  await me.call('countRecipients', { body: {} }, 422);
  await me.call('countRecipients', { body: { recipients: { group_ids: [a] }, template_id: NOBODY } }, 422);
  const draft = await me.json('createCampaign', { body: { ...campaignFor(template, a), recipients } }, 201);
  assert.deepEqual(draft.recipients, { groups: [{ id: a, name: '합집합 가' }, { id: b, name: '합집합 나' }],
    except_groups: [{ id: c, name: '뺄 그룹' }], except_days: 7 });
  const params = { id: draft.id };
  await me.json('updateCampaign', { params, body: { name: '이름만' } }, 200);
  const check = await me.json('checkCampaign', { params }, 200);
  assert.deepEqual([check.sendable, check.refused, check.campaign.recipients], [13, [], draft.recipients]);
  assert.equal((await me.all('listMessages', { params })).length, 13);
  await me.json('sendCampaign', { params, body: { confirmation: check.campaign.confirmation, count: 13 } }, 202);
  await settled(me, draft.id);
  const again = await count(recipients, template.id);
  const { counts } = await me.json('getCampaign', { params }, 200);
  assert.equal(again.recent, counts.delivered);
  assert.equal(again.remaining, 13 - again.recent - again.suppressed);
  const second = await me.json('createCampaign', { body: { ...campaignFor(template, a), recipients } }, 201);
  const { refused } = await me.json('checkCampaign', { params: { id: second.id } }, 200);
  assert.equal(refused.find((r) => r.reason === 'recently_sent').count, again.recent);
  assert.ok(refused.every((r) => r.reason_text.length > 10));
  await me.call('deleteGroup', { params: { id: c } }, 204);
  const shown = await me.json('updateCampaign', { params: { id: second.id }, body: { recipients: { group_ids: [b], except_days: null } } }, 200);
  assert.deepEqual(shown.recipients, { groups: [{ id: b, name: '합집합 나' }], except_groups: [], except_days: null });
  await me.call('deleteCampaign', { params: { id: second.id } }, 204);

  const [person] = (await me.json('listMessages', { params }, 200)).items;
  const [contact] = (await me.json('listContacts', { query: { q: person.phone } }, 200)).items;
  const history = await me.json('listContactMessages', { params: { id: contact.id } }, 200);
  assert.deepEqual(history.items.map((m) => [m.campaign, m.ordinal, m.phone, m.state]),
    [[{ id: draft.id, name: '이름만' }, person.ordinal, person.phone, person.state]]);
  assert.ok(history.items[0].sent_at > 0 && history.items[0].template_name === template.name);
  await me.call('listContactMessages', { params: { id: NOBODY } }, 404);
});

test('suppressed numbers: by hand, by file, by a result, and back', async () => {
  const template = trackedTemplate(templates);
  const group = await importGroup(me, 9, { first: 20001, group: '수신거부 시험' }); // 0002 at the end blocks us, says the practice gateway
  const made = await me.json('addSuppressions', { body: { phones: [phone(20001), `+82 ${phone(20001).slice(1)}`, '02-123-4567', ''], note: '전화로 요청' } }, 200);
  assert.deepEqual([made.added, made.already, made.refused_count, made.stopped], [1, 1, 2, 0]);
  assert.deepEqual(made.refused.map((r) => [r.row, r.text]), [[3, '02-123-4567'], [4, '']]);
  assert.ok(made.refused.every((r) => r.reason && r.reason_text));
  const file = await me.json('importSuppressions', { type: 'text/csv', body: Buffer.from(`이름,휴대폰\r\n가,${phone(20001)}\r\n나,${phone(20003)}\r\n다,없음\r\n`) }, 200);
  assert.deepEqual([file.added, file.already, file.refused_count, file.refused[0].row], [1, 1, 1, 4]);
  for (const body of ['이름,주소\r\n가,서울\r\n', '\x89PNG\r\n', '이름,휴대폰\r\n', `${phone(1)}\r\n`.repeat(100_001)]) {
    await me.call('importSuppressions', { type: 'application/octet-stream', body: Buffer.from(body, 'binary') }, 422);
  }
  await me.call('importSuppressions', { type: 'text/csv', body: Buffer.alloc((20 << 20) + 1, '0') }, 413);
  for (const body of [{}, { phones: [] }, { phones: [1] }, { phones: 'all' }, { phones: ['x'], note: 'x'.repeat(201) }, { phones: Array(10_001).fill('x') }]) {
    await me.call('addSuppressions', { body }, 422);
  }
  const draft = await me.json('createCampaign', { body: campaignFor(template, group) }, 201);
  const params = { id: draft.id };
  const check = await me.json('checkCampaign', { params }, 200);
  assert.deepEqual([check.sendable, check.refused.map((r) => [r.reason, r.count])], [7, [['suppressed', 2]]]);
  await me.json('addSuppressions', { body: { phones: [phone(20009)] } }, 200);
  const stale = await me.json('sendCampaign', { params, body: { confirmation: check.campaign.confirmation, count: 7 } }, 409);
  assert.equal(stale.code, 'confirmation_stale');
  const next = await me.json('checkCampaign', { params }, 200);
  await me.json('sendCampaign', { params, body: { confirmation: next.campaign.confirmation, count: 6 } }, 202);
  const done = await settled(me, draft.id);
  assert.equal(done.counts.skipped, 3);
  const byResult = await me.all('listSuppressions', { query: { reason: 'blocked' } });
  const blocked = byResult.find((p) => p.phone === phone(20002));
  assert.deepEqual(blocked.campaign, { id: draft.id, name: draft.name });
  assert.equal(blocked.contact.name, '손님20002');
  assert.equal((await me.json('countRecipients', { body: { recipients: { group_ids: [group] } } }, 200)).suppressed, 4);
  const [contact] = (await me.json('listContacts', { query: { q: phone(20002) } }, 200)).items;
  assert.equal(contact.suppressed, true);
  assert.deepEqual((await me.all('listSuppressions', { query: { q: '전화로' } })).map((p) => p.phone), [phone(20001)]);
  assert.equal((await me.all('listSuppressions', { query: { q: '손님20003' } }))[0].reason, 'file');
  assert.deepEqual(await me.all('listSuppressions', { query: { q: 'nobody at all' } }), []);
  await me.call('listSuppressions', { query: { reason: 'mood' } }, 400);
  await me.call('deleteSuppression', { params: { id: blocked.id } }, 204);
  await me.call('deleteSuppression', { params: { id: blocked.id } }, 404);
  assert.equal((await me.json('countRecipients', { body: { recipients: { group_ids: [group] } } }, 200)).suppressed, 3);
});

test('a campaign whose variables are not filled refuses each recipient', async () => {
  const template = templates.find((t) => t.sendable && t.variables.length > 0);
  const group = (await me.all('listGroups')).find((g) => g.name === '열둘');
  const body = campaignFor(template, group.id);
  body.values[template.variables[0]] = { source: 'attribute', key: '없는 열' };
  const made = await me.call('createCampaign', { body });
  assert.ok([201, 422].includes(made.status));
  if (made.status === 422) return;
  const check = await me.call('checkCampaign', { params: { id: made.json.id } });
  if (check.status === 422) return;
  assert.equal(check.json.sendable, 0);
  assert.equal(check.json.refused.reduce((n, r) => n + r.count, 0), 12);
});

/** Reads server-sent events until `enough(campaign)`. */
function follow(id, enough) {
  return new Promise((done, fail) => {
    const events = [];
    const op = operations.get('streamCampaign');
    const req = http.get({ host: '127.0.0.1', port: server.port, agent: false, timeout: 60_000,
      path: op.full.replace('{id}', id), headers: { Cookie: me.cookie, Accept: 'text/event-stream' } }, (res) => {
      assert.equal(res.statusCode, 200);
      assert.match(res.headers['content-type'], /^text\/event-stream/);
      let text = '';
      res.setEncoding('utf8').on('data', (piece) => {
        text += piece;
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
          const fields = Object.fromEntries(text.slice(0, end).split('\n').filter((l) => !l.startsWith(':'))
            .map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1).trim()]));
          if (fields.event !== 'campaign') continue;
          events.push({ id: Number(fields.id), campaign: JSON.parse(fields.data) });
          if (enough(events.at(-1).campaign)) {
            req.destroy();
            done(events);
          }
        }
      });
      res.on('end', () => fail(new Error(`the stream ended after ${events.length} events`)));
    });
    req.on('timeout', () => req.destroy(new Error('the stream is silent')));
    req.on('error', fail);
  });
}

test('a send: followed live, settled, every recipient told', async () => {
  const template = trackedTemplate(templates);
  const group = (await me.all('listGroups')).find((g) => g.name === '열둘');
  const sent = await sendTo(me, template, group.id, '진짜 발송');
  const id = sent.id;
  const events = await follow(id, (c) => c.state === 'finished' && c.counts.delivered + c.counts.failed === 12);
  Client.seen.set('streamCampaign', new Set([200]));
  assert.ok(events.every((e, i) => i === 0 || e.id > events[i - 1].id));
  for (const { campaign } of events) {
    const c = campaign.counts;
    assert.equal(c.queued + c.sending + c.accepted + c.delivered + c.failed + c.expired + c.unknown + c.unsent
      + c.skipped + c.cancelled, c.total, JSON.stringify(c));
  }
  const campaign = await settled(me, id);
  const messages = await me.all('listMessages', { params: { id } });
  assert.equal(messages.length, 12);
  assert.deepEqual(messages.map((m) => m.ordinal), Array.from({ length: 12 }, (_, i) => i + 1));
  assert.equal(messages.filter((m) => m.state === 'delivered').length, campaign.counts.delivered);
  const detail = await me.json('getMessage', { params: { id, ordinal: 2 } }, 200);
  assert.deepEqual([detail.previous_ordinal, detail.next_ordinal], [1, 3]);
  assert.ok(!detail.body.includes('#{'));
  assert.ok(detail.timeline.length >= 3);
  assert.ok(detail.timeline.every((t, i) => i === 0 || t.at >= detail.timeline[i - 1].at));
  await me.call('getMessage', { params: { id, ordinal: 4711 } }, 404);
  await me.call('listMessages', { params: { id: NOBODY } }, 404);
  await me.call('streamCampaign', { params: { id: NOBODY } }, 404);
  const [header, ...results] = rowsOf(await me.call('exportMessages', { params: { id } }, 200));
  assert.deepEqual(header.slice(0, 4), ['순번', '이름', '휴대폰', '상태']);
  assert.deepEqual(results.map((r) => [r[0], r[1], r[2].replaceAll('-', '')]), messages.map((m) => [String(m.ordinal), m.name, m.phone]));
  await me.call('exportMessages', { params: { id: NOBODY } }, 404);
  await me.call('exportMessages', { params: { id }, query: { state: 'splendid' } }, 400);
  await me.call('exportMessages', { params: { id }, query: { format: 'doc' } }, 400);
  await me.call('listMessages', { params: { id }, query: { state: 'splendid' } }, 400);
  const one = await me.json('listMessages', { params: { id }, query: { q: messages[4].phone } }, 200);
  assert.deepEqual(one.items.map((m) => m.ordinal), [5]);
  for (const operation of ['pauseCampaign', 'resumeCampaign', 'cancelCampaign', 'checkCampaign']) {
    await me.call(operation, { params: { id } }, 409);
  }
  await me.call('updateCampaign', { params: { id }, body: { name: 'x' } }, 409);
  await me.call('deleteCampaign', { params: { id } }, 409);
  assert.ok((await me.json('listCampaigns', { query: { state: 'finished' } }, 200)).items.some((c) => c.id === id));
  await me.call('listCampaigns', { query: { state: 'splendid' } }, 400);
});

test('clicks: people, previews and strangers', async () => {
  const [campaign] = (await me.all('listCampaigns')).filter((c) => c.state === 'finished');
  const params = { id: campaign.id, ordinal: 3 };
  const detail = await me.json('getMessage', { params }, 200);
  const button = detail.buttons.find((b) => b.target);
  const token = button.mobile.split('/r/')[1];
  const anyone = new Client(server);
  const answer = await anyone.call('followLink', { params: { token }, headers: { 'User-Agent': BROWSER } }, 302);
  assert.equal(answer.headers.location, button.target);
  await anyone.call('followLink', { params: { token }, headers: { 'User-Agent': 'facebookexternalhit/1.1;kakaotalk-scrap/1.0' } }, 302);
  for (const wrong of ['AAAAAAAAAAA', 'x', `${token}x`, '..%2f', 'a'.repeat(300)]) {
    await anyone.call('followLink', { params: { token: wrong }, headers: { 'User-Agent': BROWSER } }, 404);
  }
  let after;
  for (let i = 0; i < 100; i++) {
    after = await me.json('getMessage', { params }, 200);
    if (after.clicks.length >= 2) break;
    await sleep(100);
  }
  assert.deepEqual(after.clicks.map((c) => c.kind).sort(), ['person', 'preview']);
  assert.equal(after.click_count, 1);
  const clicked = await me.json('listMessages', { params: { id: campaign.id }, query: { clicked: 'true' } }, 200);
  assert.deepEqual(clicked.items.map((m) => m.ordinal), [3]);
});

test('pause, resume, cancel', async () => {
  const template = trackedTemplate(templates);
  const group = await importGroup(me, 2600, { first: 5000, group: '많음' });
  await server.wish({ endpoint: 'send', fault: 'delay:1500', rate: 1 });
  const { id } = await sendTo(me, template, group, '멈출 발송');
  const paused = await me.json('pauseCampaign', { params: { id } }, 200);
  assert.equal(paused.state, 'paused');
  await me.call('pauseCampaign', { params: { id } }, 409);
  assert.equal((await me.json('resumeCampaign', { params: { id } }, 200)).state, 'sending');
  const cancelled = await me.json('cancelCampaign', { params: { id } }, 200);
  assert.ok(['cancelled', 'sending', 'finished'].includes(cancelled.state));
  await me.call('resumeCampaign', { params: { id } }, 409);
  await server.wish({ clear: true });
  const end = await settled(me, id);
  assert.equal(end.counts.delivered + end.counts.failed + end.counts.cancelled, 2600);
  assert.ok(end.counts.cancelled > 0, 'cancelled before the last request');
  for (const operation of ['pauseCampaign', 'resumeCampaign', 'cancelCampaign']) {
    await me.call(operation, { params: { id: NOBODY } }, 404);
  }
});

test('unsent messages wait for a person', async () => {
  const [campaign] = await me.all('listCampaigns', { query: { state: 'finished' } });
  const params = { id: campaign.id };
  const none = await me.call('requeueUnsent', { params, body: { count: 5 } });
  assert.ok([409, 422].includes(none.status), 'there is nothing to send again');
  await me.call('requeueUnsent', { params, body: { count: 'all' } }, 422);
  await me.call('requeueUnsent', { params: { id: NOBODY }, body: { count: 1 } }, 404);
});

test('statistics add up', async () => {
  const summary = await me.json('getSummary', {}, 200);
  const campaigns = await me.all('listCampaigns');
  const sum = (state) => campaigns.reduce((n, c) => n + c.counts[state], 0);
  assert.equal(summary.campaigns, campaigns.length);
  for (const state of ['delivered', 'failed', 'unknown', 'expired', 'accepted']) {
    assert.equal(summary.messages[state], sum(state), state);
  }
  assert.equal(summary.contacts, (await me.all('listContacts')).length);
  assert.equal(summary.groups, (await me.all('listGroups')).length);
  assert.equal(summary.clicked, 1);
  const hours = (await me.json('listHours', {}, 200)).items;
  assert.ok(hours.length >= 24 && hours.length <= 25);
  assert.ok(hours.every((h, i) => i === 0 || h.hour - hours[i - 1].hour === 3_600_000));
  for (const state of ['delivered', 'failed', 'clicked']) {
    assert.equal(hours.reduce((n, h) => n + h[state], 0), state === 'clicked' ? 1 : sum(state), state);
  }
  const now = Date.now();
  await me.call('listHours', { query: { from: now - 40 * 86_400_000, to: now } }, 422);
  await me.call('listHours', { query: { from: now, to: now - 1000 } }, 422);
  await me.call('listHours', { query: { from: 'yesterday' } }, 400);
});

test('a sender profile that works, in use and out of use', async () => {
  // The practice gateway takes any account and says which sender key belongs to it.
  const told = await server.request('POST', '/akv10/profile/list/', { port: server.practicePort,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'userid=second&apikey=second-key' });
  const { senderKey } = told.json.list[0];
  const wanted = { gateway: 'aligo', name: '둘째 계약', base_url: `http://127.0.0.1:${server.practicePort}`, user_id: 'second',
    api_key: 'second-key', sender_key: senderKey, sender_number: '021234567' };
  const made = await me.json('createSenderProfile', { body: wanted }, 201);
  assert.equal(made.status, 'ok');
  assert.ok(!made.sender_key.includes(senderKey.slice(0, 30)), 'the key is masked');
  assert.ok(made.sender_key.endsWith(senderKey.slice(-4)));
  assert.ok(!JSON.stringify(made).includes('second-key'));
  await me.json('syncTemplates', { body: { sender_profile_id: made.id } }, 201);
  const theirs = (await me.all('listTemplates')).filter((t) => t.sender_profile_id === made.id);
  assert.ok(theirs.length >= 5);
  const group = (await me.all('listGroups')).find((g) => g.name === '열둘');
  await server.wish({ endpoint: 'send', script: ['delay:1000'] });
  const { id } = await sendTo(me, trackedTemplate(theirs), group.id, '둘째 계약으로');
  await me.call('deleteSenderProfile', { params: { id: made.id } }, 409);
  await settled(me, id);
  await me.call('deleteSenderProfile', { params: { id: made.id } }, 204);
  await me.call('getSenderProfile', { params: { id: made.id } }, 404);
});

test('Korean first, English when asked', async () => {
  const anyone = new Client(server);
  const korean = await anyone.json('getSession', {}, 401);
  assert.match(korean.title, /[가-힣]/);
  const english = await anyone.json('getSession', { headers: { 'Accept-Language': 'en-GB,en;q=0.9' } }, 401);
  assert.doesNotMatch(english.title, /[가-힣]/);
  assert.equal(korean.code, english.code);
});

test('what is not there and what is not allowed there', async () => {
  const get = (target, method = 'GET') => server.request(method, target,
    { headers: { Cookie: me.cookie, 'X-Requested-With': 'sendingo' } });
  for (const target of ['/api/v1/nothing', '/api/v1/', '/api/v2/status', '/api/v1/contacts/abc', '/api/v1/contacts/-1',
    '/api/v1/contacts/99999999999999999999999']) {
    const answer = await get(target);
    assert.equal(answer.status, 404, target);
    assert.equal(answer.headers['content-type'].split(';')[0], 'application/problem+json', target);
  }
  const wrong = await get('/api/v1/status', 'DELETE');
  assert.equal(wrong.status, 405);
  assert.match(wrong.headers.allow ?? '', /GET/);
  const docs = await get('/docs');
  assert.equal(docs.status, 200);
  assert.notEqual(docs.text, (await get('/')).text, 'a page of its own');
  assert.equal((await get('/')).status, 200);
});

test('every operation of the file was called, and answered well', () => {
  const good = (id) => [...(Client.seen.get(id) ?? [])].some((status) => status < 400);
  const missed = [...operations.keys()].filter((id) => !good(id));
  // requeueUnsent succeeds in doubt.test.mjs: only a lost answer brings about what it needs.
  assert.deepEqual(missed.filter((id) => id !== 'requeueUnsent'), []);
  assert.deepEqual([...operations.keys()].filter((id) => !Client.seen.has(id)), []);
});

test('the server has the routes of the file and no others', () => {
  const plain = (where) => where.replace(/\{\w+\*?\}/g, '{}');
  const told = execFileSync(BIN, ['routes'], { encoding: 'utf8' }).trim().split('\n').map((line) => line.split(/\s+/));
  const served = told.map(([method, where, id]) => `${method} ${plain(where)} ${id}`).sort();
  const written = [...operations.values()].map((op) => `${op.method} ${plain(op.full)} ${op.id}`).sort();
  assert.deepEqual(served, written);
});
