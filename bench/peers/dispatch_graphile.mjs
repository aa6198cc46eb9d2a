/*
 * dispatch_graphile.mjs ORDER.json - a dispatcher as a team would write it today: graphile-worker with
 * one job for 500 messages, undici, PostgreSQL.
 *
 * The order names the PostgreSQL, the gateway, its account, the template as the gateway lists it, and a
 * file of [name, phone, amount, address]. Recipients are stored and the workers warm before the clock
 * starts; it stops when the last outcome is committed. Prints {accepted, seconds, cpu_node, cpu_postgres}.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { run } from 'graphile-worker';
import pg from 'pg';
import { Agent, request } from 'undici';

const BATCH = 500;
const CALLS = 4;
const TICKS = 100;
const order = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const people = JSON.parse(fs.readFileSync(order.people, 'utf8'));

/* ---- a database of its own ---- */

const name = `bench_${randomBytes(6).toString('hex')}`;
const admin = new pg.Client(order.postgres);
await admin.connect();
await admin.query(`CREATE DATABASE ${name}`);
const url = new URL(order.postgres);
url.pathname = `/${name}`;
const pool = new pg.Pool({ connectionString: url.href, max: CALLS + 4 });
pool.on('error', () => {});
await pool.query(`CREATE TABLE message (id bigint PRIMARY KEY, name text NOT NULL, phone text NOT NULL UNIQUE,
  amount text NOT NULL, address text NOT NULL, token text NOT NULL, state text NOT NULL DEFAULT 'queued', mid text)`);
for (let from = 0; from < people.length; from += 10000) {
  const part = people.slice(from, from + 10000);
  await pool.query(`INSERT INTO message (id, name, phone, amount, address, token)
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
  [part.map((_, i) => from + i), part.map((p) => p[0]), part.map((p) => p[1]), part.map((p) => String(p[2])),
    part.map((p) => p[3]), part.map(() => randomBytes(8).toString('base64url'))]);
}
await pool.query('VACUUM ANALYZE message');

/* ---- rendering and calling ---- */

const { template, account } = order;
const fill = (text, values) => text.replaceAll(/#\{([^}]*)\}/g, (_, variable) => values[variable] ?? '안내');

function formOf(rows) {
  const form = [`apikey=${account.apikey}`, `userid=${account.userid}`, `senderkey=${account.senderkey}`,
    `tpl_code=${template.templtCode}`, `sender=${order.sender}`];
  rows.forEach((row, i) => {
    const n = i + 1;
    const values = { 이름: row.name, 결제금액: row.amount, 주문번호: row.address, 링크: `127.0.0.1:8080/r/${row.token}` };
    const put = (key, text) => form.push(`${key}_${n}=${encodeURIComponent(text)}`);
    put('receiver', row.phone);
    put('recvname', row.name);
    put('subject', '벤치');
    put('message', fill(template.templtContent, values));
    if (template.templtTitle) put('emtitle', fill(template.templtTitle, values));
    put('button', JSON.stringify({ button: template.buttons.map((b) => ({
      name: b.name, linkType: b.linkType, linkTypeName: b.linkTypeName, linkMo: fill(b.linkMo, values),
      linkPc: fill(b.linkPc, values) })) }));
  });
  return form.join('&');
}

const agent = new Agent({ connections: CALLS });
let accepted = 0;
let allStored;
const finished = new Promise((done) => { allStored = done; });

async function send({ from, to }) {
  const { rows } = await pool.query({ name: 'read', text: `SELECT name, phone, amount, address, token FROM message
    WHERE id >= $1 AND id < $2 ORDER BY id`, values: [from, to] });
  const answer = await request(`${order.gateway}/akv10/alimtalk/send/`, { method: 'POST', dispatcher: agent,
    headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: formOf(rows) });
  const told = await answer.body.json();
  if (told.code !== 0) throw new Error(`${told.code} ${told.message}`);
  const stored = await pool.query({ name: 'store', text: `UPDATE message SET state = 'accepted', mid = $3
    WHERE id >= $1 AND id < $2 AND state = 'queued'`, values: [from, to, String(told.info.mid)] });
  accepted += stored.rowCount;
  if (accepted >= people.length) allStored();
}

/* ---- CPU of the whole PostgreSQL: its first process, the living children, the dead ones ---- */

function stat(pid) {
  const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number);
}
const { rows: [{ pid }] } = await admin.query("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid");
function postgresCpu() {
  const own = stat(pid);
  let ticks = own[11] + own[12] + own[13] + own[14];
  for (const child of fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)) {
    const fields = stat(child);
    ticks += fields[11] + fields[12];
  }
  return ticks / TICKS;
}

/* ---- the measured part ---- */

const runner = await run({ pgPool: pool, concurrency: CALLS, noHandleSignals: true, pollInterval: 1000,
  logger: undefined, taskList: { warm: async () => {}, send }, crontab: '' });
for (let i = 0; i < CALLS; i++) await runner.addJob('warm', {});
await new Promise((done) => { setTimeout(done, 1500); });

const cpu = process.cpuUsage();
const server = postgresCpu();
const begun = process.hrtime.bigint();
const jobs = [];
for (let from = 0; from < people.length; from += BATCH) jobs.push({ from, to: Math.min(from + BATCH, people.length) });
await Promise.all(jobs.map((job) => runner.addJob('send', job)));
await finished;
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
const used = process.cpuUsage(cpu);
const cpuPostgres = postgresCpu() - server;
const { rows: [{ count }] } = await pool.query("SELECT count(*)::int AS count FROM message WHERE state = 'accepted'");
console.log(JSON.stringify({ accepted: count, seconds, cpu_node: (used.user + used.system) / 1e6,
  cpu_postgres: cpuPostgres }));
await runner.stop();
await pool.end().catch(() => {});
await agent.close();
await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
await admin.end();
process.exit(0);
