/*
 * importing.test.mjs - imports while they run: side by side, cancelled, asked twice, out of room.
 *
 * What a confirm has begun ends whole or leaves nothing: contacts, groups and counters are compared
 * with what they were. Each test has a company of its own; the importer's lease is shortened, so
 * that what nobody could do is tried again soon. Dying is what tests/crash is for.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  DATABASE, confirm, csvOf, importSettled, newCompany, offer, phone, remap, sleep, startServer, upload,
} from './harness.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
/** Contacts that an import makes in one transaction. */
const CHUNK = Number(/#define IMPORT_CHUNK (\d+)/.exec(fs.readFileSync(path.join(HERE, '../../src/domain/import_feed.h'), 'utf8'))[1]);
const BIG = 4 * CHUNK;
let server;
before(async () => { server = await startServer({ args: ['--hurry', '60'] }); });
after(() => server?.stop());

/** Everything that an import may touch, as a company sees it. */
async function picture(client) {
  return {
    contacts: await client.all('listContacts'), groups: await client.all('listGroups'),
    summary: await client.json('getSummary', {}, 200),
  };
}

/** A company with `count` contacts: some in a group, some in none, with attributes and e-mail addresses. */
async function regulars(count) {
  const client = await newCompany(server);
  const lines = ['이름,휴대폰,이메일,등급,메모'];
  for (let i = 0; i < count; i++) lines.push(`단골${i},${phone(i * 7)},${i % 3 ? '' : `a${i}@example.com`},${i % 2 ? 'A' : ''},옛`);
  const half = [lines.slice(0, count / 2), [lines[0], ...lines.slice(count / 2)]].map((l) => l.join('\r\n'));
  await confirm(client, (await upload(client, half[0])).id, { new_group_names: ['단골'] });
  await confirm(client, (await upload(client, half[1])).id);
  return client;
}

function filesOf(client) {
  return fs.readdirSync(path.join(server.data, 'imports')).filter((n) => n.startsWith(`${client.session.company.id}-`));
}

/** Rows that a table keeps for undoing; the last of a confirmed import go a little later. */
function leftOf(client) {
  return ['import_chunk', 'import_undo', 'import_joined', 'import_edit'].map((table) =>
    Number(server.sql(`SELECT count(*) FROM ${table} WHERE company_id = ${client.session.company.id}`))).join();
}

async function eventually(what, told, wanted) {
  const end = Date.now() + 20_000;
  while (JSON.stringify(told()) !== JSON.stringify(wanted)) {
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(told())}`);
    await sleep(100);
  }
}

/**
 * From now on every import fails after `chunks` transactions in which it made contacts, and is tried
 * again in vain: so it is caught in the middle on any machine. Until letGo().
 */
function stopAfter(chunks) {
  const done = 'SELECT count(*) FROM import_chunk c WHERE c.company_id = NEW.company_id AND c.import_id = NEW.import_id';
  if (DATABASE === 'sqlite') {
    server.sql(`CREATE TRIGGER stop BEFORE INSERT ON import_chunk WHEN (${done}) >= ${chunks} BEGIN SELECT RAISE(ABORT, 'wished'); END`);
    return;
  }
  server.sql(`CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (${done}) >= ${chunks} THEN RAISE 'wished'; END IF;`
    + ' RETURN NEW; END $$; CREATE TRIGGER stop BEFORE INSERT ON import_chunk FOR EACH ROW EXECUTE FUNCTION stop()');
}

function letGo() {
  server.sql(DATABASE === 'sqlite' ? 'DROP TRIGGER stop' : 'DROP TRIGGER stop ON import_chunk; DROP FUNCTION stop()');
}

/** Confirms an import that gets no further than `chunks` transactions, and waits until it is there. */
async function halfway(client, id, body = {}, chunks = 3) {
  stopAfter(chunks);
  await client.call('confirmImport', { params: { id }, body }, 202);
  for (let i = 0; i < 400; i++) {
    const now = await client.json('getImport', { params: { id } }, 200);
    assert.equal(now.state, 'importing');
    if (now.progress.done >= chunks * CHUNK) return now;
    await sleep(50);
  }
  throw new Error(`it does not get there:\n${server.told()}`);
}

for (const existing of ['overwrite', 'fill', 'keep']) {
  test(`an import cancelled in the middle leaves nothing behind (${existing})`, async () => {
    const client = await regulars(3000);
    const [group] = await client.all('listGroups');
    const before = await picture(client);
    const { id } = await upload(client, csvOf(BIG, 1, '새 손님'));
    const ruled = existing === 'overwrite' ? await client.json('getImport', { params: { id } }, 200) : await remap(client, id, { existing });
    const known = Math.floor(BIG / 7);
    assert.deepEqual([ruled.counts.will_create, ruled.counts.will_update + ruled.counts.will_keep], [BIG - known, known]);
    const seen = await halfway(client, id, { group_ids: [group.id], new_group_names: ['새 그룹'] });
    assert.equal(seen.progress.total, BIG);
    assert.ok((await client.json('getSummary', {}, 200)).contacts > 3000, 'something was made');
    const [changed] = (await client.json('listContacts', { query: { q: phone(7 * 100) } }, 200)).items;
    assert.equal(changed.name, existing === 'overwrite' ? '새 손님700' : '단골100');
    assert.deepEqual(changed.groups.map((g) => g.name).sort(), ['단골', '새 그룹']);
    const answer = await client.call('cancelImport', { params: { id } });
    assert.ok([200, 202].includes(answer.status));
    const end = await importSettled(client, id);
    letGo();
    assert.deepEqual([end.state, end.result, end.confirmed_at], ['cancelled', null, null]);
    assert.deepEqual(await picture(client), before);
    assert.deepEqual([filesOf(client), leftOf(client)], [[], '0,0,0,0']);
    server.verify();
    for (const operation of ['cancelImport', 'listImportRows', 'deleteImport']) await client.call(operation, { params: { id } }, 409);
    // The same list once more, to the end.
    const done = await confirm(client, (await upload(client, csvOf(5000, 1, '새 손님'))).id);
    assert.deepEqual([done.result.created + done.result.updated, done.result.updated], [5000, Math.floor(5000 / 7)]);
  });
}

test('deleting a running import cancels it', async () => {
  const client = await newCompany(server);
  const { id } = await upload(client, csvOf(BIG));
  await halfway(client, id, { new_group_names: ['새 그룹'] }, 1);
  await client.call('deleteImport', { params: { id } }, 204);
  assert.equal((await importSettled(client, id)).state, 'cancelled');
  letGo();
  const now = await picture(client);
  assert.deepEqual([now.contacts.length, now.groups.length, now.summary.contacts], [0, 1, 0]);
});

test('what others do meanwhile stays', async () => {
  const client = await newCompany(server);
  const { id } = await upload(client, csvOf(BIG));
  const old = await client.json('createContact', { body: { name: '먼저', phone: phone(BIG - 1) } }, 201);
  const begun = await halfway(client, id, { new_group_names: ['새 그룹'] });
  const [group] = begun.groups;
  const [first] = (await client.json('listContacts', { query: { q: phone(1) } }, 200)).items;
  await client.call('deleteContact', { params: { id: first.id } }, 204);
  const other = await client.json('createContact', { body: { name: '다른 사람', phone: '01019990000', group_ids: [group.id] } }, 201);
  await client.call('cancelImport', { params: { id } });
  await importSettled(client, id);
  letGo();
  const now = await picture(client);
  assert.deepEqual(now.contacts.map((c) => [c.id, c.name, c.groups.map((g) => g.name)]).sort(),
    [[old.id, '먼저', ['미지정']], [other.id, '다른 사람', ['새 그룹']]].sort(), 'a group that somebody uses stays');
  assert.equal(now.groups.find((g) => g.id === group.id).member_count, 1);
  server.verify();
});

test('several at once, with people in common', async () => {
  const [one, two] = [await newCompany(server), await newCompany(server)];
  const lists = [[one, 1], [one, 9001], [one, 5001], [two, 1], [one, 1]];
  const size = 12_000;
  const made = await Promise.all(lists.map(([client, first], i) => upload(client, csvOf(size, first, `목록${i}-`), `${i}.csv`)));
  const done = await Promise.all(made.map((m, i) => confirm(lists[i][0], m.id, { new_group_names: [`명단 ${i}`] })));
  for (const [i, { result, groups }] of done.entries()) {
    assert.equal(result.created + result.updated, size);
    assert.equal((await lists[i][0].json('getGroup', { params: { id: groups[0].id } }, 200)).member_count, size);
  }
  assert.equal(done.filter((_, i) => lists[i][0] === one).reduce((n, d) => n + d.result.created, 0), 21_000);
  assert.equal((await one.json('getSummary', {}, 200)).contacts, 21_000);
  assert.equal((await two.json('getSummary', {}, 200)).contacts, size);
  server.verify();
  await eventually('files', () => [filesOf(one), filesOf(two)], [[], []]);
  await eventually('how to undo', () => [leftOf(one), leftOf(two)], ['0,0,0,0', '0,0,0,0']);
});

test('confirmed once, however often it is asked for', async () => {
  const client = await newCompany(server);
  const { id } = await upload(client, csvOf(4000));
  const order = { params: { id }, body: { new_group_names: ['한 번'] } };
  const answers = await Promise.all(Array.from({ length: 8 }, (_, i) =>
    client.call('confirmImport', i % 2 ? order : { ...order, headers: { 'Idempotency-Key': 'confirm-it' } })));
  assert.ok(answers.every((a) => [200, 202, 409].includes(a.status)), answers.map((a) => a.status).join());
  assert.ok(answers.some((a) => a.status < 300));
  const done = await importSettled(client, id);
  assert.deepEqual([done.state, done.result.created, done.groups.length], ['confirmed', 4000, 1]);
  assert.equal((await client.all('listGroups')).length, 2);
  const keyed = { ...order, params: { id: (await upload(client, csvOf(10, 9000))).id }, headers: { 'Idempotency-Key': 'again' } };
  const first = await client.call('confirmImport', keyed, 200);
  const second = await client.call('confirmImport', keyed, 200);
  assert.deepEqual([second.headers['idempotency-replayed'], second.text], ['true', first.text]);
  await client.call('confirmImport', { ...keyed, headers: {} }, 409);
});

test('an upload with its key is one import', async () => {
  const client = await newCompany(server);
  const headers = { 'Idempotency-Key': 'file-1' };
  const first = await offer(client, csvOf(3), 'a.csv', { headers });
  const second = await offer(client, csvOf(3), 'a.csv', { headers });
  assert.deepEqual([second.status, second.text, second.headers['idempotency-replayed']], [201, first.text, 'true']);
  assert.equal((await offer(client, csvOf(4), 'a.csv', { headers })).json.code, 'idempotency_mismatch');
  assert.equal((await client.all('listImports')).length, 1);
  const { id } = first.json;
  const lines = { params: { id }, body: Buffer.from('행,이름\r\n2,새\r\n'), type: 'text/csv', headers: { 'Idempotency-Key': 'lines' } };
  assert.equal((await client.json('correctImportRows', lines, 200)).corrected, 1);
  assert.equal((await client.call('correctImportRows', lines, 200)).headers['idempotency-replayed'], 'true');
});

test('a restart in the middle of checking, importing, cancelling: it goes on', async () => {
  const client = await newCompany(server);
  const many = 40 * CHUNK; // so that the first is still being read when the server dies
  const first = await offer(client, csvOf(many, 1, '첫'), 'a.csv');
  await client.call('deleteImport', { params: { id: first.json.id } }, 204);
  const { id } = (await offer(client, csvOf(BIG))).json;
  await server.restart();
  const read = await importSettled(client, id);
  assert.deepEqual([read.state, read.counts.ok], ['mapping', BIG]);
  await halfway(client, id);
  await server.restart();
  letGo();
  const done = await importSettled(client, id);
  assert.deepEqual([done.state, done.result], ['confirmed', { created: BIG, updated: 0, kept: 0, skipped: 0 }]);
  assert.equal((await client.json('getSummary', {}, 200)).contacts, BIG);
  const second = (await upload(client, csvOf(2 * BIG, 3 * CHUNK + 1, '다시'))).id;
  await halfway(client, second, {}, 2); // all those it knows, and two thousand it does not
  client.call('cancelImport', { params: { id: second } }).catch(() => {}); // dies with the server
  await sleep(30);
  await server.restart();
  letGo();
  if ((await client.json('getImport', { params: { id: second } }, 200)).state === 'importing') await client.call('cancelImport', { params: { id: second } });
  assert.equal((await importSettled(client, second)).state, 'cancelled');
  assert.equal((await client.json('getSummary', {}, 200)).contacts, BIG);
  assert.equal((await client.json('listContacts', { query: { q: '다시', limit: 5 } }, 200)).items.length, 0, 'former names are back');
  server.verify();
});

/** No file of the server may grow beyond this, as on a disk that is full; Infinity: as before. */
function roomFor(bytes) {
  execFileSync('prlimit', ['--pid', String(server.child.pid), `--fsize=${bytes === Infinity ? 'unlimited' : bytes}:`]);
}

test('a full disk: refused with words, nothing half-done, and well again afterwards', async () => {
  const client = await newCompany(server);
  // More than the store's own files, so that they still have room, and less than what is uploaded.
  const own = fs.readdirSync(server.data).map((name) => fs.statSync(path.join(server.data, name)).size);
  const room = Math.max(...own) + (8 << 20);
  const wide = (bytes) => {
    const line = `,${'가'.repeat(600)}\r\n`;
    const count = Math.ceil(bytes / 1830);
    return ['이름,휴대폰,메모\r\n', ...Array.from({ length: count }, (_, i) => `손님${i},${phone(i)}${line}`)].join('');
  };
  const before = await picture(client);
  roomFor(room);
  try {
    // The body itself finds no room.
    const answer = await offer(client, wide(room + (4 << 20)), 'big.csv').catch((e) => e);
    assert.ok(answer.status === 507 || /EPIPE|ECONNRESET|hang up/.test(answer.message), `${answer.message} ${answer.status} ${answer.text}`);
    // A workbook is small, but not what is in it.
    const script = path.join(HERE, 'swell.py');
    const book = execFileSync('python3', [script, String(Math.ceil((room + (4 << 20)) / 1900))], { maxBuffer: 1 << 28 });
    assert.ok(book.length < room / 2);
    const swollen = await offer(client, book, 'swell.xlsx', { headers: { 'Accept-Language': 'ko' } });
    let told = swollen.json;
    if (swollen.status === 201) {
      const end = await importSettled(client, told.id);
      assert.equal(end.state, 'refused');
      assert.equal(end.problem.code, 'storage_full');
      told = end.problem;
    } else {
      assert.equal(swollen.status, 507);
      assert.equal(told.code, 'storage_full');
    }
    assert.match(JSON.stringify(told), /디스크/);
    assert.deepEqual(filesOf(client), []);
    assert.deepEqual(await picture(client), before);
    assert.equal((await upload(client, csvOf(10))).counts.ok, 10, 'small ones still go');
  } finally {
    roomFor(Infinity);
  }
  const made = await upload(client, wide(room + (4 << 20)), 'big.csv');
  assert.ok(made.counts.ok > 1000);
  await client.call('deleteImport', { params: { id: made.id } }, 204);
  assert.equal((await confirm(client, (await upload(client, csvOf(10))).id)).result.created, 10);
});
