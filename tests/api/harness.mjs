/*
 * harness.mjs - a real server, a client, and a judge that holds the OpenAPI file in its hand.
 *
 * Every test file of this folder uses it. startServer() starts the program under test on loopback
 * with a fresh data folder and, when SENDINGO_DATABASE is a postgresql:// address, a fresh database
 * there. Client.call() makes the request of one operation and refuses an answer that the file does
 * not describe: status, content type, schema, and never 500. Nothing outside this machine is called.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const TOP = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const BIN = process.env.SENDINGO_BIN ?? path.join(TOP, 'build/test/sendingo');
export const DATABASE = process.env.SENDINGO_DATABASE ?? 'sqlite';
const READY_LIMIT_MS = 60_000;
const CALL_LIMIT_MS = 60_000;

/* ---- the OpenAPI file ---- */

export const openapi = JSON.parse(fs.readFileSync(path.join(TOP, 'src/api/openapi.json'), 'utf8'));

/** operationId -> {id, method, path, full, role, operation}; `full` is the path from the root. */
export const operations = new Map();
for (const [where, item] of Object.entries(openapi.paths)) {
  const prefix = (item.servers ?? openapi.servers)[0].url.replace(/\/$/, '');
  for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
    const operation = item[method];
    if (!operation) continue;
    operations.set(operation.operationId, {
      id: operation.operationId, method: method.toUpperCase(), path: where, full: prefix + where,
      role: operation['x-role'] ?? null, operation,
    });
  }
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
addFormats(ajv);
ajv.addFormat('password', true);
ajv.addSchema(openapi, 'openapi');
const validators = new Map();

function pointerEscape(text) {
  return encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** The response object of an operation and status, with the pointer that leads to it. */
function responseOf(op, status) {
  let pointer = `/paths/${pointerEscape(op.path)}/${op.method.toLowerCase()}/responses/${status}`;
  let response = op.operation.responses[status];
  if (response?.$ref) {
    pointer = response.$ref.slice(1);
    response = openapi.components.responses[pointer.split('/').at(-1)];
  }
  return { response, pointer };
}

/** Throws when the answer is not one that the file promises for this operation. */
export function judge(op, answer) {
  const told = `${op.method} ${op.path} -> ${answer.status} ${answer.text.slice(0, 600)}`;
  assert.notEqual(answer.status, 500, told);
  const { response, pointer } = responseOf(op, answer.status);
  assert.ok(response, `status not in the file: ${told}`);
  const type = (answer.headers['content-type'] ?? '').split(';')[0].trim();
  if (!response.content) {
    assert.equal(answer.text, '', `a body where the file has none: ${told}`);
    return;
  }
  assert.ok(response.content[type], `content type ${type || 'missing'} not in the file: ${told}`);
  if (response.content[type].schema?.format === 'binary') judgeFile(answer, type, told);
  if (!/json$/.test(type)) return;
  const key = `openapi#${pointer}/content/${pointerEscape(type)}/schema`;
  if (!validators.has(key)) validators.set(key, ajv.compile({ $ref: key }));
  const validate = validators.get(key);
  assert.ok(validate(answer.json), `${told}\n${ajv.errorsText(validate.errors, { separator: '\n' })}`);
  if (type === 'application/problem+json') assert.equal(answer.json.status, answer.status, told);
}

/** A file to save: whole, named, and of the kind that its type says. */
function judgeFile(answer, type, told) {
  const { bytes, headers } = answer;
  assert.equal(Number(headers['content-length']), bytes.length, told);
  assert.match(headers['content-disposition'] ?? '', /^attachment; filename="[ -!#-~]+"; filename\*=UTF-8''[\w!#$&+\-.^`|~%]+$/, told);
  if (type === 'text/csv') assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], told);
  else assert.ok(answer.text.includes('<worksheet'), told);
}

/** The parts of a ZIP archive, by name. */
export function unzip(bytes) {
  const parts = new Map();
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  assert.ok(end >= 0, 'no archive');
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const stored = bytes.readUInt32LE(at + 20);
    const [name, extra, note] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const raw = zlib.inflateRawSync(bytes.subarray(from, from + stored));
    assert.equal(raw.length, bytes.readUInt32LE(at + 24));
    parts.set(bytes.toString('utf8', at + 46, at + 46 + name), raw.toString('utf8'));
    at += 46 + name + extra + note;
  }
  return parts;
}

/* ---- the server ---- */

