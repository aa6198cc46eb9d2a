/*
 * import_sheetjs_sqlite.mjs FILE DATABASE - the usual import script: SheetJS reads the workbook, one
 * transaction upserts a contact for each phone with node:sqlite. Prints {rows, contacts, seconds}; the
 * clock starts when the modules are loaded.
 */
import * as fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import * as XLSX from 'xlsx/xlsx.mjs';

const [file, database] = process.argv.slice(2);
const begun = process.hrtime.bigint();
XLSX.set_fs(fs);
const book = XLSX.readFile(file, { dense: true, cellFormula: false, cellHTML: false, cellText: false });
const [header, ...rows] = book.Sheets[book.SheetNames[0]];
const keys = header.map((cell) => cell.v);

const db = new DatabaseSync(database);
db.exec('PRAGMA journal_mode = WAL');
db.exec('PRAGMA synchronous = NORMAL');
db.exec(`CREATE TABLE contact (id INTEGER PRIMARY KEY, company_id INTEGER NOT NULL, name TEXT NOT NULL,
  phone TEXT NOT NULL, email TEXT, attributes TEXT NOT NULL, UNIQUE (company_id, phone))`);
const insert = db.prepare(`INSERT INTO contact (company_id, name, phone, email, attributes) VALUES (1, ?, ?, ?, ?)
  ON CONFLICT (company_id, phone) DO UPDATE SET name = excluded.name, email = excluded.email,
  attributes = excluded.attributes`);
const MOBILE = /^01[016789]\d{7,8}$/;
let refused = 0;
db.exec('BEGIN');
for (const row of rows) {
  const text = (i) => (row[i] ? String(row[i].v) : '');
  const phone = text(1).replaceAll(/\D/g, '');
  if (!MOBILE.test(phone)) {
    refused++;
    continue;
  }
  const attributes = {};
  for (let i = 3; i < keys.length; i++) if (row[i]) attributes[keys[i]] = text(i);
  insert.run(text(0), phone, text(2), JSON.stringify(attributes));
}
db.exec('COMMIT');
const contacts = db.prepare('SELECT count(*) FROM contact').get()['count(*)'];
db.close();
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
console.log(JSON.stringify({ rows: rows.length, refused, contacts, seconds }));
