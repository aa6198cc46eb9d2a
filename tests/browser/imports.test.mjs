/*
 * imports.test.mjs - the import as a shop owner walks it: a file of the wrong encoding, wrong rows put
 * right in the table, on a phone and by way of a workbook, hundreds of thousands of rows, groups, a running
 * import undone, a file that cannot be read. Each state is measured by axe at a desk and on a phone.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { BIN } from '../api/harness.mjs';
import { Desk, launch, newGroup, openHouse, signUp, syncTemplates, uploadFile } from './browser.mjs';

const MANY = 400_000; // enough that a person can cancel while they are registered
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sendingo-imports-'));
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true };
let house, browser, desk, page, state;

before(async () => {
  house = await openHouse();
  browser = await launch();
  desk = await Desk.open(browser, house.url);
  page = desk.page;
  await signUp(desk, { email: `imports.${process.pid}.${Date.now()}@example.kr` });
  state = await desk.context.storageState();
});

after(async () => {
  await browser?.close();
  await house?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const api = async (where) => (await page.request.get(`${house.url}/api/v1${where}`)).json();

function file(name, content) {
  const where = path.join(folder, name);
  fs.writeFileSync(where, content);
  return where;
}

/* CP949 has no encoder in Node: the decoder turned round, for the two-byte area that EUC-KR has too. */
function cp949(text) {
  const decoder = new TextDecoder('euc-kr');
  const bytes = new Map();
  for (let a = 0xa1; a <= 0xfe; a++)
    for (let b = 0xa1; b <= 0xfe; b++) bytes.set(decoder.decode(Uint8Array.of(a, b)), [a, b]);
  return Buffer.from([...text].flatMap((c) => (c < '\x80' ? [c.charCodeAt(0)] : bytes.get(c))));
}

const LINES = [
  '고객명,연락처,주문번호', // row 1
  '김하늘,010-0100-0001,A-1',
  '이바다,10-0100-0002,A-2', // lost its zero
  '박서준,02-100-0003,A-3', // land line
  '최지우,010-0100-0001,A-4', // as row 2
  '정다은,010-0100-00,A-5', // too short
  '강민호,010-0100-0006,A-6',
  '조은별,,A-7', // none
  '윤슬,010-0100-0008,A-8',
];
const list = (name) => file(name, `\ufeff${LINES.join('\r\n')}\r\n`);

const counter = async (name) =>
  Number((await page.getByRole('button', { name: new RegExp(`^${name}`) }).innerText()).replace(/\D/g, ''));
const counters = () => Promise.all(['전체', '정상', '자동수정', '중복', '오류', '제외함'].map(counter));
const until = (name, n) => page.getByRole('button', { name: new RegExp(`^${name}\\s*${n}$`) }).waitFor();
const toRows = () => page.getByRole('button', { name: '다음: 행 확인' }).click();
const said = (words) => page.getByTestId('said').filter({ hasText: words }).waitFor();
const row = (n) =>
  page.locator('[role=row][data-index]').filter({ has: page.locator('[aria-colindex="2"]', { hasText: new RegExp(`^${n}$`) }) });

/* The screen as it is, measured; then the same address on a phone in the dark. */
async function measured() {
  assert.deepEqual(await desk.axe(), []);
  assert.ok((await desk.overflow()) <= 0, 'wider than the window');
  const other = await Desk.open(browser, house.url, { ...PHONE, storageState: state });
  await other.go(page.url().slice(house.url.length));
  assert.deepEqual(await other.axe(), []);
  assert.ok((await other.overflow()) <= 0, 'wider than a phone');
  other.calm();
  await other.close();
}

test('the list of imports: any file may be dropped, an example is there for a template', async () => {
  await syncTemplates(desk);
  await desk.go('/imports');
  await page.getByRole('combobox', { name: '어떤 템플릿에 쓸 명단인가요?' }).click();
  await page.getByRole('option', { name: '배송 완료 안내' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '예제 엑셀 받기' }).click(),
  ]);
  const example = path.join(folder, '예제.xlsx');
  await download.saveAs(example);
  assert.equal(fs.readFileSync(example).subarray(0, 2).toString(), 'PK');
  await page.setInputFiles('input[type=file]', example);
  await page.waitForURL(/\/imports\/\d+/);
  await page.getByText('템플릿의 변수와 같은 이름입니다').first().waitFor();
  assert.equal(await page.getByRole('combobox', { name: '쓸 템플릿' }).inputValue(), '배송 완료 안내');
  desk.calm();
});

