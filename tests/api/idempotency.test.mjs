/*
 * idempotency.test.mjs - a POST repeated with its key is done once.
 *
 * A program that got no answer sends the same request again. With an Idempotency-Key it gets the
 * first answer again and nothing happens twice, also when both requests are under way together.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  campaignFor, importGroup, newCompany, operations, phone, settled, startServer, syncedTemplates, trackedTemplate,
} from './harness.mjs';

let server, me;
before(async () => {
  server = await startServer();
  me = await newCompany(server);
});
after(() => server?.stop());

const keyed = (key) => ({ 'Idempotency-Key': key });

test('the same key and body: the same answer, once', async () => {
  const request = { body: { name: '한 번만' }, headers: keyed('group-1') };
  const first = await me.call('createGroup', request, 201);
  assert.equal(first.headers['idempotency-replayed'], undefined);
  const second = await me.call('createGroup', request, 201);
  assert.equal(second.headers['idempotency-replayed'], 'true');
  assert.equal(second.text, first.text);
  assert.equal((await me.all('listGroups')).filter((g) => g.name.startsWith('한 번만')).length, 1);
});

test('another body under the same key is refused', async () => {
  const other = await me.call('createGroup', { body: { name: '다른 것' }, headers: keyed('group-1') }, 422);
  assert.equal(other.json.code, 'idempotency_mismatch');
  const elsewhere = await me.call('createContact', { body: { name: '김', phone: phone(7) }, headers: keyed('group-1') }, 422);
  assert.equal(elsewhere.json.code, 'idempotency_mismatch');
});

test('another company’s key is another key', async () => {
  const other = await newCompany(server);
  const answer = await other.call('createGroup', { body: { name: '한 번만' }, headers: keyed('group-1') }, 201);
  assert.equal(answer.headers['idempotency-replayed'], undefined);
});

test('twenty at once make one', async () => {
  const request = { body: { name: '동시에', phone: phone(42) }, headers: keyed('storm') };
  const answers = await Promise.all(Array.from({ length: 20 }, () => me.call('createContact', request)));
  const made = answers.filter((a) => a.status === 201);
  assert.ok(made.length >= 1);
  assert.equal(new Set(made.map((a) => a.text)).size, 1);
  assert.equal(made.filter((a) => !a.headers['idempotency-replayed']).length, 1);
  assert.ok(answers.every((a) => a.status === 201 || a.status === 409), JSON.stringify(answers.map((a) => a.status)));
  assert.equal((await me.all('listContacts', { query: { q: phone(42) } })).length, 1);
});

test('a refusal may be corrected under a new key, and bad keys are refused', async () => {
  await me.call('createContact', { body: { name: '김', phone: '1' }, headers: keyed('bad') }, 422);
  await me.call('createContact', { body: { name: '김', phone: phone(8) }, headers: keyed('good') }, 201);
  const long = await me.call('createContact', { body: { name: '김', phone: phone(9) }, headers: keyed('k'.repeat(300)) });
  assert.ok([400, 422].includes(long.status));
});

test('a campaign is sent once, however often the order comes', async () => {
  const template = trackedTemplate(await syncedTemplates(me));
  const group = await importGroup(me, 30, { first: 100 });
  const draft = await me.json('createCampaign', { body: campaignFor(template, group) }, 201);
  const check = await me.json('checkCampaign', { params: { id: draft.id } }, 200);
  const order = { params: { id: draft.id }, body: { confirmation: check.campaign.confirmation, count: check.sendable } };
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) =>
    me.call('sendCampaign', i % 2 ? { ...order, headers: keyed('send-it') } : order)));
  assert.ok(answers.some((a) => a.status === 202));
  assert.ok(answers.every((a) => [202, 409].includes(a.status)));
  const end = await settled(me, draft.id);
  assert.equal(end.counts.delivered + end.counts.failed, 30);
  const phones = (await server.journal()).map((m) => m.phone).sort();
  assert.deepEqual(phones, Array.from({ length: 30 }, (_, i) => phone(100 + i)).sort());
});

test('every POST that the file gives a key takes one', () => {
  const takes = [...operations.values()].filter((op) => (op.operation.parameters ?? [])
    .some((p) => p.$ref?.endsWith('/IdempotencyKey')));
  assert.ok(takes.length >= 10);
  assert.ok(takes.every((op) => op.method === 'POST'));
});
