/*
 * composing.test.mjs - whom a send goes to, counted while it is chosen; the message of any recipient
 * while its values are chosen; the balance on every page; a sender profile tested, changed, connected.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Desk, launch, openHouse, signUp, speak, syncTemplates } from './browser.mjs';

let house, browser, desk, page, state;
const groups = {};
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true };

async function post(path, data) {
  const answer = await page.request.post(`${house.url}/api/v1${path}`, {
    data, headers: { 'X-Requested-With': 'sendingo' } });
  assert.ok(answer.ok(), `${path} ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

before(async () => {
  house = await openHouse();
  browser = await launch();
  desk = await Desk.open(browser, house.url);
  page = desk.page;
  await signUp(desk, { email: `composing.${process.pid}.${Date.now()}@example.kr` });
  for (const name of ['단골', '주문', '제외']) groups[name] = (await post('/groups', { name })).id;
  // Ten people: 1 to 6 regulars, 4 to 8 with an order, 8 to be left out; 6 lacks the product, 2 is long.
  for (let i = 1; i <= 10; i++)
    await post('/contacts', {
      name: i === 2 ? '아주아주긴이름을가진고객님' : `고객${i}`,
      phone: `010123400${String(i).padStart(2, '0')}`,
      attributes: i === 6 ? {} : { 상품명: i === 3 ? '장미 😀 한 다발' : '장미' },
      group_ids: [
        ...(i <= 6 ? [groups.단골] : []), ...(i >= 4 && i <= 8 ? [groups.주문] : []), ...(i === 8 ? [groups.제외] : []),
      ],
    });
  await post('/suppressions', { phones: ['01012340001'] });
  await syncTemplates(desk);
  state = await desk.context.storageState();
});

after(async () => {
  await browser?.close();
  await house?.stop();
});

const box = () => page.getByTestId('count');
const remaining = () => page.getByTestId('remaining');

test('several groups, minus one, each person once, counted in words', async () => {
  await desk.go('/campaigns/new');
  await page.getByRole('checkbox', { name: /^단골, 6명/ }).click();
  await remaining().getByText('5명').waitFor();
  await page.getByRole('checkbox', { name: /^주문, 5명/ }).click();
  await remaining().getByText('7명').waitFor();
  assert.match(await box().innerText(), /고른 사람\s*8명[\s\S]*수신거부\s*− 1명[\s\S]*3명분/);
  await page.getByRole('combobox', { name: '이 그룹에 있는 사람은 빼기' }).click();
  await page.getByRole('option', { name: /^제외/ }).click();
  await page.keyboard.press('Escape');
  await remaining().getByText('6명').waitFor();
  assert.match(await box().innerText(), /뺀 그룹에 있는 사람\s*− 1명/);
  await page.getByLabel('이 템플릿을 최근에 받은 사람 빼기').check();
  await page.getByText('템플릿을 고른 다음 셉니다', { exact: false }).waitFor();
  assert.deepEqual(await desk.axe(), []);
  desk.calm();
});

test('the message of every recipient while values are chosen: onward, back, longest, missing', async () => {
  await page.getByRole('button', { name: '다음: 템플릿' }).click();
  await page.getByRole('radio', { name: '배송 완료 안내' }).click();
  await page.getByRole('button', { name: '다음: 빈칸 채우기' }).click();
  const live = page.getByTestId('live-preview');
  const bubble = live.getByTestId('bubble');
  await live.getByText(/\/ 7/).first().waitFor();
  await bubble.getByText('고객1', { exact: true }).first().waitFor();
  await live.getByText('이 메시지는 보내지 않습니다').waitFor();
  await page.getByRole('combobox', { name: '#{배송완료시간}' }).click();
  await page.getByRole('option', { name: '직접 입력' }).click();
  await page.getByLabel('‘배송완료시간’에 넣을 내용').fill('오후 3시');
  await bubble.getByText('오후 3시').waitFor();
  await live.getByRole('button', { name: '다음' }).click();
  await bubble.getByText('아주아주긴이름을가진고객님').first().waitFor();
  await live.getByRole('button', { name: '앞' }).click();
  await bubble.getByText('고객1', { exact: true }).first().waitFor();
  await live.getByRole('button', { name: '값이 없는 사람' }).click();
  await live.getByText(/값이 없는 곳: .*#\{상품명\}/).waitFor();
  await page.getByText('고객6 고객은 이 값이 비어 있습니다', { exact: false }).waitFor();
  await live.getByRole('button', { name: '가장 긴 메시지 보기' }).click();
  await bubble.getByText('아주아주긴이름을가진고객님').first().waitFor();
  await live.getByText(/\d+ \/ 1,000자/).waitFor();
  await live.getByLabel('몇 번째 메시지').fill('3');
  await live.getByText('문자에서는 사라지는 글자: 😀').waitFor();
  await live.getByText(/문자로 보낸다면/).click();
  assert.deepEqual(await live.locator('mark').allInnerTexts(), ['😀']);
  assert.deepEqual(await desk.axe(), []);
  desk.calm();
});

test('the check says who will not get it and why; then it is sent and the balance moves', async () => {
  await page.getByLabel(/버튼이 열 주소/).fill('https://shop.example.kr/');
  await page.getByRole('button', { name: '검사하고 미리보기' }).click();
  await page.getByTestId('preview').waitFor();
  await page.getByText('수신거부', { exact: false }).first().waitFor();
  await page.getByText('5건을 보낼 수 있습니다').waitFor();
  assert.deepEqual(await desk.axe(), []);
  const before = await desk.number('header-balance');
  await page.getByRole('button', { name: '다음: 확인' }).click();
  await page.getByText(/단골, 주문.*제외 제외.*최근 7일/).waitFor();
  await page.getByTestId('send').click();
  await page.getByText(/에 끝났습니다/).waitFor({ timeout: 120_000 });
  await desk.go('/');
  assert.ok((await desk.number('header-balance')) < before);
  desk.calm();
});

test('who got it lately is left out of the next send', async () => {
  await desk.go(`/campaigns/new?group=${groups.단골}&template=${await templateId('배송 완료 안내')}&step=recipients`);
  await page.getByLabel('이 템플릿을 최근에 받은 사람 빼기').check();
  await box().getByText('최근 7일 안에 받은 사람').waitFor();
  const [selected, suppressed, recent, left] =
    (await box().locator('dd').allInnerTexts()).map((n) => Number(n.replace(/\D/g, '')));
  assert.equal(selected, 6);
  // Somebody may have been found to have blocked the channel; whom nothing reached did not get it.
  assert.ok(suppressed >= 1 && recent >= 1, `${suppressed} suppressed, ${recent} lately`);
  assert.equal(left, selected - suppressed - recent);
  desk.calm();
});

async function templateId(name) {
  const all = (await (await page.request.get(`${house.url}/api/v1/templates?limit=500`)).json()).items;
  return all.find((x) => x.name === name).id;
}

test('a sender profile is tested and renamed; its name stands beside the balance', async () => {
  await desk.go('/settings');
  await page.getByRole('button', { name: '연결 확인' }).click();
  await page.getByText('방금 확인했습니다', { exact: false }).waitFor();
  await page.getByRole('button', { name: /고치기/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('발신프로필 이름').fill('하늘꽃집 연습');
  assert.deepEqual(await desk.axe(), []);
  await dialog.getByRole('button', { name: '저장' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByTestId('header-balance').getByText('하늘꽃집 연습').waitFor();
  desk.calm();
});

test('connecting is practised to its end: a channel, an authentication number, a line of business', async () => {
  await page.getByRole('button', { name: '알리고 연결' }).click();
  await page.getByRole('button', { name: '채널 불러오기' }).click();
  await page.getByText('알리고 아이디를 넣어 주세요.').waitFor();
  assert.deepEqual(await desk.axe(), []);
  await page.getByLabel('연습해 보기').check();
  await page.getByRole('button', { name: '채널 불러오기' }).click();
  await page.getByRole('button', { name: '새 채널 등록' }).click();
  await page.getByLabel('카카오톡 채널의 검색용 아이디').fill('하늘꽃집');
  await page.getByLabel('채널 관리자의 휴대폰 번호').fill('010-1234-5678');
  await page.getByRole('button', { name: '인증번호 받기' }).click();
  await page.getByLabel('카카오톡으로 온 인증번호').fill('000000');
  await page.getByRole('combobox', { name: '업종' }).click();
  await page.getByRole('option').first().click();
  desk.expect('422 POST /api/v1/channels');
  await page.getByRole('button', { name: '채널 등록하기' }).click();
  await page.getByText(/인증번호가 맞지 않습니다/).first().waitFor();
  assert.deepEqual(await desk.axe(), []);
  await page.getByLabel('카카오톡으로 온 인증번호').fill('123456');
  await page.getByRole('button', { name: '채널 등록하기' }).click();
  await page.getByRole('radio', { name: /@하늘꽃집/ }).waitFor();
  await page.getByRole('button', { name: '다음: 이름과 번호' }).click();
  await page.getByText('연습은 여기까지입니다').waitFor();
  desk.calm();
});

for (const language of ['ko', 'en'])
  for (const [name, options] of Object.entries({ desk: {}, phone: PHONE }))
    test(`composing and settings: ${language}, ${name}`, async () => {
      const other = await Desk.open(browser, house.url, { ...options, storageState: state });
      await speak(other, language);
      const id = await templateId('배송 완료 안내');
      for (const screen of [
        '/campaigns/new', `/campaigns/new?group=${groups.단골}`, `/campaigns/new?group=${groups.단골}&step=recipients`,
        `/campaigns/new?group=${groups.단골}&template=${id}`, '/settings',
      ]) {
        await other.go(screen);
        await other.page.getByTestId('header-balance').waitFor();
        const header = await other.page.locator('header').evaluate((h) => h.scrollWidth - h.clientWidth);
        assert.ok(header <= 0, `the header of ${screen} is wider than the window`);
        assert.deepEqual(await other.axe(), [], screen);
        assert.ok((await other.overflow()) <= 0, `${screen} is wider than the window`);
      }
      other.calm();
      await other.close();
    });