const encoding = () => page.getByRole('combobox', { name: /글자 방식/ });
async function read(as) {
  await encoding().click();
  await page.getByRole('option', { name: as }).click();
}

test('another encoding shows at once what the file would be, and the right one comes back', async () => {
  const ascii = 'name,phone\r\nKim,01001000001\r\nLee,01001000002\r\n'; // an even number of bytes
  await uploadFile(desk, file('ascii.csv', ascii));
  assert.equal(await encoding().inputValue(), 'UTF-8');
  const sample = page.locator('main').getByText('Kim', { exact: true });
  await sample.waitFor();
  await read(/UTF-16 LE/);
  await sample.waitFor({ state: 'detached' });
  await page.locator('main').getByText(/[\u4e00-\u9fff]{3}/).first().waitFor();
  await read('UTF-8');
  await sample.waitFor();
  desk.calm();
});

test('a CP949 file: its encoding is found; an impossible one is refused with a sentence and changes nothing', async () => {
  const id = await uploadFile(desk, file('엑셀에서 저장.csv', cp949(`${LINES.join('\r\n')}\r\n`)));
  assert.match(await encoding().inputValue(), /CP949/);
  const sample = page.locator('main').getByText('김하늘');
  await sample.waitFor();
  desk.expect(`422 PUT /api/v1/imports/${id}/mapping`);
  await read('UTF-8');
  await page.getByRole('alert').filter({ hasText: /UTF-8로 읽을 수 없는/ }).waitFor();
  assert.match(await encoding().inputValue(), /CP949/);
  await sample.waitFor();
  assert.equal(await page.getByRole('combobox', { name: '‘연락처’ 열의 쓰임' }).inputValue(), '휴대폰 번호');
  await page.getByLabel(/제목이 있는 행/).fill('0');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: '‘1번째 열’ 열의 쓰임' }).waitFor();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await measured();
  desk.calm();
});

test('a file that is not wanted is thrown away and leaves no customer', async () => {
  await page.getByRole('button', { name: '이 파일 버리기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '이 파일 버리기' }).click();
  await page.getByTestId('import-discarded').waitFor();
  assert.equal((await api('/contacts')).items.length, 0);
  await measured();
  desk.calm();
});

test('every row has its verdict, and the reason stands in the cell it is about', async () => {
  await uploadFile(desk, list('11월 주문.csv'));
  await toRows();
  await page.getByRole('grid').waitFor();
  assert.deepEqual(await counters(), [8, 3, 1, 1, 3, 0]);
  assert.match(await row(3).innerText(), /010-0100-0002/);
  assert.equal(await row(3).locator('del').innerText(), '10-0100-0002');
  assert.match(await row(5).innerText(), /2행과 같은 번호입니다/);
  await page.getByRole('button', { name: /^오류/ }).click();
  await page.waitForURL(/verdict=error/);
  await page.locator('[role=grid][aria-rowcount="4"]').waitFor();
  const reasons = await page.locator('[role=gridcell][aria-colindex="5"]').allInnerTexts();
  assert.equal(reasons.length, 3);
  for (const reason of reasons) assert.ok(reason.split('\n').length > 1, `${reason}: no reason in the cell`);
  await measured();
  desk.calm();
});

test('a cell is corrected by the mouse and by keys; the row is checked again and leaves the list', async () => {
  await row(4).getByRole('gridcell').filter({ hasText: '02-100-0003' }).dblclick();
  const input = page.getByRole('textbox', { name: '4행 휴대폰 번호 고치기' });
  await input.fill('010-0100-0003');
  await page.keyboard.press('Escape');
  await row(4).getByText('02-100-0003').waitFor();
  await page.keyboard.press('Enter');
  await input.fill('010-0100-0003');
  await page.keyboard.press('Enter');
  await said(/4행을 고쳤습니다: 오류 → 정상/);
  await until('오류', 2);
  await row(4).waitFor({ state: 'detached' });
  // The focus is where it was: the next wrong row can be corrected without a mouse.
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: '6행 휴대폰 번호 고치기' }).fill('011');
  await page.keyboard.press('Enter');
  await said(/6행은 아직 오류입니다/);
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: '6행 휴대폰 번호 고치기' }).fill('010-0100-0006');
  await page.keyboard.press('Enter');
  await said(/6행을 고쳤습니다: 오류 → 중복|6행을 고쳤습니다: 오류 → 정상/);
  await until('오류', 1);
  assert.equal((await counters())[3], 2, 'rows 6 and 7 have the same number now');
  desk.calm();
});

