/*
 * csrf.test.mjs - another site cannot act with our cookie.
 *
 * Every unsafe operation of the file is called with a good cookie but as another site's form or
 * script would call it: without the header that a form cannot send, and from another origin.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, newCompany, operations, startServer } from './harness.mjs';

let server, me;
before(async () => {
  server = await startServer();
  me = await newCompany(server);
});
after(() => server?.stop());

const unsafe = [...operations.values()].filter((op) => op.method !== 'GET' && op.role);

function request(op) {
  const params = Object.fromEntries([...op.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, 1]));
  const body = op.operation.requestBody ? (op.id === 'createImport' ? Buffer.from('x') : {}) : undefined;
  return { params, body, query: op.id === 'createImport' ? { filename: 'x.csv' } : undefined };
}

async function refused(op, headers) {
  const answer = await me.call(op.id, { ...request(op), headers }, 403);
  assert.equal(answer.json.code, 'csrf', `${op.id}: ${answer.text}`);
}

test('the header that no form can send is needed', async () => {
  for (const op of unsafe) await refused(op, { 'X-Requested-With': null });
  for (const op of unsafe) await refused(op, { 'X-Requested-With': 'XMLHttpRequest' });
});

test('another origin is refused even with the header', async () => {
  const ours = `http://127.0.0.1:${server.port}`;
  for (const origin of ['https://evil.example', 'null', ours + '.evil.example', `http://127.0.0.1:${server.port + 1}`,
    `https://127.0.0.1:${server.port}`]) {
    for (const op of unsafe) await refused(op, { Origin: origin });
  }
});

test('our own origin is let in', async () => {
  const headers = { Origin: `http://127.0.0.1:${server.port}` };
  await me.call('createGroup', { body: { name: '같은 곳' }, headers }, 201);
});

test('nothing was done meanwhile', async () => {
  assert.deepEqual((await me.all('listGroups')).map((g) => g.name).sort(), ['같은 곳', '미지정'].sort());
  await me.call('getSession', {}, 200);
});

test('reading needs no header, and no answer is open to other origins', async () => {
  const answer = await me.call('listContacts', { headers: { 'X-Requested-With': null, Origin: 'https://evil.example' } }, 200);
  assert.equal(answer.headers['access-control-allow-origin'], undefined);
  const preflight = await server.request('OPTIONS', '/api/v1/groups', {
    headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' } });
  assert.ok(!Object.keys(preflight.headers).some((h) => h.startsWith('access-control-')));
});

test('pages may not be framed and carry no inline script', async () => {
  const page = await server.request('GET', '/');
  assert.equal(page.status, 200);
  const policy = page.headers['content-security-policy'] ?? '';
  assert.match(policy, /default-src 'self'|script-src 'self'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /script-src[^;]*'unsafe-(inline|eval)'/);
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.doesNotMatch(page.text, /<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
});

test('guessing passwords gets slower', async () => {
  const anyone = new Client(server);
  let last;
  for (let i = 0; i < 40; i++) {
    last = await anyone.call('login', { body: { email: me.email, password: `guess ${i}` } });
    if (last.status === 429) break;
    assert.equal(last.status, 401);
  }
  assert.equal(last.status, 429, '40 wrong passwords in a row');
  assert.ok(Number(last.headers['retry-after']) > 0);
});
