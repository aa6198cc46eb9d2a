/*
 * upload.test.mjs - big and broken files, and memory that does not follow them.
 *
 * A body of 100 MB is streamed to the server; its peak memory may not grow with it, whether the
 * file is refused or read. The sanitizer's quarantine is kept small here, or it would be measured.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { csvOf, importSettled, newCompany, offer, startServer, upload } from './harness.mjs';

const MB = 1 << 20;
const GROWTH_MAX = 64 * MB;
let server, me;
before(async () => {
  server = await startServer({ env: { ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:quarantine_size_mb=4:malloc_context_size=5` } });
  me = await newCompany(server);
  await upload(me, csvOf(50)); // whatever is allocated once is allocated now
});
after(() => server?.stop());

function fixture(name, ...args) {
  const out = path.join(server.data, name);
  const script = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../fixtures/make_customers.py');
  const told = execFileSync('python3', [script, '--out', out, ...args], { encoding: 'utf8' });
  return { out, told: JSON.parse(told) };
}

/** `size` bytes made of one chunk repeated, so that the client does not hold them either. */
function stream(chunk, size) {
  let left = size;
  return new Readable({ read() {
    const piece = left >= chunk.length ? chunk : chunk.subarray(0, left);
    left -= piece.length;
    this.push(piece.length ? piece : null);
  } });
}

function send(body, size, filename) {
  return offer(me, body, filename, { headers: { 'Content-Length': String(size) } });
}

/** Read or refused, at once or after a while; what became of it. */
async function fate(body, filename) {
  const answer = await offer(me, body, filename);
  if (answer.status !== 201) return { status: answer.status, text: answer.text, problem: answer.json };
  const end = await importSettled(me, answer.json.id);
  assert.ok(['mapping', 'refused'].includes(end.state), answer.text);
  return { status: end.state === 'refused' ? 422 : 201, text: JSON.stringify(end), import: end };
}

let cutAt;
const incoming = () => fs.readdirSync(path.join(server.data, 'incoming'));

test('an upload cut short is no import', async () => {
  const count = (await me.all('listImports')).length;
  for (let i = 0; i < 5; i++) {
    let pieces = 0;
    const body = new Readable({ read() {
      this.push(Buffer.alloc(MB, 65));
      if (++pieces === 5) this.destroy(new Error('cut'));
    } });
    await assert.rejects(server.request('POST', '/api/v1/imports?filename=cut.csv', { body,
      headers: { Cookie: me.cookie, 'X-Requested-With': 'sendingo', 'Content-Length': String(50 * MB) } }));
  }
  cutAt = Date.now();
  assert.equal((await me.all('listImports')).length, count);
});

test('100 MB of noise is refused without being held', async () => {
  const before = server.peakMemory();
  const answer = await send(stream(randomBytes(MB), 100 * MB), 100 * MB, '고객.xlsx');
  if (answer.status === 201) assert.equal((await importSettled(me, answer.json.id)).state, 'refused');
  else assert.equal(answer.status, 422, answer.text);
  assert.ok(server.peakMemory() - before < GROWTH_MAX, `grew by ${(server.peakMemory() - before) / MB} MB`);
});

test('a list of 100 MB is read without being held', async () => {
  // 100,000 rows of 1 kB: many more bytes than the memory that may be used.
  const before = server.peakMemory();
  const filler = '가'.repeat(330);
  const out = path.join(server.data, 'big.csv');
  const file = fs.createWriteStream(out);
  file.write('이름,휴대폰,메모\r\n');
  for (let i = 0; i < 100_000; i++) {
    if (!file.write(`손님,010${String(i).padStart(8, '0')},${filler}\r\n`)) await new Promise((go) => file.once('drain', go));
  }
  await new Promise((done) => file.end(done));
  const size = fs.statSync(out).size;
  assert.ok(size > 95 * MB);
  const answer = await send(fs.createReadStream(out), size, 'big.csv');
  fs.rmSync(out);
  assert.equal(answer.status, 201, answer.text);
  const end = await importSettled(me, answer.json.id);
  assert.deepEqual([end.state, end.counts.rows], ['mapping', 100_000]);
  assert.ok(server.peakMemory() - before < GROWTH_MAX, `grew by ${(server.peakMemory() - before) / MB} MB`);
});

test('the sample workbook and the sample list give the promised verdicts', async () => {
  for (const [name, ...args] of [['a.xlsx'], ['b.csv', '--format', 'csv'],
    ['c.csv', '--format', 'csv', '--encoding', 'utf-8', '--seed', '7']]) {
    const { out, told } = fixture(name, ...args);
    const made = await upload(me, fs.readFileSync(out), name);
    const { ok, repaired, duplicate, error, rows } = made.counts;
    assert.deepEqual({ ok, repaired, duplicate, error }, told.counts, name);
    assert.equal(rows, told.rows);
  }
});

test('files that are none, and files that lie', async () => {
  const sheet = fs.readFileSync(fixture('d.xlsx').out);
  for (const [body, filename] of [[Buffer.from(''), 'a.xlsx'], [Buffer.from('PK\x03\x04'), 'a.xlsx'],
    [sheet.subarray(0, sheet.length / 2), 'a.xlsx'], [randomBytes(5000), 'a.csv'], [Buffer.alloc(5000), 'a.csv'],
    [Buffer.from('%PDF-1.4 hello'), 'a.xlsx'], [Buffer.from('\n\n\n'), 'a.csv']]) {
    const { status, text, problem } = await fate(body, filename);
    assert.ok([400, 422].includes(status), `${filename} of ${body.length} bytes -> ${status} ${text}`);
    if (problem) assert.match(problem.detail ?? problem.title, /[가-힣]/);
  }
});

test('a workbook with any byte changed is read or refused, never more', async () => {
  const sheet = fs.readFileSync(fixture('e.xlsx', '--rows', '30').out);
  let seed = Number(process.env.SENDINGO_SEED ?? 1) >>> 0;
  const lot = (n) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed % n; };
  for (let i = 0; i < 120; i++) {
    const body = Buffer.from(sheet);
    for (let k = 0; k <= lot(4); k++) body[lot(body.length)] = lot(256);
    const { status, text } = await fate(body, 'e.xlsx');
    assert.ok([201, 400, 422].includes(status), `seed ${process.env.SENDINGO_SEED} round ${i}: ${text}`);
  }
});

test('names of files are only names', async () => {
  for (const filename of ['../../etc/passwd.csv', '/etc/passwd.csv', 'a\\b.csv', '..', 'ㄱ'.repeat(300) + '.csv', '<b>.csv', 'a\u0000b.csv']) {
    const { status, text } = await fate(csvOf(2), filename);
    assert.ok([201, 400, 422].includes(status), text);
  }
  await me.call('createImport', { query: {}, body: Buffer.from(csvOf(2)), type: 'text/csv' }).then((a) =>
    assert.ok([201, 400, 422].includes(a.status), a.text));
});

test('uploads cut short leave nothing behind', async () => {
  // The server may take its idle time-out of 60 s to be sure that nobody is there any more.
  while (incoming().length > 0 && Date.now() - cutAt < 75_000) await new Promise((done) => setTimeout(done, 250));
  assert.deepEqual(incoming(), []);
  assert.ok(!(await me.all('listImports')).some((i) => i.filename === 'cut.csv'));
});