test('rows are ticked and left out, singly, in a stretch and as a whole list', async () => {
  await page.getByRole('button', { name: /^전체/ }).click();
  await page.locator('[role=grid][aria-rowcount="9"]').waitFor();
  await row(2).getByRole('checkbox').click();
  await row(4).getByRole('checkbox').click({ modifiers: ['Shift'] });
  await page.getByText('3행을 골랐습니다').waitFor();
  await page.getByRole('button', { name: '고른 행 빼기' }).click();
  await until('제외함', 3);
  await page.getByRole('button', { name: /^제외함/ }).click();
  await page.locator('[role=grid][aria-rowcount="4"]').waitFor();
  await page.getByRole('checkbox', { name: /이 목록 전체/ }).click();
  await page.getByRole('button', { name: '고른 행 되돌리기' }).click();
  await until('제외함', 0);
  await page.getByText('해당하는 행이 없습니다.').waitFor();
  desk.calm();
});

test('on a phone the rows are cards, and a card is corrected in a form', async () => {
  const id = await uploadFile(desk, list('휴대폰에서.csv'));
  const other = await Desk.open(browser, house.url, { ...PHONE, storageState: state });
  await other.go(`/imports/${id}?step=rows&verdict=error`);
  const card = other.page.getByRole('listitem').filter({ hasText: '4행' });
  await card.getByRole('button', { name: '4행 고치기' }).click();
  const form = other.page.getByRole('dialog');
  const phone = form.getByLabel('휴대폰 번호');
  assert.equal(await phone.getAttribute('aria-invalid'), 'true');
  assert.deepEqual(await other.axe(), []);
  await phone.fill('01001000003');
  await form.getByRole('button', { name: '저장하고 다시 검사' }).click();
  await form.waitFor({ state: 'detached' });
  await other.page.getByTestId('said').filter({ hasText: '4행을 고쳤습니다' }).waitFor();
  await other.page.getByRole('button', { name: /^오류\s*2$/ }).waitFor();
  other.calm();
  await other.close();
});

test('wrong rows come as a workbook and go back corrected', async () => {
  await uploadFile(desk, list('내려받기.csv'));
  await toRows();
  await page.getByRole('grid').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '오류 행만 내려받기 (3)' }).click(),
  ]);
  const wrong = path.join(folder, '오류.xlsx');
  await download.saveAs(wrong);
  const csv = execFileSync(BIN, ['sheet', 'dump', wrong]).toString();
  assert.match(csv.split(/\r?\n/)[0], /^\ufeff?"?행"?,.*오류"?$/);
  const right = csv.replace('02-100-0003', '010-0100-0003').replace('010-0100-00,', '010-0100-0005,');
  assert.notEqual(right, csv);
  await page.getByTestId('corrections').setInputFiles(file('고친 것.csv', right));
  await page.getByTestId('corrected').filter({ hasText: '2행을 고쳤습니다. 1행은 바뀐 것이 없습니다.' }).waitFor();
  await until('오류', 1);
  assert.deepEqual(await counters(), [8, 5, 1, 1, 1, 0]);
  desk.calm();
});

test('the last step takes new groups and old ones, says what comes, and the summary stays', async () => {
  await page.getByRole('button', { name: '다음: 6명 등록' }).click();
  assert.equal(await newGroup(page), '내려받기');
  const field = page.locator('input').and(page.getByLabel('새 그룹', { exact: true }));
  await field.fill('단골');
  await field.press('Enter');
  await page.getByTestId('destination').filter({ hasText: '6명을 ‘내려받기’, ‘단골’ 그룹에 넣습니다' }).waitFor();
  await measured();
  await page.getByRole('button', { name: '6명 등록', exact: true }).click();
  await page.getByTestId('import-result').waitFor();
  assert.deepEqual(
    await Promise.all(['created', 'updated', 'kept', 'skipped'].map((k) => desk.number(`result-${k}`))), [6, 0, 0, 2]);
  const { hash, created_by } = await api(new URL(page.url()).pathname);
  assert.ok((await page.getByTestId('hash').innerText()).startsWith(hash.slice(0, 12)));
  await page.getByText(created_by.name).first().waitFor();
  await measured();
  await page.getByTestId('groups').getByRole('link', { name: '단골' }).click();
  await page.waitForURL(/\/contacts\?group=/);
  desk.calm();
});

