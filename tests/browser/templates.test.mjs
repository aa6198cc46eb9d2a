/*
 * templates.test.mjs - templates as a shop owner keeps them: fetch, find, see why one cannot be sent,
 * write a new one under the rules' eyes, hand it in, see it approved; in both languages and on a phone.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, launch, openHouse, signUp, speak, syncTemplates } from './browser.mjs';

let house, browser, desk, page, state;
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true };

before(async () => {
  house = await openHouse();
  browser = await launch();
  desk = await Desk.open(browser, house.url);
  page = desk.page;
  await signUp(desk, { email: `templates.${process.pid}.${Date.now()}@example.kr` });
  state = await desk.context.storageState();
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

const templates = async () => (await (await page.request.get(`${house.url}/api/v1/templates?limit=500`)).json()).items;
const cards = () => page.locator('article');

test('fetching says what came', async () => {
  await syncTemplates(desk);
  const all = await templates();
  await page.getByText(new RegExp(`새로 ${all.length}개`)).first().waitFor();
  assert.equal(await cards().count(), all.length);
  desk.calm();
});

test('the list is searched and filtered, and the address keeps it', async () => {
  const all = await templates();
  await page.getByLabel('템플릿 찾기').fill('배송 완료');
  await page.waitForURL(/q=/);
  assert.equal(await cards().count(), all.filter((x) => `${x.name} ${x.content}`.includes('배송 완료')).length);
  await desk.go('/templates?state=rejected');
  const rejected = all.filter((x) => x.inspection === 'rejected' && x.status !== 'stopped');
  assert.ok(rejected.length > 0);
  assert.equal(await cards().count(), rejected.length);
  for (const x of rejected) await cards().filter({ hasText: x.problem.text }).first().waitFor();
  await desk.go('/templates?q=zzz');
  await page.getByRole('button', { name: '모두 보기' }).click();
  assert.equal(await cards().count(), all.length);
  desk.calm();
});

test('a rejected one shows what the inspector said, and what can be done', async () => {
  const x = (await templates()).find((t) => t.inspection === 'rejected' && t.comments.length > 0);
  await desk.go(`/templates/${x.id}`);
  await page.getByRole('heading', { name: '지금은 보낼 수 없습니다' }).waitFor();
  await page.getByText(x.comments.at(-1).text).waitFor();
  await page.getByRole('button', { name: '검수 요청' }).waitFor();
  await page.getByRole('link', { name: '고치기' }).waitFor();
  assert.equal(await page.getByRole('link', { name: '이 템플릿으로 보내기' }).count(), 0);
  desk.calm();
});

test('a new one is checked while it is written, registered, handed in and approved', async () => {
  await desk.go('/templates/new');
  await page.getByRole('button', { name: '등록하기' }).click();
  await page.getByText('템플릿 이름을 적어 주세요.').waitFor();
  await page.getByLabel('템플릿 이름').fill('수선 완료 안내');
  const text = page.getByRole('textbox', { name: '문구', exact: true });
  await text.fill('님, 맡기신 옷의 수선이 끝났습니다.\n매장에 들러 찾아가 주세요.');
  await text.press('Control+Home');
  await page.getByRole('button', { name: '변수 넣기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '이름', exact: true }).click();
  assert.match(await text.inputValue(), /^#\{이름\}님,/);
  await page.getByRole('button', { name: '버튼 추가' }).click();
  await page.getByLabel('버튼 이름').fill('매장 위치');
  const link = page.getByRole('textbox', { name: '모바일 주소' });
  await page.locator('[id="field-buttons-0-mobile"][aria-invalid=true]').waitFor({ state: 'detached' });
  await page.getByText('고쳐야 할 것', { exact: false }).waitFor();
  assert.deepEqual(await desk.axe(), []);
  await page.getByRole('button', { name: '클릭을 세는 링크로 하기' }).click();
  assert.match(await link.inputValue(), /^https:\/\/.*#\{링크\}$/);
  await page.getByText(/어긋나는 곳이 없습니다|등록할 수 있습니다/).waitFor();
  assert.match(await page.getByTestId('bubble').innerText(), /#\{이름\}님, 맡기신 옷의/);
  await page.getByRole('button', { name: '등록하기' }).click();
  await page.waitForURL(/\/templates\/\d+$/);
  await page.getByRole('button', { name: '검수 요청' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '검수 요청' }).click();
  await page.getByRole('link', { name: '고치기' }).waitFor({ state: 'detached' });
  await page.getByText('검수하는 동안에는 고칠 수 없습니다', { exact: false }).first().waitFor();
  desk.calm();
  // The practice gateway's inspector takes a few seconds.
  const sendable = page.getByRole('heading', { name: '보낼 수 있습니다', exact: true });
  for (let i = 0; i < 20 && !(await sendable.isVisible()); i++) {
    await page.getByRole('button', { name: '템플릿 가져오기' }).click();
    await page.waitForTimeout(1_500);
  }
  await sendable.waitFor();
  await page.getByRole('link', { name: '이 템플릿으로 보내기' }).waitFor();
  desk.calm();
});

test('leaving what is not saved asks first', async () => {
  await desk.go('/templates/new');
  await page.getByLabel('템플릿 이름').fill('버릴 것');
  await page.getByRole('link', { name: '설정' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: '그대로 두기' }).click();
  assert.match(page.url(), /templates\/new/);
  await page.getByRole('link', { name: '설정' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: '버리고 나가기' }).click();
  await page.waitForURL(/settings/);
  desk.calm();
});

test('a rejected one is changed and then deleted', async () => {
  const x = (await templates()).find((t) => t.editable && t.deletable && t.emphasis === 'NONE');
  await desk.go(`/templates/${x.id}/edit`);
  await page.getByLabel('템플릿 이름').fill('고친 이름');
  await page.getByRole('button', { name: '고친 것 저장' }).click();
  await page.getByRole('heading', { name: '고친 이름' }).waitFor();
  await page.getByRole('button', { name: '삭제' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '삭제' }).click();
  await page.waitForURL(/\/templates$/);
  assert.ok(!(await templates()).some((t) => t.id === x.id && t.problem?.code !== 'gone'));
  desk.calm();
});

for (const language of ['ko', 'en'])
  for (const [name, options] of Object.entries({ desk: {}, phone: PHONE }))
    test(`every screen of templates: ${language}, ${name}`, async () => {
      const other = await Desk.open(browser, house.url, { ...options, storageState: state });
      await speak(other, language);
      const all = await templates();
      const one = (test) => all.find(test).id;
      const screens = [
        '/templates', '/templates?state=approved&q=zzz', '/templates/new',
        ...['approved', 'rejected', 'requested'].flatMap((s) => all.find((x) => x.inspection === s)?.id ?? [])
          .map((id) => `/templates/${id}`),
        `/templates/${one((x) => x.emphasis === 'IMAGE')}`, `/templates/${one((x) => x.emphasis === 'TEXT')}`,
        `/templates/new?from=${one((x) => x.emphasis === 'TEXT')}`,
      ];
      for (const screen of screens) {
        await other.go(screen);
        assert.deepEqual(await other.axe(), [], screen);
        assert.ok((await other.overflow()) <= 0, `${screen} is wider than the window`);
        assert.equal(await other.page.evaluate(() => document.documentElement.lang), language);
      }
      other.calm();
      await other.close();
    });
