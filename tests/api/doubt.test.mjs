/*
 * doubt.test.mjs - what a program sees when the gateway's answers are lost, late or refusals.
 *
 * The practice gateway is told what shall go wrong. However it goes, every recipient ends in a state
 * that the gateway's own journal bears out, nobody stands in the journal twice, and what was proven
 * absent is sent again only when a person says so. The sender's waiting times are shortened.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  importGroup, newCompany, phone, sendTo, settled, sleep, startServer, syncedTemplates, trackedTemplate,
} from './harness.mjs';

const LIMIT_MS = 60_000;
const SIZE = 20;
let server, me, template;
let next = 10_100; // the practice gateway lets numbers that end in 0001 to 0003 fail

before(async () => {
  server = await startServer({ args: ['--hurry', '60', '--batch', '10'] });
  me = await newCompany(server);
  template = trackedTemplate(await syncedTemplates(me));
});
after(() => server?.stop());

/** Sends to SIZE new people while the gateway does what `script` says for its next sends. */
async function sendWith(script) {
  const first = next;
  next += SIZE;
  const group = await importGroup(me, SIZE, { first, group: script.join(' ') });
  await server.wish({ clear: true, endpoint: 'send', script });
  const { id } = await sendTo(me, template, group, script.join(' '));
  return { id, phones: Array.from({ length: SIZE }, (_, i) => phone(first + i)) };
}

async function until(id, what, holds) {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const campaign = await me.json('getCampaign', { params: { id } }, 200);
    if (holds(campaign)) return campaign;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(campaign)}`);
    await sleep(100);
  }
}

/** How often each of these numbers stands in the gateway's journal. */
async function taken(phones) {
  const journal = await server.journal();
  return phones.map((p) => journal.filter((m) => m.phone === p).length);
}

const once = Array.from({ length: SIZE }, () => 1);

for (const fault of ['cut-after', 'half', '5xx-after', 'html-after']) {
  test(`${fault}: taken although the answer was lost; found in the history, not sent again`, async () => {
    // A good answer after each bad one: troubles in a row make the sender wait longer and longer.
    const { id, phones } = await sendWith([fault, 'ok']);
    await until(id, 'doubt', (c) => c.counts.unknown > 0 || c.counts.delivered === SIZE);
    const end = await settled(me, id, LIMIT_MS);
    assert.equal(end.counts.delivered, SIZE);
    assert.deepEqual(await taken(phones), once);
  });
}

for (const fault of ['cut-before', '5xx', 'html']) {
  test(`${fault}: proven absent, offered to a person, sent once when they say so`, async () => {
    const { id, phones } = await sendWith([fault, 'ok']);
    const half = await until(id, 'unsent', (c) => c.counts.unsent === SIZE / 2 && c.counts.delivered === SIZE / 2);
    assert.equal((await taken(phones)).reduce((a, b) => a + b), SIZE / 2);
    await sleep(1500);
    assert.equal((await me.json('getCampaign', { params: { id } }, 200)).counts.unsent, SIZE / 2, 'nobody resends by itself');
    assert.ok(['sending', 'paused', 'finished'].includes(half.state));
    await me.call('requeueUnsent', { params: { id }, body: { count: SIZE / 2 - 1 } }, 422);
    await me.call('requeueUnsent', { params: { id }, body: { count: SIZE / 2 } }, 200);
    await me.call('requeueUnsent', { params: { id }, body: { count: SIZE / 2 } }).then((a) =>
      assert.ok([409, 422].includes(a.status)));
    const end = await settled(me, id, LIMIT_MS);
    assert.equal(end.counts.delivered, SIZE);
    assert.deepEqual(await taken(phones), once);
  });
}

test('no money: paused with words, resumed after topping up', async () => {
  const { id, phones } = await sendWith(['refuse:-99:포인트가 부족합니다.', 'refuse:-99:포인트가 부족합니다.']);
  const paused = await until(id, 'pause', (c) => c.state === 'paused');
  assert.match(paused.pause_reason.text, /[가-힣]/);
  assert.equal(paused.counts.failed, 0);
  assert.deepEqual(await taken(phones), once.map(() => 0));
  // The second call may have been refused before the pause, or meets its refusal only now.
  await me.call('resumeCampaign', { params: { id } }, 200);
  const again = await until(id, 'the rest', (c) => c.state === 'paused' || c.state === 'finished');
  if (again.state === 'paused') await me.call('resumeCampaign', { params: { id } }, 200);
  const end = await settled(me, id, LIMIT_MS);
  assert.equal(end.counts.delivered, SIZE);
  assert.deepEqual(await taken(phones), once);
});

test('a slow gateway: nobody twice', async () => {
  const { id, phones } = await sendWith(['delay:3000', 'delay:3000']);
  const end = await settled(me, id, LIMIT_MS);
  assert.equal(end.counts.delivered, SIZE);
  assert.deepEqual(await taken(phones), once);
});

test('a restart in the middle of doubt settles it', async () => {
  const { id, phones } = await sendWith(['cut-after', 'cut-before']);
  await until(id, 'doubt', (c) => c.counts.unknown > 0);
  await server.restart();
  const end = await until(id, 'settled', (c) => c.counts.delivered === SIZE / 2 && c.counts.unsent === SIZE / 2);
  assert.equal(end.counts.unknown, 0);
  const times = await taken(phones);
  assert.ok(times.every((n) => n <= 1));
  assert.equal(times.reduce((a, b) => a + b), SIZE / 2);
});

test('the books agree at the end', async () => {
  server.verify();
  const summary = await me.json('getSummary', {}, 200);
  const campaigns = await me.all('listCampaigns');
  assert.equal(summary.messages.delivered, campaigns.reduce((n, c) => n + c.counts.delivered, 0));
  assert.equal((await server.journal()).length, summary.messages.delivered + summary.messages.failed);
});
