/*
 * korean.test.mjs - lists as Korean shops have them, from the drop zone to registered customers, at a desk
 * and on a phone: titles above the list, a sheet of instructions before it, a market's export, CP949, Excel
 * 97, a mall's web page, and one that is nearly all wrong. What the page says at the end is what the
 * collection expects. Skipped in a checkout without the collection (SENDINGO_SHARED).
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Desk, importWorkbook, launch, openHouse, signUp } from './browser.mjs';

const LISTS = path.join(process.env.SENDINGO_SHARED ?? '', 'corpora', 'korean');
const FILES = ['05-title-rows.xlsx', '06-guide-sheet-first.xlsx', '18-smartstore-orders.xlsx', '32-cp949.csv',
  '50-excel97.xls', '54-mall-html.xls', '03-phones-bad.xlsx'];
const WINDOWS = {
  desk: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};
const skip = !fs.existsSync(LISTS) && 'no collection of Korean lists beside this checkout';
let house, browser;

before(async () => {
  if (skip) return;
  house = await openHouse();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

for (const [name, options] of Object.entries(WINDOWS)) {
  test(`Korean lists at a ${name}`, { skip }, async (t) => {
    const desk = await Desk.open(browser, house.url, options);
    await signUp(desk, { email: `korean.${name}.${process.pid}.${Date.now()}@example.kr` });
    for (const file of FILES) {
      await t.test(file, async () => {
        const { counts } = JSON.parse(fs.readFileSync(path.join(LISTS, 'expected', `${file}.json`), 'utf8'));
        await importWorkbook(desk, path.join(LISTS, 'files', file));
        const title = await desk.page.getByTestId('import-result').getByRole('status').innerText();
        assert.equal(title, `${counts.accept}명을 등록했습니다`);
        desk.calm();
      });
    }
  });
}
