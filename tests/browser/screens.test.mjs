/*
 * screens.test.mjs - every screen, light at a desk and dark on a phone: WCAG 2.1 AA as far as axe
 * can measure it, and nothing wider than the window. The API document is among them, without axe: it
 * is Swagger UI's, but it must live under our Content-Security-Policy and ask nobody else.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Desk, compose, importWorkbook, launch, openHouse, signUp, syncTemplates, workbook,
} from './browser.mjs';

let house, browser, state, screens;

before(async () => {
  house = await openHouse();
  browser = await launch();
  const desk = await Desk.open(browser, house.url);
  const email = `screens.${process.pid}.${Date.now()}@example.kr`;
  await signUp(desk, { email });
  const { group } = await importWorkbook(desk, workbook(60));
  await syncTemplates(desk);
  await compose(desk, new RegExp(group.slice(0, 4)), 'https://shop.example.kr/');
  const draft = new URL(desk.page.url()).pathname;
  await compose(desk, new RegExp(group.slice(0, 4)), 'https://shop.example.kr/');
  const sent = Number(/campaigns\/(\d+)/.exec(desk.page.url())[1]);
  await desk.page.getByRole('button', { name: '다음: 확인' }).click();
  await desk.page.getByTestId('send').click();
  await desk.page.waitForURL(new RegExp(`/campaigns/${sent}$`));
  await desk.page.getByText(/에 끝났습니다/).waitFor({ timeout: 120_000 });
  const imports = await (await desk.page.request.get(`${house.url}/api/v1/imports`)).json();
  const done = imports.items.find((i) => i.state === 'confirmed').id;
  await desk.go('/imports');
  await desk.page.setInputFiles('input[type=file]', workbook(60));
  await desk.page.waitForURL(/\/imports\/\d+/);
  const open = Number(/imports\/(\d+)/.exec(desk.page.url())[1]);
  state = await desk.context.storageState();
  await desk.close();
  screens = [
    '/', '/contacts', '/contacts?contact=1', '/contacts?contact=1&tab=history', '/contacts?group=2', '/groups',
    '/suppressions', '/imports', `/imports/${open}`, `/imports/${open}?step=rows`,
    `/imports/${open}?step=rows&verdict=error`, `/imports/${open}?step=confirm`, `/imports/${done}`,
    '/templates', '/campaigns', '/campaigns/new',
    '/campaigns/new?group=2', '/campaigns/new?group=2&template=2', `${draft}?step=preview`, `${draft}?step=confirm`,
    `/campaigns/${sent}`, `/campaigns/${sent}?message=1`, '/settings', '/nowhere',
  ];
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

const windows = {
  'desk, light': { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  'phone, dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true },
};

for (const [name, options] of Object.entries(windows)) {
  test(`every screen: ${name}`, async (t) => {
    const desk = await Desk.open(browser, house.url, { ...options, storageState: state });
    for (const screen of screens) {
      await t.test(screen, async () => {
        await desk.go(screen);
        assert.deepEqual(await desk.axe(), []);
        assert.ok((await desk.overflow()) <= 0, 'wider than the window');
        desk.calm();
      });
    }
    await desk.close();
  });

  test(`login and sign-up: ${name}`, async () => {
    const desk = await Desk.open(browser, house.url, options);
    desk.expect('401 GET /api/v1/sessions/current');
    for (const screen of ['/login', '/signup']) {
      await desk.go(screen);
      assert.deepEqual(await desk.axe(), []);
      assert.ok((await desk.overflow()) <= 0, `${screen} is wider than the window`);
    }
    desk.calm();
    await desk.close();
  });
}

test('the windows that open: customer, group, connection, menu', async () => {
  const desk = await Desk.open(browser, house.url, { storageState: state });
  await desk.go('/contacts');
  await desk.page.locator('[role=gridcell][aria-colindex="2"]').first().click();
  await desk.page.getByRole('dialog').waitFor();
  assert.deepEqual(await desk.axe(), []);
  await desk.go('/groups');
  await desk.page.getByRole('button', { name: '그룹 만들기' }).click();
  await desk.page.getByRole('dialog').waitFor();
  assert.deepEqual(await desk.axe(), []);
  await desk.go('/settings');
  await desk.page.getByRole('button', { name: '알리고 연결' }).click();
  assert.deepEqual(await desk.axe(), []);
  await desk.page.getByRole('button', { name: /내 메뉴/ }).click();
  await desk.page.getByRole('menu').waitFor();
  assert.deepEqual(await desk.axe(), []);
  desk.calm();
  await desk.close();
});

test('the way by keyboard: skip link, menu, first customer', async () => {
  const desk = await Desk.open(browser, house.url, { storageState: state });
  const { page } = desk;
  await desk.go('/contacts');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), '본문으로 건너뛰기');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  for (let i = 0; i < 20 && !(await page.evaluate(() => document.activeElement.matches('[role=gridcell]'))); i++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  desk.calm();
  await desk.close();
});

test('the API document is shown at /docs, from this server alone', async () => {
  const desk = await Desk.open(browser, house.url);
  desk.expect('401 GET /api/v1/sessions/current');
  await desk.page.goto(`${house.url}/docs`);
  await desk.page.locator('.opblock').first().waitFor();
  assert.ok((await desk.page.locator('.opblock').count()) > 40);
  desk.calm();
  await desk.close();
});
