/*
 * paging.test.mjs - lists tell everything once, in pages of any size.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { importGroup, newCompany, operations, phone, startServer, syncedTemplates, upload, csvOf } from './harness.mjs';

const COUNT = 123;
let server, me, imported;
before(async () => {
  server = await startServer();
  me = await newCompany(server);
  await importGroup(me, COUNT);
  await syncedTemplates(me);
  imported = await upload(me, csvOf(COUNT, 1000));
});
after(() => server?.stop());

async function pages(id, limit, options = {}) {
  const got = [];
  let cursor;
  do {
    const page = await me.json(id, { ...options, query: { ...options.query, limit, ...(cursor && { cursor }) } }, 200);
    assert.ok(page.items.length <= limit);
    assert.ok(page.items.length === limit || page.next_cursor === null);
    got.push(...page.items);
    cursor = page.next_cursor;
    assert.ok(got.length <= COUNT * 2, 'the pages do not end');
  } while (cursor);
  return got;
}

test('every page size tells the same contacts once', async () => {
  const whole = await pages('listContacts', 500);
  assert.equal(new Set(whole.map((c) => c.id)).size, COUNT);
  for (const limit of [1, 7, 50, 122, 123, 124]) {
    assert.deepEqual((await pages('listContacts', limit)).map((c) => c.id), whole.map((c) => c.id), `limit ${limit}`);
  }
});

test('filters hold on every page', async () => {
  const found = await pages('listContacts', 10, { query: { q: '손님1' } });
  const expected = Array.from({ length: COUNT }, (_, i) => `손님${i + 1}`).filter((n) => n.startsWith('손님1'));
  assert.deepEqual(found.map((c) => c.name).sort(), expected.sort());
});

test('every order and page size tells the same groups once', async () => {
  const shop = await newCompany(server);
  for (let i = 0; i < 30; i++) await shop.json('createGroup', { body: { name: `${['나', '가', 'b', 'A'][i % 4]} ${(i * 7) % 30}` } }, 201);
  const [contact] = [await shop.json('createContact', { body: { name: '김', phone: phone(1) } }, 201)];
  for (const id of [5, 9, 12]) await shop.json('addGroupMembers', { params: { id }, body: { contact_ids: [contact.id] } }, 200);
  const told = async (limit, query) => {
    const got = [];
    for (let cursor; cursor !== null;) {
      const page = await shop.json('listGroups', { query: { ...query, limit, ...(cursor && { cursor }) } }, 200);
      got.push(...page.items);
      cursor = page.next_cursor;
    }
    return got;
  };
  const byName = (a, b) => (Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const orders = { created: (a, b) => a.id - b.id, newest: (a, b) => b.id - a.id, name: byName, members: (a, b) => b.member_count - a.member_count || a.id - b.id };
  for (const [sort, order] of Object.entries(orders)) {
    const whole = await told(500, { sort });
    assert.equal(whole.length, 31);
    assert.deepEqual(whole.map((g) => g.id), [...whole].sort(order).map((g) => g.id), sort);
    for (const limit of [1, 7, 30, 31]) {
      assert.deepEqual((await told(limit, { sort })).map((g) => g.id), whole.map((g) => g.id), `${sort}, limit ${limit}`);
    }
    assert.deepEqual((await told(2, { sort, q: '가' })).map((g) => g.id), whole.filter((g) => g.name.includes('가')).map((g) => g.id));
  }
});

test('templates and versions, a page at a time', async () => {
  const whole = await pages('listTemplates', 500);
  assert.ok(whole.length > 5);
  for (const limit of [1, 2, 3, whole.length]) assert.deepEqual((await pages('listTemplates', limit)).map((t) => t.id), whole.map((t) => t.id));
  assert.deepEqual((await pages('listTemplateVersions', 1, { params: { id: whole[0].id } })).map((v) => v.version), [1]);
});

test('import rows come in the order of the sheet', async () => {
  const rows = await pages('listImportRows', 25, { params: { id: imported.id } });
  assert.equal(rows.length, COUNT);
  assert.ok(rows.every((r, i) => i === 0 || r.row > rows[i - 1].row));
});

test('import rows from any place', async () => {
  const params = { id: imported.id };
  for (const offset of [0, 1, 60, COUNT - 1, COUNT, COUNT + 7, 2 ** 40]) {
    const page = await me.json('listImportRows', { params, query: { offset, limit: 10, verdict: 'ok' } }, 200);
    assert.equal(page.total, COUNT);
    assert.deepEqual(page.items.map((r) => r.row), Array.from({ length: Math.max(0, Math.min(10, COUNT - offset)) }, (_, i) => offset + i + 2));
    assert.equal(page.next_cursor === null, offset + 10 >= COUNT);
    if (page.next_cursor) {
      const next = await me.json('listImportRows', { params, query: { cursor: page.next_cursor, limit: 10, verdict: 'ok' } }, 200);
      assert.equal(next.items[0].row, offset + 12);
    }
  }
  for (const offset of [-1, 'x', '', '1e3']) await me.call('listImportRows', { params, query: { offset } }, 400);
});

test('what comes meanwhile does not repeat or hide what was there', async () => {
  const before = new Set((await pages('listContacts', 500)).map((c) => c.id));
  const first = await me.json('listContacts', { query: { limit: 40 } }, 200);
  for (let i = 0; i < 30; i++) await me.json('createContact', { body: { name: `가${i}`, phone: phone(9000 + i) } }, 201);
  await me.call('deleteContact', { params: { id: first.items[3].id } }, 204);
  const seen = first.items.map((c) => c.id);
  let cursor = first.next_cursor;
  while (cursor) {
    const page = await me.json('listContacts', { query: { limit: 40, cursor } }, 200);
    seen.push(...page.items.map((c) => c.id));
    cursor = page.next_cursor;
  }
  assert.equal(new Set(seen).size, seen.length, 'nobody twice');
  for (const id of before) assert.ok(seen.includes(id), `contact ${id} is missing`);
});

test('limits and cursors that are none', async () => {
  const lists = [...operations.values()].filter((op) => (op.operation.parameters ?? []).some((p) => p.$ref?.endsWith('/Limit')));
  assert.ok(lists.length >= 7);
  for (const op of lists) {
    const params = { id: op.id === 'listImportRows' ? imported.id : 1 };
    if (op.id === 'listMessages') continue; // there is no campaign here
    for (const query of [{ limit: 0 }, { limit: 501 }, { limit: 'many' }, { limit: -5 }, { limit: '1e2' }, { limit: '' },
      { cursor: 'nonsense!' }, { cursor: 'x'.repeat(3000) }]) {
      await me.call(op.id, { params, query }, 400);
    }
    assert.ok((await me.json(op.id, { params }, 200)).items.length <= 50);
  }
});
