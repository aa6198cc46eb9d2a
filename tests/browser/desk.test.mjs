/*
 * desk.test.mjs - the daily desk as a shop uses it: customers are searched while one types, ordered,
 * opened, ticked and moved with the keyboard alone, deleted by who types how many; groups in their
 * hundreds; numbers that want nothing. Then all three screens in both languages, wide and narrow, with axe.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { campaignFor } from '../api/harness.mjs';
import { Desk, importWorkbook, launch, openHouse, signUp, workbook } from './browser.mjs';

const ROWS = 2_000;
const GROUPS = 300;
let house, browser, desk, page, group, people;

const headers = { 'X-Requested-With': 'sendingo' };
async function api(path, body, method = body === undefined ? 'GET' : 'POST') {
  const answer = await page.request.fetch(`${house.url}/api/v1${path}`, { method, headers, data: body });
  assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.status() === 204 ? null : answer.json();
}
const count = async (query = '') => (await api(`/contacts/count${query}`)).count;
const grouped = async (id) => (await api(`/groups/${id}`)).member_count;
const words = (n) => n.toLocaleString('en-US');

const grid = () => page.getByRole('grid');
const dialog = () => page.getByRole('dialog');
const rows = () => page.locator('[role=row][data-index]');
const name = (row) => row.locator('[aria-colindex="2"]');
const shown = () => page.getByTestId('count');
const search = () => page.getByRole('searchbox');
const focused = (what) => page.evaluate((w) => document.activeElement?.matches(w) ?? false, what);

/* Tab until something like that has the focus. */
async function tabTo(what, key = 'Tab') {
  for (let i = 0; i < 40; i++) {
    if (await focused(what)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`nothing like ${what} is reached by ${key}`);
}

before(async () => {
  house = await openHouse();
  browser = await launch();
  desk = await Desk.open(browser, house.url);
  page = desk.page;
  await signUp(desk, { email: `desk.${process.pid}.${Date.now()}@example.kr` });
  const done = await importWorkbook(desk, workbook(ROWS));
  people = done.created;
  group = (await api('/groups?limit=500')).items.find((g) => g.name === done.group);
  for (let i = 1; i <= GROUPS; i++) await api('/groups', { name: `행사 ${i}회`, description: i % 3 ? '' : '신청한 분들' });
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

test('customers are found while one types: initials, a part of the number, a value', async () => {
  await desk.go('/contacts');
  await page.getByText(`${words(people)}명`, { exact: true }).first().waitFor();
  for (const [typed, looks] of [['ㄱ', null], ['김', /김/], ['해운대', /해운대/]]) {
    await search().fill(typed);
    await page.waitForURL((u) => u.searchParams.get('q') === typed);
    const wanted = await count(`?q=${encodeURIComponent(typed)}`);
    assert.ok(wanted > 0 && wanted < people, `${typed}: ${wanted}`);
    await shown().and(page.getByText(`${words(wanted)}명`, { exact: true })).waitFor();
    if (looks) assert.match(await rows().first().innerText(), looks);
  }
  const { items: [someone] } = await api('/contacts?limit=1');
  await search().fill(`${someone.phone.slice(3, 7)}-${someone.phone.slice(7)}`);
  await shown().and(page.getByText('1명', { exact: true })).waitFor();
  await grid().getByText(someone.name, { exact: true }).first().waitFor();
  await search().fill('없는 사람 이름');
  await page.getByRole('heading', { name: '찾는 고객이 없습니다' }).waitFor();
  await page.getByRole('button', { name: '모두 보기' }).click();
  await shown().and(page.getByText(`${words(people)}명`, { exact: true })).waitFor();
  assert.equal(await search().inputValue(), '', 'the field follows the address');
  desk.calm();
});

test('headers order the list and say so; the address keeps it', async () => {
  await desk.go('/contacts');
  const header = (text) => page.getByRole('columnheader').filter({ hasText: text });
  assert.equal(await header('등록').getAttribute('aria-sort'), 'descending');
  await header('이름').getByRole('button').click();
  await page.waitForURL(/sort=name$/);
  await page.locator('[aria-sort=ascending]').waitFor();
  const first = async (sort) => (await api(`/contacts?limit=1&sort=${sort}`)).items[0];
  await name(rows().first()).getByText((await first('name')).name, { exact: true }).waitFor();
  await header('이름').getByRole('button').click();
  await page.waitForURL(/sort=name_desc$/);
  await name(rows().first()).getByText((await first('name_desc')).name, { exact: true }).waitFor();
  await header('휴대폰').getByRole('button').click();
  await page.waitForURL(/sort=phone$/);
  const { phone } = await first('phone');
  await rows().first().getByText(`${phone.slice(0, 3)}-${phone.slice(3, 7)}-${phone.slice(7)}`).waitFor();
  desk.calm();
});

test('a place in the list is kept when one comes back', async () => {
  await desk.go('/contacts?sort=name');
  await rows().first().waitFor();
  for (let i = 0; i < 12; i++) {
    await grid().evaluate((el) => el.scrollBy(0, 2_000));
    await page.waitForTimeout(120);
  }
  await page.waitForTimeout(600); // at rest
  await page.waitForURL(/at=\d{3}/);
  const at = Number(new URL(page.url()).searchParams.get('at'));
  const there = await name(page.locator(`[role=row][data-index="${at}"]`)).innerText();
  assert.ok((await rows().count()) < 60, 'rows outside the window do not exist');
  await page.getByRole('link', { name: '그룹', exact: true }).click();
  await page.getByRole('heading', { name: '그룹', exact: true }).waitFor();
  await page.goBack();
  assert.equal(await name(page.locator(`[role=row][data-index="${at}"]`)).innerText(), there);
  await page.reload();
  assert.equal(await name(page.locator(`[role=row][data-index="${at}"]`)).innerText(), there);
  desk.calm();
});

test('with the keyboard alone: ticked, a stretch, moved to another group', async () => {
  const target = await api('/groups', { name: '단골 고객' });
  const before = await grouped(group.id);
  await desk.go(`/contacts?group=${group.id}&sort=name`);
  await rows().first().waitFor();
  await page.locator('body').focus();
  await tabTo('[role=gridcell]');
  await page.keyboard.press('Space');
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+Space');
  await page.getByText('5명 골랐습니다').waitFor();
  assert.equal(await page.locator('[role=row][aria-selected=true]').count(), 5);
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Control+Home');
  assert.ok(await focused('[role=row][data-index="0"] [role=gridcell]'));
  for (let i = 0; i < 30 && !(await page.evaluate(() => document.activeElement.textContent === '다른 그룹으로 옮기기')); i++)
    await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await dialog().getByText('어느 그룹에 넣을까요?').waitFor();
  await page.keyboard.type('단골');
  await page.getByRole('option', { name: /^단골 고객/ }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.match(await dialog().getByTestId('question').innerText(), /고객 5명을 ‘단골 고객’ 그룹으로 옮깁니다/);
  await page.keyboard.press('Tab');
  await tabTo('[type=submit]');
  await page.keyboard.press('Enter');
  await page.getByText('5명을 ‘단골 고객’ 그룹으로 옮겼습니다.').waitFor();
  assert.equal(await grouped(target.id), 5);
  assert.equal(await grouped(group.id), before - 5);
  // Enter opens, Escape closes, the focus is where it was.
  await page.locator('[role=gridcell][tabindex="0"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/contact=\d+/);
  await dialog().getByLabel('이메일').waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  assert.ok(await focused('[role=gridcell]'));
  desk.calm();
});

test('all that match are counted, asked again when there are others, and deleted by who types how many', async () => {
  await desk.go(`/contacts?group=${group.id}&q=${encodeURIComponent('해운대')}`);
  await rows().first().waitFor();
  const match = `?group_id=${group.id}&q=${encodeURIComponent('해운대')}`;
  const all = await count(match);
  assert.ok(all > 101, `${all} match`);
  await page.getByRole('checkbox').nth(1).click();
  await page.getByRole('button', { name: `조건에 맞는 ${words(all)}명 모두 고르기` }).click();
  await page.getByText(`조건에 맞는 ${words(all)}명 모두 골랐습니다`).waitFor();
  await page.getByTestId('bar').getByRole('button', { name: '삭제' }).click();
  const yes = dialog().getByRole('button', { name: /명 삭제$/ });
  assert.ok(await yes.isDisabled());
  const { items: [gone] } = await api(`/contacts${match}&limit=1`);
  await api(`/contacts/${gone.id}`, undefined, 'DELETE');
  desk.expect('409 POST /api/v1/contact-actions');
  await dialog().getByRole('textbox').fill(words(all));
  await yes.click();
  await dialog().getByTestId('count-changed').waitFor();
  assert.match(await dialog().getByTestId('count-changed').innerText(), new RegExp(`${words(all)}명이 아니라 ${words(all - 1)}명`));
  assert.equal(await count(match), all - 1, 'nothing was done');
  assert.ok(await yes.isDisabled(), 'the new number is to be typed');
  await dialog().getByRole('textbox').fill(String(all - 1));
  await yes.click();
  await page.getByText(`고객 ${words(all - 1)}명을 삭제했습니다.`).waitFor();
  assert.equal(await count(match), 0);
  people = await count();
  desk.calm();
});

test('a customer: fields by keyboard, only what was changed is sent, whose number it is', async () => {
  const { items: [one, other] } = await api('/contacts?limit=2&sort=name');
  await desk.go(`/contacts?contact=${one.id}`);
  await dialog().getByRole('button', { name: '항목 추가' }).click();
  await page.keyboard.type('생일');
  await page.keyboard.press('Enter');
  await page.keyboard.type('3월 2일');
  await page.keyboard.press('Enter');
  await page.keyboard.type('생일');
  await dialog().getByRole('button', { name: '저장' }).click();
  await dialog().getByText('같은 이름의 항목이 위에 있습니다.').waitFor();
  await dialog().getByRole('button', { name: '‘생일’ 지우기' }).last().click();
  const [sent] = await Promise.all([
    page.waitForRequest((r) => r.method() === 'PATCH'),
    dialog().getByRole('button', { name: '저장' }).click(),
  ]);
  assert.deepEqual(Object.keys(sent.postDataJSON()), ['attributes']);
  await dialog().waitFor({ state: 'detached' });
  assert.equal((await api(`/contacts/${one.id}`)).attributes.생일, '3월 2일');

  await page.getByRole('button', { name: '고객 추가' }).click();
  await dialog().getByLabel('이름', { exact: true }).fill('박하늘');
  await dialog().getByLabel('휴대폰').fill(other.phone);
  desk.expect('409 POST /api/v1/contacts');
  await dialog().getByRole('button', { name: '저장' }).click();
  await dialog().getByTestId('clash').getByRole('button', { name: `‘${other.name}’ 고객 열기` }).click();
  await page.waitForURL(new RegExp(`contact=${other.id}`));
  await dialog().getByRole('heading', { name: other.name }).waitFor();
  desk.calm();
});

test('a customer who wants nothing: set, seen in the list, taken back; and what was sent', async () => {
  const { items: [one] } = await api('/contacts?limit=1&sort=phone');
  const small = await api('/groups', { name: '한 사람' });
  await api(`/groups/${small.id}/members`, { contact_ids: [one.id] });
  const [profile] = (await api('/sender-profiles')).items;
  await api('/template-syncs', { sender_profile_id: profile.id });
  const template = (await api('/templates')).items.find((t) => t.sendable);
  const draft = await api('/campaigns', campaignFor(template, small.id, '첫 안내'));
  const check = await api(`/campaigns/${draft.id}/check`, undefined, 'POST');
  await api(`/campaigns/${draft.id}/send`, { confirmation: check.campaign.confirmation, count: 1 });

  await desk.go(`/contacts?contact=${one.id}`);
  await dialog().getByRole('button', { name: '수신거부로 등록' }).click();
  await dialog().getByLabel('메모').fill('전화로 요청');
  await dialog().getByRole('button', { name: '등록', exact: true }).click();
  await dialog().getByTestId('suppressed').getByText('메모: 전화로 요청').waitFor();
  await dialog().getByText('직접 등록했습니다.').waitFor();
  assert.equal((await api(`/contacts/${one.id}`)).suppressed, true);
  await dialog().getByRole('tab', { name: '보낸 내역' }).click();
  await page.waitForURL(/tab=history/);
  const link = dialog().getByRole('link', { name: '첫 안내' });
  await link.waitFor();
  await link.click();
  await page.waitForURL(new RegExp(`/campaigns/${draft.id}\\?message=1`));
  await page.goBack();
  await dialog().getByRole('tab', { name: '정보' }).click();
  await dialog().getByRole('button', { name: '수신거부 풀기' }).click();
  await page.getByRole('dialog', { name: '수신거부를 풀까요?' }).getByRole('button', { name: '수신거부 풀기' }).click();
  await dialog().getByRole('button', { name: '수신거부로 등록' }).waitFor();
  assert.equal((await api(`/contacts/${one.id}`)).suppressed, false);
  desk.calm();
});

test('hundreds of groups: found, ordered, named, emptied into another, deleted', async () => {
  await desk.go('/groups');
  await page.getByRole('link', { name: '미지정', exact: true }).waitFor();
  assert.ok((await rows().count()) < 50, 'rows outside the window do not exist');
  await search().fill('행사 29');
  await page.getByText('찾은 그룹 11개').waitFor();
  await search().fill('');
  await page.getByRole('columnheader').filter({ hasText: '고객 수' }).getByRole('button').click();
  await page.waitForURL(/sort=members/);
  const { items: [largest] } = await api('/groups?sort=members&limit=1');
  await rows().first().getByRole('link', { name: largest.name, exact: true }).waitFor();

  await page.getByRole('button', { name: '그룹 만들기' }).click();
  await dialog().getByLabel('그룹 이름').fill('단골 고객');
  await dialog().getByRole('button', { name: '저장' }).click();
  await page.getByText('‘단골 고객(1)’이라는 이름으로 저장했습니다.', { exact: false }).waitFor();

  const from = (await api(`/groups?q=${encodeURIComponent('단골 고객')}`)).items;
  const [old, made] = ['단골 고객', '단골 고객(1)'].map((n) => from.find((g) => g.name === n));
  await desk.go(`/groups?q=${encodeURIComponent('단골')}`);
  await page.getByRole('button', { name: '‘단골 고객’ 관리' }).click();
  await page.getByRole('menuitem', { name: '5명 모두 다른 그룹에 복사' }).click();
  await dialog().getByRole('combobox', { name: '어느 그룹에 넣을까요?' }).or(dialog().getByLabel('어느 그룹에 넣을까요?')).first().fill('단골 고객(1)');
  await page.getByRole('option', { name: /단골 고객\(1\)/ }).click();
  await dialog().getByRole('button', { name: '5명 복사' }).click();
  await page.getByText('5명을 ‘단골 고객(1)’ 그룹에도 넣었습니다.').waitFor();
  assert.deepEqual([await grouped(old.id), await grouped(made.id)], [5, 5]);

  await page.getByRole('button', { name: '‘단골 고객(1)’ 관리' }).click();
  await page.getByRole('menuitem', { name: '그룹 삭제' }).click();
  assert.match(await dialog().getByTestId('question').innerText(), /5명은 지워지지 않고 고객으로 남습니다/);
  await dialog().getByRole('button', { name: '그룹 삭제' }).click();
  await page.getByText('‘단골 고객(1)’ 그룹을 삭제했습니다.').waitFor();
  assert.equal(await count(), people);
  desk.calm();
});

test('수신거부: pasted and out of a file, refused ones with their lines, filtered, taken off', async () => {
  await desk.go('/suppressions');
  await page.getByRole('heading', { name: '수신거부한 번호가 없습니다' }).waitFor();
  await page.getByRole('button', { name: '번호 추가' }).first().click();
  await dialog().getByLabel('휴대폰 번호').fill('010-0777-0001\n홍길동\t010-0777-0002\n\n02-123-4567\n01007770001');
  await dialog().getByLabel('메모').fill('문자로 요청');
  await dialog().getByRole('button', { name: '4개 추가' }).click();
  const result = dialog().getByTestId('suppressed-result');
  await result.waitFor();
  assert.match((await result.innerText()).replace(/\s+/g, ' '), /^2 새로 추가 1 이미 있음 1 추가 못 함/);
  assert.match(await result.getByRole('row').nth(1).innerText(), /^4\s+02-123-4567/, 'the line of the text');
  await dialog().getByRole('button', { name: '더 추가하기' }).click();
  await dialog().getByRole('tab', { name: '파일로' }).click();
  await page.setInputFiles('[data-testid=suppression-file]', {
    name: '거부.csv', mimeType: 'text/csv', buffer: Buffer.from('이름,휴대폰\n가,010-0777-0003\n나,010-0777-0004\n'),
  });
  await result.waitFor();
  assert.match((await result.innerText()).replace(/\s+/g, ' '), /^2 새로 추가/);
  await dialog().locator('button[data-autofocus]').click();
  await dialog().waitFor({ state: 'detached' });
  assert.equal(await rows().count(), 4);
  await page.getByRole('combobox', { name: '이유' }).or(page.getByLabel('이유')).first().click();
  await page.getByRole('option', { name: '파일' }).click();
  await page.waitForURL(/reason=file/);
  await page.getByText('수신거부 2개').waitFor();
  await search().fill('0777-0003');
  await page.getByText('수신거부 1개').waitFor();
  await page.getByRole('button', { name: '010-0777-0003 수신거부 풀기' }).click();
  await dialog().getByRole('button', { name: '수신거부 풀기' }).click();
  await page.getByRole('heading', { name: '찾는 번호가 없습니다' }).waitFor();
  assert.equal((await api('/suppressions')).items.length, 3);
  desk.calm();
});

const windows = {
  'desk, light': { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  'tablet, light': { viewport: { width: 834, height: 1112 }, colorScheme: 'light' },
  'phone, dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true },
};

for (const lang of ['ko', 'en'])
  for (const [kind, options] of Object.entries(windows))
    test(`no barrier and nothing too wide: ${lang}, ${kind}`, async () => {
      const other = await Desk.open(browser, house.url, { ...options, storageState: await desk.context.storageState() });
      await other.context.addInitScript((l) => localStorage.setItem('sendingo.language', l), lang);
      const { items: [one] } = await api('/contacts?limit=1');
      const look = async (where, act) => {
        if (where) await other.go(where);
        await act?.(other.page);
        assert.deepEqual(await other.axe(), [], where);
        assert.ok((await other.overflow()) <= 0, `${where} is wider than the window`);
      };
      await look('/contacts');
      await look(`/contacts?group=${group.id}`, async (p) => {
        await p.getByRole('checkbox').nth(1).click();
        await p.getByTestId('bar').waitFor();
      });
      await look('/contacts?q=zzz');
      await look(`/contacts?contact=${one.id}`, (p) => p.getByTestId('contact').waitFor());
      await look(`/contacts?contact=${one.id}&tab=history`);
      await look('/contacts?contact=new');
      await look('/groups');
      await look(null, async (p) => {
        await p.getByRole('button', { name: lang === 'ko' ? '그룹 만들기' : 'New group' }).click();
        await p.getByRole('dialog').waitFor();
      });
      await look('/groups?q=zzz');
      await look('/suppressions');
      await look(null, async (p) => {
        await p.getByRole('button', { name: lang === 'ko' ? '번호 추가' : 'Add numbers' }).click();
        await p.getByRole('dialog').waitFor();
      });
      other.calm();
      await other.close();
    });
