/*
 * exports.test.mjs - files to take away, from the screens where people look for them: the links carry
 * the filter that is on the screen, and the browser saves a file with a Korean name.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { rowsOf } from '../api/harness.mjs';
import { Desk, launch, openHouse, signUp, syncTemplates } from './browser.mjs';

let house, browser, desk;

before(async () => {
  house = await openHouse();
  browser = await launch();
  desk = await Desk.open(browser, house.url);
  await signUp(desk, { email: `exports.${process.pid}.${Date.now()}@example.kr` });
  for (const [i, name] of ['김하나', '이두리', '김세나'].entries()) {
    const made = await desk.page.request.post(`${house.url}/api/v1/contacts`, {
      headers: { 'X-Requested-With': 'sendingo' }, data: { name, phone: `0100000000${i + 1}` } });
    assert.equal(made.status(), 201);
  }
  await syncTemplates(desk);
});

after(async () => {
  await desk?.close();
  await browser?.close();
  await house?.stop();
});

/** What the browser saves when that is clicked: its name and its bytes. */
async function saved(link) {
  const [download] = await Promise.all([desk.page.waitForEvent('download'), link.click()]);
  return { name: download.suggestedFilename(), bytes: fs.readFileSync(await download.path()) };
}

test('contacts as the screen shows them', async () => {
  await desk.go('/contacts?q=%EA%B9%80');
  await desk.page.getByRole('gridcell', { name: '김세나', exact: true }).waitFor();
  await desk.page.getByRole('button', { name: '내려받기' }).click();
  const book = await saved(desk.page.getByRole('menuitem', { name: '엑셀' }));
  assert.match(book.name, /^고객_\d{8}\.xlsx$/);
  assert.deepEqual(rowsOf(book).map((r) => r[0]), ['이름', '김하나', '김세나']);
  await desk.page.getByRole('button', { name: '내려받기' }).click();
  const text = await saved(desk.page.getByRole('menuitem', { name: 'CSV' }));
  assert.match(text.name, /^고객_\d{8}\.csv$/);
  assert.match(text.bytes.toString('utf8'), /^\uFEFF이름,휴대폰/);
});

test('the example of a template', async () => {
  await desk.go('/templates');
  await desk.page.getByRole('link', { name: /배송중 안내/ }).first().click();
  const link = desk.page.getByRole('link', { name: '예제 엑셀 받기' }).first();
  const book = await saved(link);
  assert.match(book.name, /_예제_\d{8}\.xlsx$/);
  assert.deepEqual(rowsOf(book)[0].slice(0, 2), ['이름', '휴대폰']);
});

test('nothing went wrong on the way', () => desk.calm());
