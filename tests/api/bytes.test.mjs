/*
 * bytes.test.mjs - wrong bytes from outside get a clear no, and the server goes on.
 */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { newCompany, operations, phone, startServer } from './harness.mjs';

let server, me;
before(async () => {
  server = await startServer();
  me = await newCompany(server);
});
after(() => server?.stop());

/** Sends raw bytes and returns what came back until the server closed or `ms` were over. */
function raw(bytes, ms = 3000) {
  return new Promise((done) => {
    const socket = net.connect(server.port, '127.0.0.1');
    const chunks = [];
    const end = () => { socket.destroy(); done(Buffer.concat(chunks).toString('latin1')); };
    const timer = setTimeout(end, ms);
    socket.on('data', (c) => chunks.push(c));
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(timer); end(); });
    socket.on('connect', () => socket.write(bytes));
  });
}

const alive = async () => assert.equal((await server.request('GET', '/api/v1/status')).status, 200);

test('JSON that is none', async () => {
  const bodies = ['', '{', '{}x', '{"name":"a","name":"b","phone":"01000000001"}', '[1,]', 'NaN', '{"name":"\\ud800","phone":"1"}',
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), '\ufeff{}', '{"name":"a\u0000","phone":"1"}',
    '['.repeat(50_000), '{"a":'.repeat(5000), `{"name":${'9'.repeat(400)}}`, '"text"', 'null', '7'];
  for (const body of bodies) {
    const answer = await me.call('createContact', { body });
    assert.ok([400, 422].includes(answer.status), `${String(body).slice(0, 40)} -> ${answer.status} ${answer.text}`);
  }
  await alive();
});

test('texts that would hurt later', async () => {
  for (const name of ['a\u0000b', '\u0007', 'x'.repeat(100_000)]) {
    const answer = await me.call('createContact', { body: { name, phone: phone(5) } });
    assert.ok([400, 422].includes(answer.status), `${JSON.stringify(name).slice(0, 30)} -> ${answer.text.slice(0, 200)}`);
  }
  const odd = `'"; DROP TABLE contact; -- <script>alert(1)</script> \\ % _ 👨‍👩‍👧`;
  const made = await me.json('createContact', { body: { name: odd, phone: phone(6) } }, 201);
  assert.equal((await me.json('getContact', { params: { id: made.id } }, 200)).name, odd);
  for (const q of ['%', '_', "' OR 1=1 --", '\\', '%00']) await me.call('listContacts', { query: { q } });
  assert.deepEqual((await me.json('listContacts', { query: { q: '%' } }, 200)).items.map((c) => c.id), [made.id]);
});

test('a body too large', async () => {
  const answer = await me.call('createContact', { body: Buffer.alloc(3 << 20, 0x20) }, 413);
  assert.equal(answer.json.status, 413);
});

const takesAnyFile = (op) => '*/*' in op.operation.requestBody.content;

test('a body where none belongs, or of the wrong type', async () => {
  const answer = await me.call('createContact', { body: '<a/>', type: 'text/xml' }, 415);
  assert.equal(answer.json.code.length > 0, true);
  for (const op of operations.values()) {
    if (op.method === 'GET' || !op.role || !op.operation.requestBody || takesAnyFile(op)) continue;
    const params = Object.fromEntries([...op.path.matchAll(/\{(\w+)\}/g)].map(([, n]) => [n, 1]));
    await me.call(op.id, { params, body: 'a=b', type: 'application/x-www-form-urlencoded' }, 415);
  }
});

test('mutated requests never bring a 500', async () => {
  let seed = Number(process.env.SENDINGO_SEED ?? 1) >>> 0;
  const lot = (n) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed % n; };
  const good = Buffer.from(JSON.stringify({ name: '김하나', phone: '01000000099', email: 'a@example.com',
    attributes: { 주문: '1' }, group_ids: [1] }));
  for (let i = 0; i < 300; i++) {
    const body = Buffer.from(good);
    for (let k = 0; k <= lot(3); k++) body[lot(body.length)] = lot(256);
    await me.call('createContact', { body });
  }
  await alive();
});

test('HTTP that is none', async () => {
  const host = 'Host: 127.0.0.1\r\n';
  const requests = ['\r\n\r\n', 'GET\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n${host}\r\n`,
    `GET / HTTP/1.1\r\n${host}${'X-A: b\r\n'.repeat(5000)}\r\n`, `GET / HTTP/1.1\r\n${host}X: ${'b'.repeat(200_000)}\r\n\r\n`,
    `POST /api/v1/sessions HTTP/1.1\r\n${host}Content-Length: -5\r\n\r\n`,
    `POST /api/v1/sessions HTTP/1.1\r\n${host}Content-Length: 99999999999999999999\r\n\r\n`,
    `POST /api/v1/sessions HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456`,
    `POST /api/v1/sessions HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`,
    `POST /api/v1/sessions HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nFFFFFFFFFFFFFFFF1\r\n{}`,
    `GET /api/v1/contacts?${'q=1&'.repeat(3000)} HTTP/1.1\r\n${host}\r\n`, `GET /%00/%ff/%zz HTTP/1.1\r\n${host}\r\n`,
    `GET /r/%2e%2e%2f HTTP/1.1\r\n${host}\r\n`, Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7919) & 255))];
  for (const request of requests) {
    const told = await raw(request, 1500);
    assert.doesNotMatch(told, /^HTTP\/1\.[01] (500|2\d\d)/, String(request).slice(0, 60));
  }
  await alive();
});

test('a header that trickles is given up, and others are served meanwhile', { timeout: 90_000 }, async () => {
  const socket = net.connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  let closed = false;
  socket.on('close', () => { closed = true; });
  const begun = Date.now();
  for (let i = 0; !closed && Date.now() - begun < 75_000; i++) {
    socket.write(i === 0 ? 'GET /api/v1/status HTTP/1.1\r\nX-Slow: ' : 'a');
    await new Promise((done) => setTimeout(done, 500));
    if (i % 10 === 0) await alive();
  }
  socket.destroy();
  assert.ok(closed, 'still open after 75 s');
});