async function freePort() {
  const server = net.createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

function sql(url, text) {
  return execFileSync('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-c', text, url],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

class Server {
  constructor() {
    this.data = fs.mkdtempSync(path.join(os.tmpdir(), 'sendingo-api-'));
    this.log = path.join(this.data, 'server.log');
  }

  async start(more, env) {
    this.port = await freePort();
    this.practicePort = await freePort();
    this.database = path.join(this.data, 'sendingo.db');
    const args = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`,
      '--practice-listen', `127.0.0.1:${this.practicePort}`, ...more];
    if (DATABASE !== 'sqlite') {
      this.databaseName = `api_${randomBytes(6).toString('hex')}`;
      sql(DATABASE, `CREATE DATABASE ${this.databaseName}`);
      const url = new URL(DATABASE);
      url.pathname = '/' + this.databaseName;
      this.database = url.href;
      args.push('--database', this.database);
    }
    process.once('exit', () => this.child?.kill('SIGKILL'));
    this.launch = () => {
      const log = fs.openSync(this.log, 'a');
      const child = spawn(BIN, args, { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
      fs.closeSync(log);
      this.dead = false;
      this.ended = new Promise((done) => {
        child.once('exit', (code, signal) => done(code ?? signal));
        child.once('error', done);
      });
      this.ended.then(() => { this.dead = true; });
      this.child = child;
    };
    this.launch();
    await this.ready();
    return this;
  }

  /** kill -9, and the same command again. */
  async restart() {
    this.child.kill('SIGKILL');
    await this.ended;
    this.launch();
    await this.ready();
  }

  /** Runs `sendingo verify` on the data; throws when a counter differs from its rows. */
  verify() {
    const args = ['verify', '--data', this.data];
    if (DATABASE !== 'sqlite') args.push('--database', this.database);
    return execFileSync(BIN, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async ready() {
    const limit = Date.now() + READY_LIMIT_MS;
    while (Date.now() < limit && !this.dead) {
      try {
        if ((await this.request('GET', '/api/v1/status')).status === 200) return;
      } catch { /* not listening yet */ }
      await sleep(50);
    }
    throw new Error(`the server does not come up:\n${this.told()}`);
  }

  told() {
    return fs.existsSync(this.log) ? fs.readFileSync(this.log, 'utf8').slice(-6000) : '';
  }

  /** Runs a statement in the server's own database; for states that the API cannot reach. */
  sql(text) {
    if (DATABASE !== 'sqlite') return sql(this.database, text);
    const script = 'import sqlite3,sys\nc=sqlite3.connect(sys.argv[1],timeout=20)\n'
      + 'r=c.execute(sys.argv[2]).fetchall()\nc.commit()\n'
      + 'print("\\n".join("|".join(map(str,x)) for x in r))';
    return execFileSync('python3', ['-c', script, this.database, text], { encoding: 'utf8' });
  }

  /** Peak resident memory of the server in bytes. */
  peakMemory() {
    const status = fs.readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) * 1024;
  }

  /** Stops the server; fails when it did not end well, a sanitizer spoke, or the books do not agree. */
  async stop() {
    if (!this.dead) this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 30_000);
    const end = await this.ended;
    clearTimeout(timer);
    const told = this.told();
    let books = null;
    try {
      this.verify();
    } catch (e) {
      books = e.stdout + e.stderr;
    }
    if (this.databaseName) sql(DATABASE, `DROP DATABASE ${this.databaseName} WITH (FORCE)`);
    fs.rmSync(this.data, { recursive: true, force: true });
    assert.equal(end, 0, `the server ended with ${end}:\n${told}`);
    assert.equal(books, null, 'sendingo verify');
    assert.doesNotMatch(told, /AddressSanitizer|runtime error:|LeakSanitizer|Assertion .* failed/);
  }

  /** Every message that the practice gateway took, from its own journal. */
  async journal() {
    const items = [];
    for (let after = 0; after !== null;) {
      const answer = await this.request('GET', `/practice/journal?after=${after}`, { port: this.practicePort });
      assert.equal(answer.status, 200, answer.text);
      items.push(...answer.json.items);
      after = answer.json.next;
    }
    return items;
  }

  /** Tells the practice gateway what shall go wrong: {endpoint, fault, rate} or {endpoint, script} or {clear}. */
  async wish(order) {
    const answer = await this.request('POST', '/practice/faults', {
      port: this.practicePort, body: JSON.stringify(order), headers: { 'Content-Type': 'application/json' } });
    assert.equal(answer.status, 200, answer.text);
  }

  /** What a person behind the practice gateway does to a template: {order, code, user_id, comment, content}. */
  async inspector(order) {
    const answer = await this.request('POST', '/practice/templates', {
      port: this.practicePort, body: JSON.stringify(order), headers: { 'Content-Type': 'application/json' } });
    assert.equal(answer.status, 200, answer.text);
  }

  /** One request; `body` is a string, a Buffer or a readable stream (then give Content-Length). */
  request(method, target, { headers = {}, body, port = this.port } = {}) {
    return new Promise((done, fail) => {
      const req = http.request({ host: '127.0.0.1', port, method, path: target, headers, agent: false,
        timeout: CALL_LIMIT_MS }, (res) => {
        const chunks = [];
        res.on('data', (chunk) => chunks.push(chunk));
        res.on('error', fail);
        res.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const answer = { status: res.statusCode, headers: res.headers, bytes, text: bytes.toString('utf8'), json: undefined };
          try {
            // What stands in a workbook, so that tests which look for words find them there, too.
            if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) answer.text = [...unzip(bytes).values()].join('\n');
          } catch { /* not a whole one; whoever wants one will notice */ }
          try {
            answer.json = JSON.parse(answer.text);
          } catch { /* no JSON; whoever wants some will notice */ }
          done(answer);
        });
      });
      req.on('timeout', () => req.destroy(new Error(`no answer in ${CALL_LIMIT_MS} ms: ${method} ${target}`)));
      req.on('error', fail);
      if (body && typeof body.pipe === 'function') body.on('error', (e) => req.destroy(e)).pipe(req);
      else req.end(body);
    });
  }
}

export async function startServer({ args = [], env = {} } = {}) {
  const server = new Server();
  try {
    return await server.start(args, env);
  } catch (e) {
    server.child?.kill('SIGKILL');
    throw e;
  }
}

/* ---- a client ---- */

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class Client {
  /** operationId -> Set of statuses seen, over all clients of this process. */
  static seen = new Map();

  constructor(server) {
    this.server = server;
    this.cookie = null;
    this.heard = []; // every answer, for the tenancy test
  }

  /** Path and headers of one operation's request. */
  prepare(id, { params = {}, query, body, headers = {}, type } = {}) {
    const op = operations.get(id);
    assert.ok(op, `no operation ${id} in the file`);
    let target = op.full.replace(/\{(\w+)\}/g, (_, name) => {
      assert.ok(name in params, `${id} needs ${name}`);
      return encodeURIComponent(params[name]);
    });
    if (query) target += '?' + new URLSearchParams(query);
    const sent = { 'X-Requested-With': 'sendingo', ...headers };
    if (this.cookie && !('Cookie' in sent)) sent.Cookie = this.cookie;
    let raw = body;
    if (body !== undefined && typeof body === 'object' && !Buffer.isBuffer(body) && !body.pipe) {
      raw = JSON.stringify(body);
    }
    if (raw !== undefined && !('Content-Type' in sent)) sent['Content-Type'] = type ?? 'application/json';
    for (const name of Object.keys(sent)) if (sent[name] === null) delete sent[name];
    return { op, target, sent, raw };
  }

  /** Calls an operation, judges the answer, and when `status` is given demands it. */
  async call(id, options = {}, status) {
    const { op, target, sent, raw } = this.prepare(id, options);
    const answer = await this.server.request(op.method, target, { headers: sent, body: raw });
    judge(op, answer);
    if (!Client.seen.has(id)) Client.seen.set(id, new Set());
    Client.seen.get(id).add(answer.status);
    this.heard.push({ id, target, answer });
    if (status !== undefined) {
      assert.equal(answer.status, status, `${op.method} ${target} -> ${answer.status} ${answer.text.slice(0, 600)}`);
    }
    const cookie = answer.headers['set-cookie']?.find((c) => /sendingo_session=/.test(c));
    if (cookie) this.cookie = cookie.split(';')[0];
    return answer;
  }

  /** Like call(), but only the JSON. */
  async json(id, options, status) {
    return (await this.call(id, options, status)).json;
  }

  /** All items of a list operation, page by page. */
  async all(id, options = {}) {
    const items = [];
    let cursor = null;
    do {
      const query = { limit: 500, ...options.query, ...(cursor ? { cursor } : {}) };
      const page = await this.json(id, { ...options, query }, 200);
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return items;
  }
}

let companies = 0;

/** A client whose company was just signed up. */
export async function newCompany(server, name = '시험 회사') {
  const client = new Client(server);
  client.email = `owner${++companies}-${process.pid}@example.com`;
  client.password = 'correct horse battery';
  client.session = await client.json('signUp', {
    body: { company_name: name, name: '주인', email: client.email, password: client.password },
  }, 201);
  return client;
}

/* ---- pieces of the main job that several files need ---- */

/** A made-up number that no subscriber has. */
export function phone(n) {
  return `010${String(n % 20_000_000).padStart(8, '0')}`;
}

/** A UTF-8 list of `count` people from number `first` on. */
export function csvOf(count, first = 1, mark = '손님') {
  const rows = Array.from({ length: count }, (_, i) => `${mark}${first + i},${phone(first + i)},A-${first + i}`);
  return ['이름,휴대폰,주문번호', ...rows, ''].join('\r\n');
}

/** Sends a file of any kind; the whole answer, whatever it is. Reading may not have ended. */
export function offer(client, body, filename = '고객.csv', { query, ...more } = {}) {
  return client.call('createImport', { query: { filename, ...query }, type: 'application/octet-stream',
    body: typeof body === 'string' ? Buffer.from(body) : body, ...more });
}

const BUSY = ['checking', 'importing', 'cancelling'];

/** Waits until nobody works on an import any more; fails after `limit` ms. */
export async function importSettled(client, id, limit = 120_000) {
  const end = Date.now() + limit;
  for (;;) {
    const now = await client.json('getImport', { params: { id } }, 200);
    assert.equal(now.progress !== null, BUSY.includes(now.state), JSON.stringify(now));
    if (!now.progress) return now;
    assert.ok(Date.now() < end, `not settled: ${JSON.stringify(now)}\n${client.server.told()}`);
    await sleep(50);
  }
}

/** An import whose file has been read: what the client was told, or has learnt by asking again. */
export async function upload(client, body, filename, options) {
  const answer = await offer(client, body, filename, options);
  assert.equal(answer.status, 201, `${answer.text}\n${client.server.told()}`);
  const made = answer.json.state === 'checking' ? await importSettled(client, answer.json.id) : answer.json;
  assert.equal(made.state, 'mapping', JSON.stringify(made));
  return made;
}

/** Has the file read again as `body` says, and waits for that. */
export async function remap(client, id, body) {
  await client.json('setImportMapping', { params: { id }, body }, 200);
  return importSettled(client, id);
}

/** Confirms an import and waits until its contacts are there. */
export async function confirm(client, id, body = {}) {
  const answer = await client.call('confirmImport', { params: { id }, body });
  assert.ok([200, 202].includes(answer.status), answer.text);
  assert.equal(answer.status === 202, BUSY.includes(answer.json.state), answer.text);
  const done = await importSettled(client, id);
  assert.equal(done.state, 'confirmed', JSON.stringify(done));
  return done;
}

/** The rows of a spreadsheet that was downloaded, as `sendingo sheet dump` sees them. */
export function rowsOf(answer, suffix = '.xlsx') {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sendingo-file-'));
  const file = path.join(folder, `download${suffix}`);
  fs.writeFileSync(file, answer.bytes);
  try {
    return csvRows(execFileSync(BIN, ['sheet', 'dump', file], { encoding: 'utf8', maxBuffer: 1 << 28 }));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** The rows of a CSV text (RFC 4180). */
export function csvRows(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    if (end === '' && row.length === 0 && quoted === undefined && plain === '') break;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** Contacts 1..count in a new group; returns the group's id. */
export async function importGroup(client, count, { first = 1, mark, group = '올린 명단' } = {}) {
  const { id } = await upload(client, csvOf(count, first, mark));
  const done = await confirm(client, id, { new_group_names: [group] });
  return done.groups[0].id;
}

/** Templates of the default profile after a sync. */
export async function syncedTemplates(client) {
  const [profile] = await client.all('listSenderProfiles');
  await client.json('syncTemplates', { body: { sender_profile_id: profile.id } }, 201);
  return client.all('listTemplates');
}

/** A body for createCampaign that fills every variable with a word. */
export function campaignFor(template, groupId, name = '시험 발송') {
  return {
    name, template_id: template.id, recipients: { group_ids: [groupId] },
    values: Object.fromEntries(template.variables.map((v) => [v, v === '이름' || v === '고객명'
      ? { source: 'name' } : { source: 'text', text: '값' }])),
    links: template.buttons.filter((b) => b.tracked)
      .map((b) => ({ button: b.ordinal, url: `https://example.com/to/${b.ordinal}` })),
  };
}

export function trackedTemplate(templates) {
  const found = templates.find((t) => t.sendable && t.buttons.some((b) => b.tracked));
  assert.ok(found, 'the practice gateway offers no template with a tracked button');
  return found;
}

/** Composes, checks and sends; returns the campaign as sendCampaign answered. */
export async function sendTo(client, template, groupId, name) {
  const draft = await client.json('createCampaign', { body: campaignFor(template, groupId, name) }, 201);
  const check = await client.json('checkCampaign', { params: { id: draft.id } }, 200);
  assert.deepEqual(check.refused, []);
  return client.json('sendCampaign', {
    params: { id: draft.id },
    body: { confirmation: check.campaign.confirmation, count: check.sendable },
  }, 202);
}

/** Waits until every message is settled; fails after `limit` ms. */
export async function settled(client, id, limit = 120_000) {
  const end = Date.now() + limit;
  for (;;) {
    const campaign = await client.json('getCampaign', { params: { id } }, 200);
    const c = campaign.counts;
    if (['finished', 'cancelled'].includes(campaign.state)
        && c.delivered + c.failed + c.expired + c.skipped + c.cancelled === c.total) return campaign;
    assert.ok(Date.now() < end, `not settled: ${JSON.stringify(campaign)}\n${client.server.told()}`);
    await sleep(250);
  }
}