test('without a group they are in 미지정; the same file again is noticed', async () => {
  await uploadFile(desk, list('다시.csv'));
  await page.getByText(/같은 파일을 .+에 올린 적이 있습니다/).waitFor();
  await page.getByRole('radio', { name: '있는 고객을 그대로 두기' }).click();
  await toRows();
  await page.getByRole('button', { name: /^다음: [\d,]+명 등록/ }).click();
  await page.getByText(/이미 있는 고객 4명은 그대로/).waitFor();
  await page.getByRole('heading', { name: '어느 그룹에 넣을까요?' }).waitFor();
  await page.locator('.mantine-TagsInput-pill button').click();
  await page.getByTestId('destination').filter({ hasText: '미지정' }).waitFor();
  await page.getByRole('button', { name: '4명 등록', exact: true }).click();
  await page.getByTestId('import-result').waitFor();
  assert.equal(await desk.number('result-kept'), 4);
  desk.calm();
});

test('a file that cannot be read says why', async () => {
  desk.expect('422 POST /api/v1/imports');
  await desk.go('/imports');
  await page.setInputFiles('input[type=file]', file('그림.xlsx', Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1')));
  await page.getByRole('alert').or(page.getByTestId('import-refused')).first().waitFor();
  const refused = (await api('/imports')).items.find((i) => i.state === 'refused');
  if (refused) {
    await desk.go(`/imports/${refused.id}`);
    await page.getByTestId('import-refused').getByText(refused.problem.text).waitFor();
    await measured();
  }
  desk.calm();
});

test('a long list: any row in one step, the address keeps the place, the ends are reached', async () => {
  const number = (i) => `010-1${String(i).padStart(7, '0').replace(/^(...)/, '$1-')}`;
  const rows = Array.from({ length: MANY }, (_, i) => `고객${i},${number(i)},B-${i}`);
  await uploadFile(desk, file('많은 고객.csv', `이름,휴대폰,주문번호\n${rows.join('\n')}\n`));
  await toRows();
  await page.locator(`[role=grid][aria-rowcount="${MANY + 1}"]`).waitFor();
  await page.getByLabel('행 번호').fill('123456');
  await page.keyboard.press('Enter');
  await page.getByRole('gridcell', { name: '고객123454', exact: true }).waitFor();
  await page.waitForURL(/at=\d{6}/);
  await page.reload();
  await page.getByRole('gridcell', { name: '고객123454', exact: true }).waitFor();
  await page.locator('[role=gridcell][tabindex="0"]').focus();
  await page.keyboard.press('Control+End');
  await page.getByRole('gridcell', { name: `고객${MANY - 1}`, exact: true }).waitFor();
  await page.waitForFunction(() => document.activeElement.closest('[aria-rowindex]'));
  const last = await page.evaluate(() => document.activeElement.closest('[aria-rowindex]').ariaRowIndex);
  assert.equal(last, String(MANY + 1));
  await page.keyboard.press('Control+Home');
  await page.getByRole('gridcell', { name: '고객0', exact: true }).waitFor();
  assert.ok((await page.locator('[role=row][data-index]').count()) < 60, 'only what shows exists');
  desk.calm();
});

test('a running import is cancelled and leaves nothing behind', async () => {
  const before = (await api('/statistics/summary')).contacts;
  const groups = (await api('/groups?limit=500')).items.length;
  await page.getByRole('button', { name: /^다음: [\d,]+명 등록/ }).click();
  await newGroup(page);
  await page.getByRole('button', { name: /^[\d,]+명 등록/ }).click();
  await page.getByTestId('working-importing').waitFor();
  await page.getByRole('button', { name: '취소하고 되돌리기' }).click();
  assert.match(await page.getByTestId('progress').innerText(), /[\d,]+행/);
  await page.getByRole('dialog').getByRole('button', { name: '취소하고 되돌리기' }).click();
  await page.getByTestId('import-cancelled').waitFor({ timeout: 120_000 });
  assert.equal((await api('/statistics/summary')).contacts, before);
  assert.equal((await api('/groups?limit=500')).items.length, groups);
  await measured();
  desk.calm();
});

test('the list tells of each file what became of it', async () => {
  await desk.go('/imports');
  const line = (name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  await line('많은 고객.csv').getByText('취소하고 되돌림').waitFor();
  await line('내려받기.csv').getByText(/6명 등록 → 내려받기, 단골|6명 등록 → 단골, 내려받기/).waitFor();
  await line('11월 주문.csv').getByText('확인 기다림, 아직 등록하지 않음').waitFor();
  await measured();
  desk.calm();
});
