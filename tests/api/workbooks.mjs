/*
 * workbooks.mjs - small workbooks of every kind that can be uploaded, made byte by byte.
 *
 * Used by the tests of imports, so that no binary file lies in the tree and each test shows what
 * its file holds. Rows are arrays of texts; empty ones leave the cell out.
 */

/* ---- .xlsx ---- */

const CRC = Int32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

/** A ZIP archive of stored parts. */
function zip(parts) {
  const locals = [];
  const entries = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const data = Buffer.from(text);
    const head = Buffer.alloc(26); // from "version needed" on, the same in both places
    head.writeUInt16LE(20, 0);
    head.writeUInt32LE(crc32(data), 10);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(data.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), data);
    entries.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), head, rest, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + data.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

const xml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const letter = (column) => String.fromCharCode(65 + column);

function sheetXml({ rows, hiddenRows = [], hiddenColumns = [], merged = [] }) {
  const cols = hiddenColumns.map((c) => `<col min="${c + 1}" max="${c + 1}" width="9" hidden="1"/>`).join('');
  const data = rows.map((row, r) => `<row r="${r + 1}"${hiddenRows.includes(r + 1) ? ' hidden="1"' : ''}>`
    + row.map((text, c) => (text === '' ? ''
      : `<c r="${letter(c)}${r + 1}" t="inlineStr"><is><t xml:space="preserve">${xml(text)}</t></is></c>`)).join('')
    + '</row>').join('');
  return '<?xml version="1.0" encoding="UTF-8"?>'
    + '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    + `${cols && `<cols>${cols}</cols>`}<sheetData>${data}</sheetData>`
    + `${merged.length ? `<mergeCells>${merged.map((m) => `<mergeCell ref="${m}"/>`).join('')}</mergeCells>` : ''}</worksheet>`;
}

/** sheets: {name, rows, hidden, hiddenRows: numbers, hiddenColumns: indexes, merged: ranges} */
export function xlsx(...sheets) {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const parts = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
      + `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>${sheets.map((_, i) =>
        `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${types}.worksheet+xml"/>`).join('')}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${relations}"><Relationship Id="r1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.map((s, i) =>
      `<sheet name="${xml(s.name)}" sheetId="${i + 1}"${s.hidden ? ' state="hidden"' : ''} r:id="r${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${relations}">${sheets.map((_, i) =>
      `<Relationship Id="r${i + 1}" Type="${office}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
  };
  sheets.forEach((s, i) => { parts[`xl/worksheets/sheet${i + 1}.xml`] = sheetXml(s); });
  return zip(parts);
}

/* ---- .xls ---- */

function record(type, ...pieces) {
  const body = Buffer.concat(pieces);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type, 0);
  head.writeUInt16LE(body.length, 2);
  return Buffer.concat([head, body]);
}

function words(...numbers) {
  const out = Buffer.alloc(2 * numbers.length);
  numbers.forEach((n, i) => out.writeUInt16LE(n, 2 * i));
  return out;
}

const wide = (text) => Buffer.from(text, 'utf16le');
const bof = (kind) => record(0x809, words(0x600, kind, 0x1faa, 0x7cd, 0xc1, 0, 0x106, 0));
const eof = record(0x0a);

/** The `Workbook` stream of BIFF8: one sheet, a LABEL record for each cell. */
function biff8(rows, name) {
  const label = (r, c, text) => record(0x204, words(r, c, 0, text.length), Buffer.from([1]), wide(text));
  const bound = (at) => {
    const where = Buffer.alloc(4);
    where.writeUInt32LE(at, 0);
    return record(0x85, where, Buffer.from([0, 0, name.length, 1]), wide(name));
  };
  const before = bof(5).length + bound(0).length + eof.length;
  const cells = rows.flatMap((row, r) => row.map((text, c) => (text ? label(r, c, text) : Buffer.alloc(0))));
  return Buffer.concat([bof(5), bound(before), eof, bof(0x10), ...cells, eof]);
}

const SECTOR = 512;

/** An Excel 97 workbook: the stream in a compound file of its own, at most 62 kB of it. */
export function xls(rows, name = '명단') {
  const stream = biff8(rows, name);
  const used = Math.max(8, Math.ceil(stream.length / SECTOR)); // shorter ones would be mini streams
  const padded = Buffer.concat([stream, Buffer.alloc(used * SECTOR - stream.length)]);
  const fat = Buffer.alloc(SECTOR, 0xff);
  fat.writeUInt32LE(0xfffffffd, 0); // sector 0 is this table,
  fat.writeUInt32LE(0xfffffffe, 4); // sector 1 the directory, the stream follows
  for (let i = 0; i < used; i++) fat.writeUInt32LE(i === used - 1 ? 0xfffffffe : i + 3, 4 * (i + 2));
  const entry = (title, type, child, start, size) => {
    const out = Buffer.alloc(128);
    wide(title).copy(out);
    out.writeUInt16LE(title ? 2 * title.length + 2 : 0, 64);
    out[66] = type;
    out[67] = 1;
    [-1, -1, child].forEach((n, i) => out.writeInt32LE(n, 68 + 4 * i));
    out.writeInt32LE(start, 116);
    out.writeUInt32LE(size, 120);
    return out;
  };
  const directory = Buffer.concat([entry('Root Entry', 5, 1, -2, 0), entry('Workbook', 2, -1, 2, padded.length),
    entry('', 0, -1, 0, 0), entry('', 0, -1, 0, 0)]);
  const head = Buffer.alloc(SECTOR, 0xff);
  head.fill(0, 0, 76);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(head);
  words(0x3e, 3, 0xfffe, 9, 6).copy(head, 24);
  head.writeUInt32LE(1, 44); // tables of sectors
  head.writeUInt32LE(1, 48); // where the directory is
  head.writeUInt32LE(4096, 56);
  head.writeInt32LE(-2, 60);
  head.writeInt32LE(-2, 68);
  head.writeUInt32LE(0, 76);
  return Buffer.concat([head, fat, directory, padded]);
}

/* ---- what malls call .xls ---- */

export function html(rows) {
  const cell = (text) => `<td style="mso-number-format:'\\@'">${xml(text)}</td>`;
  return Buffer.from(`<html><head><meta charset="utf-8"></head><body><table border="1">${
    rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}</table></body></html>`);
}
