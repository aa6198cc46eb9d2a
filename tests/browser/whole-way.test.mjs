/*
 * whole-way.test.mjs - the main job as a shop owner does it, in a real browser: sign up, bring the
 * customers, fetch the templates, compose, look, send, watch, and see who clicked.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  Desk, EMAIL, KAKAOTALK, PASSWORD, compose, importWorkbook, launch, newGroup, openHouse, signUp, syncTemplates,
  workbook,
} from './browser.mjs';

const LINK = 'https://shop.example.kr/orders?from=talk';
const ROWS = 260;
let house, browser, desk, page, campaign, sent, group;

before(async () => {
  house = await openHouse();
  browser = await launch();
  desk = await Desk.open(browser, house.url);
  page = desk.page;
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

const api = async (path) => (await page.request.get(`${house.url}/api/v1${path}`)).json();

test('a wrong sign-up says what is wrong beside each field', async () => {
  desk.expect('401 GET /api/v1/sessions/current', '422 POST /api/v1/companies');
  await desk.go('/contacts');
  await page.waitForURL(/\/login\?to=/);
  await page.getByRole('link', { name: '회원가입' }).click();
  await page.getByRole('button', { name: '시작하기' }).click();
  await page.locator('[aria-invalid="true"]').first().waitFor();
  assert.equal(await page.locator('[aria-invalid="true"]').count(), 4);
  const field = page.getByLabel('회사 이름');
  const told = (await field.getAttribute('aria-describedby')).split(' ');
  const texts = await Promise.all(told.map((id) => page.locator(`[id="${id}"]`).innerText()));
  assert.match(texts.join(' '), /회사 이름/);
  desk.calm();
});

test('sign-up leads to the first page, which says that this is practice', async () => {
  await signUp(desk);
  assert.match(await page.getByTestId('practice').innerText(), /연습 모드 — 실제로 발송되지 않습니다/);
  assert.equal(await page.getByTestId('tile-contacts').getByTestId('value').innerText(), '0');
  desk.calm();
});

test('login comes back to where the person was going', async () => {
  const other = await Desk.open(browser, house.url);
  other.expect('401 GET /api/v1/sessions/current', '401 POST /api/v1/sessions');
  await other.go('/groups');
  await other.page.getByLabel('이메일').fill(EMAIL);
  await other.page.getByLabel('비밀번호', { exact: true }).fill('wrong');
  await other.page.keyboard.press('Enter');
  await other.page.getByRole('alert').first().waitFor();
  await other.page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD);
  await other.page.keyboard.press('Enter');
  await other.page.waitForURL(/\/groups$/);
  await other.page.getByRole('link', { name: '미지정', exact: true }).waitFor();
  other.calm();
  await other.close();
});

test('a workbook becomes customers: columns guessed, every row with its verdict, rows dropped', async () => {
  await desk.go('/imports');
  await page.setInputFiles('input[type=file]', workbook(ROWS));
  await page.getByRole('button', { name: '다음: 행 확인' }).waitFor();
  assert.equal(await page.getByRole('combobox', { name: '‘휴대폰’ 열의 쓰임' }).inputValue(), '휴대폰 번호');
  assert.equal(await page.getByRole('combobox', { name: '‘이름’ 열의 쓰임' }).inputValue(), '이름');
  await page.getByRole('button', { name: '다음: 행 확인' }).click();
  const counter = async (name) =>
    Number((await page.getByRole('button', { name: new RegExp(`^${name}`) }).innerText()).replace(/\D/g, ''));
  await page.getByRole('button', { name: /^자동수정/ }).waitFor();
  const [all, ok, repaired, duplicate, error] =
    await Promise.all(['전체', '정상', '자동수정', '중복', '오류'].map(counter));
  assert.equal(ok + repaired + duplicate + error, all);
  assert.ok(repaired > 0 && duplicate > 0 && error > 0);
  await page.getByRole('button', { name: /^오류/ }).click();
  await page.locator(`[role=grid][aria-rowcount="${error + 1}"] [data-look=error]`).first().waitFor();
  assert.equal(await page.locator('[role=grid] [data-look]:not([data-look=error])').count(), 0);
  await page.getByRole('button', { name: /^정상/ }).click();
  await page.getByRole('button', { name: /행 빼기$/ }).first().click();
  await page.getByRole('button', { name: /^제외함\s*1$/ }).waitFor();
  const takes = ok + repaired - 1;
  const next = page.getByRole('button', { name: `다음: ${takes.toLocaleString('en-US')}명 등록` });
  await next.click();
  group = await newGroup(page);
  await page.getByRole('button', { name: /^[\d,]+명 등록/ }).click();
  await page.getByTestId('import-result').waitFor();
  assert.equal(await desk.number('result-created'), takes);
  assert.equal(await desk.number('result-skipped'), all - takes);
  sent = takes;
  desk.calm();
});

test('the same file again makes nobody twice', async () => {
  const again = await importWorkbook(desk, workbook(ROWS));
  assert.equal(again.created, 1, 'only the row that was dropped before');
  const groups = (await api('/groups?limit=500')).items.filter((g) => g.name.startsWith(group));
  assert.deepEqual(groups.map((g) => g.member_count).sort((a, b) => a - b), [sent, sent + 1]);
  desk.calm();
});

test('customers are found by name and can be changed', async () => {
  await desk.go('/contacts');
  await page.getByLabel('찾기').fill('010-');
  await page.getByLabel('찾기').fill('김');
  await page.waitForURL(/q=/);
  await desk.settled();
  await page.getByRole('gridcell', { name: /^김(?!.*고르기$)/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('이메일').fill('changed@example.kr');
  await dialog.getByRole('button', { name: '저장' }).click();
  await dialog.waitFor({ state: 'detached' });
  desk.calm();
});

test('templates come from the gateway and stand as bubbles', async () => {
  await syncTemplates(desk);
  const card = page.getByRole('article', { name: '배송 완료 안내' });
  assert.match(await card.getByTestId('bubble').innerText(), /#\{상품명\}/);
  desk.calm();
});

test('composing shows every real message before anything is sent', async () => {
  await compose(desk, new RegExp(`^${group.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}, ${sent.toLocaleString('en-US')}명`), LINK);
  const first = await page.getByTestId('preview').getByTestId('bubble').innerText();
  assert.doesNotMatch(first, /#\{/);
  assert.match(first, /오후 3시/);
  await page.getByTestId('preview').getByRole('button', { name: '다음' }).click();
  await page.waitForFunction((old) => document.querySelector('[data-testid=bubble]').innerText !== old, first);
  campaign = Number(/campaigns\/(\d+)/.exec(page.url())[1]);
  if (house.server) assert.deepEqual(await house.server.journal(), []);
  desk.calm();
});

test('a reload of the preview checks again and loses nothing', async () => {
  await page.reload();
  await page.getByTestId('preview').waitFor();
  assert.match(await page.locator('body').innerText(), new RegExp(`${sent.toLocaleString('en-US')}건을 보낼 수 있습니다`));
  desk.calm();
});

test('the last question wants the number typed', async () => {
  await page.getByRole('button', { name: '다음: 확인' }).click();
  const send = page.getByTestId('send');
  await send.waitFor();
  assert.match(await page.locator('body').innerText(), /6\.5원/);
  assert.ok(await send.isDisabled());
  await page.getByLabel(/보낼 건수를 적어/).fill(String(sent + 1));
  assert.ok(await send.isDisabled());
  await page.getByLabel(/보낼 건수를 적어/).fill(sent.toLocaleString('en-US'));
  await send.click();
  await page.waitForURL(new RegExp(`/campaigns/${campaign}$`));
  desk.calm();
});

test('progress moves by itself until everybody is settled', async () => {
  const state = (name) => page.locator(`button[data-state="${name}"]`);
  await state('delivered').waitFor();
  await page.waitForFunction((total) => {
    const n = (s) => Number(document.querySelector(`button[data-state="${s}"]`)?.innerText.replace(/\D/g, '') ?? 0);
    return n('delivered') + n('failed') === total;
  }, sent, { timeout: 120_000 });
  const counts = (await api(`/campaigns/${campaign}`)).counts;
  const shown = async (name) => Number((await state(name).innerText()).replace(/\D/g, ''));
  assert.equal(await shown('delivered'), counts.delivered);
  assert.equal(await shown('failed'), counts.failed);
  if (house.server) {
    const phones = (await house.server.journal()).map((m) => m.phone);
    assert.equal(phones.length, sent);
    assert.equal(new Set(phones).size, sent);
  }
  desk.calm();
});

test('filters stand in the address and survive a reload', async () => {
  await page.locator('button[data-state="delivered"]').click();
  await page.waitForURL(/state=delivered/);
  await page.reload();
  await page.locator('button[data-state="delivered"][aria-pressed="true"]').waitFor();
  await page.locator('tbody [data-state="delivered"]').first().waitFor();
  assert.equal(await page.locator('tbody [data-state="failed"]').count(), 0);
  desk.calm();
});

test('a click on the button goes through the redirect and appears on the person', async () => {
  const { items } = await api(`/campaigns/${campaign}/messages?state=delivered&limit=1`);
  const { ordinal } = items[0];
  const message = await api(`/campaigns/${campaign}/messages/${ordinal}`);
  const button = message.buttons.find((b) => b.target);
  const token = new URL(button.mobile).pathname;
  const answer = await page.request.get(house.url + token, { maxRedirects: 0, headers: { 'User-Agent': KAKAOTALK } });
  assert.equal(answer.status(), 302);
  assert.equal(answer.headers().location, LINK);

  await desk.go(`/campaigns/${campaign}?message=${ordinal}`);
  await page.getByTestId('message').waitFor();
  assert.equal(await page.getByRole('dialog').getByText(message.name, { exact: true }).count(), 1);
  await page.getByTestId('clicks').getByText(/배송 내역 보기 · 고객/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('클릭한 고객만 (1)').click();
  await page.waitForURL(/clicked=true/);
  await page.waitForFunction(() => document.querySelectorAll('tbody tr[data-index]').length === 1);
  desk.calm();
});

test('the first page shows the numbers of the send', async () => {
  await desk.go('/');
  const summary = await api('/statistics/summary');
  const tile = (name) => page.getByTestId(`tile-${name}`).getByTestId('value').innerText();
  assert.equal(await tile('contacts'), summary.contacts.toLocaleString('en-US'));
  assert.equal(summary.messages.sent, sent);
  assert.notEqual(await tile('success'), '–');
  assert.match(await tile('click'), /^0\.\d%$/);
  await page.getByText('표', { exact: true }).click();
  const cells = await page.locator('section[aria-labelledby=hours] tbody tr').evaluateAll((rows) =>
    rows.map((r) => Number(r.querySelector('td').textContent.replace(/\D/g, ''))));
  assert.equal(cells.reduce((a, b) => a + b, 0), sent, 'the table of hours adds up');
  desk.calm();
});

test('English is one button away and stays', async () => {
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await page.getByRole('button', { name: '한국어' }).click();
  await page.getByRole('heading', { name: '첫 화면' }).waitFor();
  desk.calm();
});

test('a session that ends in the middle leads to the login and back', async () => {
  await desk.go('/templates');
  const cookies = await desk.context.cookies();
  await desk.context.clearCookies();
  desk.expect('401 GET /api/v1/groups', '401 GET /api/v1/statistics/summary', '401 GET /api/v1/sender-profiles');
  await page.getByRole('link', { name: '그룹', exact: true }).click();
  await page.waitForURL(/\/login\?to=%2Fgroups/);
  await page.getByLabel('이메일').fill(EMAIL);
  await page.getByLabel('비밀번호', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '로그인' }).click();
  await page.waitForURL(/\/groups$/);
  await page.getByRole('link', { name: '미지정', exact: true }).waitFor();
  assert.notDeepEqual(await desk.context.cookies(), cookies);
  desk.calm();
});

test('after logout every screen asks for the login again', async () => {
  await page.getByRole('button', { name: /내 메뉴/ }).click();
  await page.getByRole('menuitem', { name: '로그아웃' }).click();
  await page.waitForURL(/\/login/);
  await page.goto(`${house.url}/campaigns/${campaign}`);
  await page.waitForURL(/\/login\?to=/);
  desk.calm();
});
