/*
 * import_script.mjs READER STORE FILE TARGET - the import script that a team would write today.
 *
 * READER is sheetjs or exceljs (streaming), STORE is sqlite (node:sqlite, TARGET a file) or postgresql
 * (pg, TARGET an address). The first sheet's rows become contacts of company 1, one for each phone, the
 * last row with it wins; all of them become members of one group. SQLite: one transaction of prepared
 * upserts, WAL, synchronous=NORMAL. PostgreSQL: COPY into a temporary table, then one set-based upsert.
 * Prints {rows, refused, contacts, members, seconds}; the clock starts when the modules are loaded.
 */
import * as fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const [readerName, storeName, file, target] = process.argv.slice(2);
const MOBILE = /^01[016789]\d{7,8}$/;

/* Each reader yields the values of a row as texts, from column A, the header first. */
const readers = {
  async sheetjs() {
    const XLSX = await import('xlsx/xlsx.mjs');
    XLSX.set_fs(fs);
    return function* rows() {
      const book = XLSX.readFile(file, { dense: true, cellFormula: false, cellHTML: false, cellText: false });
      for (const row of book.Sheets[book.SheetNames[0]]) {
        yield Array.from(row, (cell) => (cell?.v === undefined ? '' : String(cell.v)));
      }
    };
  },
  async exceljs() {
    const { default: ExcelJS } = await import('exceljs');
    const text = (v) => (v instanceof Date ? v.toISOString().slice(0, 10) : v === undefined ? '' : String(v));
    return async function* rows() {
      const book = new ExcelJS.stream.xlsx.WorkbookReader(file, {
        sharedStrings: 'cache', styles: 'cache', hyperlinks: 'ignore', worksheets: 'emit', entries: 'ignore',
      });
      for await (const sheet of book) {
        for await (const row of sheet) yield Array.from(row.values.slice(1), text);
        return;
      }
    };
  },
};

const told = { rows: 0, refused: 0 };

/* The contacts of the file: [name, phone, email, attributes as JSON]. */
async function* contacts(rows) {
  let keys;
  for await (const row of rows()) {
    if (!keys) {
      keys = row;
      continue;
    }
    told.rows++;
    const phone = row[1].replaceAll(/\D/g, '');
    if (!MOBILE.test(phone)) {
      told.refused++;
      continue;
    }
    const attributes = {};
    for (let i = 3; i < keys.length; i++) if (row[i]) attributes[keys[i]] = row[i];
    yield [row[0], phone, row[2], JSON.stringify(attributes)];
  }
}

const TABLES = (id) => `
  CREATE TABLE contact (id ${id}, company_id bigint NOT NULL, name text NOT NULL, phone text NOT NULL,
    email text, attributes text NOT NULL, UNIQUE (company_id, phone));
  CREATE TABLE member (group_id bigint NOT NULL, contact_id bigint NOT NULL, PRIMARY KEY (group_id, contact_id));`;
const UPSERT = `ON CONFLICT (company_id, phone) DO UPDATE SET name = excluded.name, email = excluded.email,
  attributes = excluded.attributes`;
const JOIN = 'INSERT INTO member SELECT 1, id FROM contact WHERE company_id = 1';

const stores = {
  async sqlite() {
    const { DatabaseSync } = await import('node:sqlite');
    return async (rows) => {
      const db = new DatabaseSync(target);
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -262144');
      db.exec(TABLES('integer PRIMARY KEY'));
      const insert = db.prepare(
        `INSERT INTO contact (company_id, name, phone, email, attributes) VALUES (1, ?, ?, ?, ?) ${UPSERT}`);
      db.exec('BEGIN');
      for await (const row of contacts(rows)) insert.run(...row);
      db.exec(JOIN);
      db.exec('COMMIT');
      const count = (table) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get().n;
      const counts = { contacts: count('contact'), members: count('member') };
      db.close();
      return counts;
    };
  },
  async postgresql() {
    const { default: pg } = await import('pg');
    const { from } = await import('pg-copy-streams');
    const escaped = (text) => text.replaceAll(/[\\\t\n\r]/g,
      (c) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[c]);
    async function* lines(rows) {
      let piece = '';
      let n = 0;
      for await (const row of contacts(rows)) {
        piece += `${n++}\t${row.map(escaped).join('\t')}\n`;
        if (piece.length > 65536) {
          yield piece;
          piece = '';
        }
      }
      yield piece;
    }
    return async (rows) => {
      const db = new pg.Client({ connectionString: target });
      await db.connect();
      await db.query(TABLES('bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY'));
      await db.query('BEGIN');
      await db.query('CREATE TEMPORARY TABLE staged (n bigint, name text, phone text, email text, attributes text)');
      await pipeline(Readable.from(lines(rows)), db.query(from('COPY staged FROM STDIN')));
      await db.query(`INSERT INTO contact (company_id, name, phone, email, attributes)
        SELECT DISTINCT ON (phone) 1, name, phone, email, attributes FROM staged ORDER BY phone, n DESC ${UPSERT}`);
      await db.query(JOIN);
      await db.query('COMMIT');
      const count = async (table) => Number((await db.query(`SELECT count(*) AS n FROM ${table}`)).rows[0].n);
      const counts = { contacts: await count('contact'), members: await count('member') };
      await db.end();
      return counts;
    };
  },
};

const rows = await readers[readerName]();
const store = await stores[storeName]();
const begun = process.hrtime.bigint();
const counts = await store(rows);
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
console.log(JSON.stringify({ ...told, ...counts, seconds }));
