/*
 * sheet_sheetjs.mjs FILE - reads the first sheet with SheetJS and prints rows, cells that are not empty,
 * the sum of the phones (column B) and of the amounts (column E) below the header. The settings are
 * those that served SheetJS best: dense rows, no formulas, no HTML, no formatted texts.
 */
import * as fs from 'node:fs';
import * as XLSX from 'xlsx/xlsx.mjs';

XLSX.set_fs(fs);
const book = XLSX.readFile(process.argv[2], {
  dense: true, cellFormula: false, cellHTML: false, cellText: false,
});
const sheet = book.Sheets[book.SheetNames[0]];
let rows = 0;
let cells = 0;
let phones = 0;
let amount = 0;
for (const row of sheet) {
  rows++;
  for (const cell of row) if (cell && cell.v !== undefined && cell.v !== '') cells++;
  if (rows === 1) continue;
  phones += Number(row[1].v.replaceAll('-', ''));
  amount += row[4].v;
}
console.log(rows, cells, phones, amount);
