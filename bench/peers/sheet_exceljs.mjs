/*
 * sheet_exceljs.mjs FILE - reads the first sheet with exceljs, streaming (its way for large files), and
 * prints rows, cells that are not empty, the sum of the phones (column B) and of the amounts (column E)
 * below the header. Styles are read because dates need them.
 */
import ExcelJS from 'exceljs';

const book = new ExcelJS.stream.xlsx.WorkbookReader(process.argv[2], {
  sharedStrings: 'cache', styles: 'cache', hyperlinks: 'ignore', worksheets: 'emit', entries: 'ignore',
});
let rows = 0;
let cells = 0;
let phones = 0;
let amount = 0;
for await (const sheet of book) {
  for await (const row of sheet) {
    const { values } = row; // from 1
    rows++;
    for (let i = 1; i < values.length; i++) if (values[i] !== undefined && values[i] !== '') cells++;
    if (rows === 1) continue;
    phones += Number(values[2].replaceAll('-', ''));
    amount += values[5];
  }
  break;
}
console.log(rows, cells, phones, amount);
