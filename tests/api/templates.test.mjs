/*
 * templates.test.mjs - the life of a template from writing it to sending with it, and of a channel
 * from its authentication number to a sender profile, all of it at the practice gateway; and that
 * what changes there after the check cannot be sent.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { campaignFor, importGroup, newCompany, sendTo, settled, sleep, startServer, syncedTemplates } from './harness.mjs';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const WRITTEN = {
  name: '배송 출발 안내', content: '#{이름}님, 주문하신 상품이 출발했습니다.\r\n송장번호: #{송장번호}', buttons: [],
};
let server, me, profile, group;

before(async () => {
  server = await startServer();
  me = await newCompany(server, '하늘꽃집');
  [profile] = await me.all('listSenderProfiles');
  await me.json('syncTemplates', { body: { sender_profile_id: profile.id } }, 201);
  group = await importGroup(me, 5, { first: 11 });
});
after(() => server?.stop());

const inspector = (order) => server.inspector({ user_id: profile.user_id, ...order });
const sync = (who = me) => who.json('syncTemplates', { body: { sender_profile_id: profile.id } }, 201);
const get = (id) => me.json('getTemplate', { params: { id } }, 200);
const register = (more = {}) => me.json('createTemplate', { body: { sender_profile_id: profile.id, ...WRITTEN, ...more } }, 201);

async function approved(more) {
  const made = await register(more);
  await inspector({ order: 'approve', code: made.code });
  await sync();
  return get(made.id);
}

async function checked(template, name) {
  const draft = await me.json('createCampaign', { body: campaignFor(template, group, name) }, 201);
  const check = await me.json('checkCampaign', { params: { id: draft.id } }, 200);
  return { id: draft.id, body: { confirmation: check.campaign.confirmation, count: check.sendable } };
}

test('the life of a template', async () => {
  let t = await register();
  assert.deepEqual([t.inspection, t.status, t.sendable, t.editable, t.deletable], ['registered', 'waiting', false, true, true]);
  assert.equal(t.content, WRITTEN.content);
  assert.equal(t.problem.code, 'not_approved');
  assert.match(t.problem.text, /검수/);
  t = await me.json('changeTemplate', { params: { id: t.id }, body: { ...WRITTEN, content: `${WRITTEN.content}\r\n고맙습니다.` } }, 200);
  assert.equal(t.version, 2);
  t = await me.json('requestInspection', { params: { id: t.id } }, 200);
  assert.deepEqual([t.inspection, t.editable], ['requested', false]);
  const locked = await me.json('changeTemplate', { params: { id: t.id }, body: WRITTEN }, 409);
  assert.equal(locked.code, 'template_locked');
  await me.call('requestInspection', { params: { id: t.id } }, 409);

  await inspector({ order: 'reject', code: t.code, comment: '송장번호의 택배사를 적어 주세요.' });
  await sync();
  t = await get(t.id);
  assert.deepEqual([t.inspection, t.problem.code, t.editable], ['rejected', 'rejected', true]);
  assert.equal(t.comments.at(-1).text, '송장번호의 택배사를 적어 주세요.');
  t = await me.json('changeTemplate', { params: { id: t.id }, body: { ...WRITTEN, content: `택배사: 하나택배\r\n${WRITTEN.content}` } }, 200);
  await me.json('requestInspection', { params: { id: t.id } }, 200);
  await inspector({ order: 'approve', code: t.code });
  await sync();
  t = await get(t.id);
  assert.deepEqual([t.inspection, t.sendable, t.problem, t.editable, t.deletable], ['approved', true, null, false, false]);

  const versions = await me.all('listTemplateVersions', { params: { id: t.id }, query: { limit: 2 } });
  assert.deepEqual(versions.map((v) => v.version), [3, 2, 1]);
  assert.equal(versions[2].content, WRITTEN.content);
  assert.equal((await me.json('deleteTemplate', { params: { id: t.id } }, 409)).code, 'template_locked');
  const campaign = await settled(me, (await sendTo(me, t, group, '승인된 것으로')).id);
  assert.equal(campaign.counts.delivered, 5);
});

test('what is deleted is gone here at once, and cannot be sent or changed', async () => {
  const t = await register({ name: '지울 것' });
  await me.call('deleteTemplate', { params: { id: t.id } }, 204);
  const gone = await get(t.id);
  assert.equal(gone.problem.code, 'gone');
  assert.ok(!(await me.all('listTemplates')).some((other) => other.id === t.id));
  for (const id of ['deleteTemplate', 'requestInspection']) await me.call(id, { params: { id: t.id } }, 409);
});

test('all that a template can be, and back', async () => {
  const made = await register({
    type: 'MI', extra: '문의 02-123-4567', advert: '채널을 추가하면 소식을 받을 수 있습니다.', secure: true, emphasis: 'TEXT', title: '#{금액}원', subtitle: '결제 금액',
    buttons: [{ name: '채널 추가', type: 'AC' }, { name: '주문 보기', type: 'WL', mobile: 'https://go.example.kr/#{링크}', pc: 'https://go.example.kr/#{링크}' }],
  });
  assert.deepEqual([made.type, made.emphasis, made.title, made.subtitle, made.extra, made.secure],
    ['MI', 'TEXT', '#{금액}원', '결제 금액', '문의 02-123-4567', true]);
  assert.deepEqual(made.buttons.map((b) => [b.name, b.type, b.mobile]), [['채널 추가', 'AC', null], ['주문 보기', 'WL', 'https://go.example.kr/#{링크}']]);
  const image = await register({ name: '이미지', emphasis: 'IMAGE', image: PNG.toString('base64') });
  assert.ok(image.image_url);
  assert.equal(image.emphasis, 'IMAGE');
});

test('images that are none', async () => {
  const wrong = async (image, code) => {
    const told = await me.json('createTemplate', { body: { sender_profile_id: profile.id, ...WRITTEN, emphasis: 'IMAGE', image } }, 422);
    assert.deepEqual(told.errors.map((e) => [e.field, e.code]), [['image', code]], JSON.stringify(told));
  };
  await wrong('no base64!', 'image_invalid');
  await wrong(Buffer.from('GIF89a').toString('base64'), 'image_kind');
  await wrong(Buffer.concat([PNG, Buffer.alloc(500 * 1024)]).toString('base64'), 'image_too_large');
  await wrong('x'.repeat(700_001), 'too_long');
  const largest = Buffer.concat([PNG, Buffer.alloc(500 * 1024 - PNG.length, 1)]).toString('base64');
  await register({ name: '가장 큰 이미지', emphasis: 'IMAGE', image: largest });
});

test('our own check tells all at once, in both languages, and stores nothing', async () => {
  const before = (await me.all('listTemplates')).length;
  const body = { name: '할인', content: '#{이름}님 할인 #{a}#{b}', type: 'AD', title: 'x',
    buttons: [{ name: '보러 가기', type: 'WL', mobile: 'shop.kr', pc: 'https://shop.kr' }] };
  const ko = await me.json('checkTemplate', { body }, 200);
  const en = await me.json('checkTemplate', { body, headers: { 'Accept-Language': 'en' } }, 200);
  assert.deepEqual(ko.findings.map((f) => f.code), en.findings.map((f) => f.code));
  const found = Object.fromEntries(ko.findings.map((f) => [f.code, f]));
  for (const code of ['advert_missing', 'add_channel_missing', 'title_unexpected', 'link_scheme']) assert.equal(found[code]?.severity, 'error', code);
  for (const code of ['advertising', 'variables_adjacent', 'mostly_variables']) assert.equal(found[code]?.severity, 'warning', code);
  assert.equal(found.link_scheme.field, 'buttons.0.mobile');
  const firstWarning = ko.findings.findIndex((f) => f.severity === 'warning');
  assert.ok(ko.findings.slice(firstWarning).every((f) => f.severity === 'warning'));
  assert.deepEqual(ko.variables, ['이름', 'a', 'b']);
  assert.ok(ko.limit < 1000);
  const refused = await me.json('createTemplate', { body: { sender_profile_id: profile.id, ...body } }, 422);
  assert.deepEqual(refused.errors.map((e) => e.code), ko.findings.filter((f) => f.severity === 'error').map((f) => f.code));
  assert.equal((await me.all('listTemplates')).length, before);
  const fine = await me.json('checkTemplate', { body: WRITTEN }, 200);
  assert.deepEqual(fine.findings, []);
  for (const wrong of [{}, { name: 'x' }, { ...WRITTEN, buttons: [{ name: 'x' }] }, { ...WRITTEN, buttons: [5] }, { ...WRITTEN, surplus: 1 }, { ...WRITTEN, secure: 'yes' },
    { ...WRITTEN, buttons: Array(6).fill({ name: 'x', type: 'BK' }) }]) {
    await me.call('checkTemplate', { body: wrong }, 422);
  }
  const nested = await me.json('checkTemplate', { body: { ...WRITTEN, buttons: [{ name: 'x', type: 'BK' }, { name: 3, type: 'BK' }] } }, 422);
  assert.deepEqual(nested.errors.map((e) => e.field), ['buttons.1.name']);
});

for (const [order, code, problem] of [
  [{ order: 'stop' }, 'template_not_sendable', 'stopped'],
  [{ order: 'sleep' }, 'template_not_sendable', 'dormant'],
  [{ order: 'change', content: '#{이름}님, 상품이 곧 출발합니다.\r\n송장번호: #{송장번호}' }, 'template_changed', null],
]) {
  test(`after the check: ${order.order}`, async () => {
    const t = await approved({ name: `나중에 ${order.order}` });
    const { id, body } = await checked(t, order.order);
    await inspector({ ...order, code: t.code });
    const told = await me.json('sendCampaign', { params: { id }, body }, 409);
    assert.equal(told.code, code);
    const now = await get(t.id);
    assert.equal(now.problem?.code ?? null, problem);
    if (problem) assert.equal(told.title, now.problem.text);
    assert.equal((await me.json('getCampaign', { params: { id } }, 200)).state, 'checked');
    await me.call('checkCampaign', { params: { id } }, problem ? 409 : 200);
  });
}

test('a template that goes while it is sent pauses the rest; it goes on when the template is back', async () => {
  const t = await approved({ name: '보내는 도중' });
  await server.wish({ endpoint: 'send', fault: 'refuse:-99:초당 발송 한도를 초과했습니다.', rate: 1 });
  const { id, body } = await checked(t, '도중에');
  await me.call('sendCampaign', { params: { id }, body }, 202);
  await inspector({ order: 'stop', code: t.code });
  await sync();
  const paused = await me.json('getCampaign', { params: { id } }, 200);
  await server.wish({ clear: true });
  assert.equal(paused.state, 'paused');
  assert.equal(paused.pause_reason.code, 'template');
  assert.match(paused.pause_reason.text, /중단/);
  const refused = await me.json('resumeCampaign', { params: { id } }, 409);
  assert.equal(refused.code, 'template_not_sendable');
  await inspector({ order: 'start', code: t.code });
  await me.call('resumeCampaign', { params: { id } }, 200);
  await settled(me, id);
});

test('a paused campaign whose template was changed cannot go on', async () => {
  const t = await approved({ name: '멈춘 뒤 바뀜' });
  await server.wish({ endpoint: 'send', script: ['refuse:-99:인증되지 않는 서버 IP로 부터의 호출 입니다.'] });
  const { id, body } = await checked(t, '멈춤');
  await me.call('sendCampaign', { params: { id }, body }, 202);
  let c;
  for (let i = 0; i < 100 && c?.state !== 'paused'; i++) {
    await sleep(100);
    c = await me.json('getCampaign', { params: { id } }, 200);
  }
  assert.equal(c.state, 'paused');
  assert.match(c.pause_reason.text, /공인 IP.*인증되지 않는 서버 IP로 부터의 호출 입니다\./);
  await inspector({ order: 'change', code: t.code, content: '#{이름}님, 다른 글입니다. #{송장번호}' });
  const told = await me.json('resumeCampaign', { params: { id } }, 409);
  assert.equal(told.code, 'template_changed');
  assert.match(told.title, /취소/);
  await me.call('cancelCampaign', { params: { id } }, 200);
});

test('without a clear answer nobody says that it was done', async () => {
  const name = '알 수 없는 것';
  await server.wish({ endpoint: 'template-add', script: ['cut-after'] });
  const told = await me.json('createTemplate', { body: { sender_profile_id: profile.id, ...WRITTEN, name }, headers: { 'Idempotency-Key': 'unsure' } }, 409);
  assert.equal(told.code, 'gateway_unsure');
  const listed = (await me.all('listTemplates')).filter((t) => t.name === name);
  assert.equal(listed.length, 1, 'the list was fetched anew');
  const again = await me.json('createTemplate', { body: { sender_profile_id: profile.id, ...WRITTEN, name }, headers: { 'Idempotency-Key': 'unsure' } }, 409);
  assert.equal(again.code, 'gateway_unsure'); // and not registered twice
  await sync();
  assert.equal((await me.all('listTemplates')).filter((t) => t.name === name).length, 1);
  await server.wish({ endpoint: 'template-add', script: ['cut-before'] });
  const absent = await me.json('createTemplate', { body: { sender_profile_id: profile.id, ...WRITTEN, name: '없는 것' } }, 409);
  assert.equal(absent.code, 'gateway_unsure');
  assert.ok(!(await me.all('listTemplates')).some((t) => t.name === '없는 것'));
  await server.wish({ endpoint: 'template-add', script: ['cut-after'] });
  await server.wish({ endpoint: 'templates', script: ['5xx'] });
  const blind = await me.json('createTemplate', { body: { sender_profile_id: profile.id, ...WRITTEN, name: '둘 다' } }, 409);
  assert.equal(blind.code, 'gateway_unsure');
  await server.wish({ endpoint: 'templates', script: ['5xx'] });
  const old = await me.json('createTemplate', { body: { sender_profile_id: profile.id, ...WRITTEN, name: '목록만 못 받음' } }, 409);
  assert.equal(old.code, 'gateway_old_list');
  await sync();
  assert.ok((await me.all('listTemplates')).some((t) => t.name === '목록만 못 받음'));
});

test('what the gateway says is explained, with its own words beside', async () => {
  const words = {
    '인증되지 않는 서버 IP로 부터의 호출 입니다.': 'gateway_server_ip',
    '등록되지 않은 인증키 입니다.': 'gateway_key',
    '인증오류입니다.': 'gateway_key',
    '파라메더 정보가 전달되지 않았습니다. (=senderkey)': 'gateway_parameters',
    '포인트가 부족합니다.': 'gateway_balance',
    '존재하지 않는 카카오톡 채널 입니다.': 'gateway_channel',
    '관리자 알림 설정을 확인해 주세요.': 'gateway_admin_notice',
    '등록되지 않은 발신번호입니다.': 'gateway_caller',
    '템플릿코드가 존재하지 않습니다.': 'gateway_template_code',
    '아무도 본 적 없는 말입니다.': 'gateway_refused',
  };
  for (const [said, code] of Object.entries(words)) {
    for (const language of ['ko', 'en']) {
      await server.wish({ endpoint: 'templates', script: [`refuse:-99:${said}`] });
      const told = await me.json('syncTemplates', { body: { sender_profile_id: profile.id }, headers: { 'Accept-Language': language } }, 422);
      assert.equal(told.code, code, said);
      assert.equal(told.detail, said);
      assert.equal(/[가-힣]/.test(told.title), language === 'ko', told.title);
      const shown = await me.json('getSenderProfile', { params: { id: profile.id }, headers: { 'Accept-Language': language } }, 200);
      assert.equal(shown.status, 'trouble');
      assert.ok(shown.status_text.startsWith(told.title) && shown.status_text.includes(said), shown.status_text);
    }
  }
  await server.wish({ endpoint: 'template-modify', script: ['refuse:509:수정 가능 상태가 아닙니다.'] });
  const t = await register({ name: '그사이 검수 중' });
  assert.equal((await me.json('changeTemplate', { params: { id: t.id }, body: WRITTEN }, 409)).code, 'template_locked');
  await server.wish({ endpoint: 'templates', script: ['refuse:-99:초당 발송 한도를 초과했습니다.'] });
  assert.equal((await me.json('syncTemplates', { body: { sender_profile_id: profile.id } }, 503)).code, 'gateway_pace');
  await server.wish({ endpoint: 'templates', script: ['5xx'] });
  assert.equal((await me.json('syncTemplates', { body: { sender_profile_id: profile.id } }, 503)).code, 'gateway_unreachable');
  assert.match((await me.json('getSenderProfile', { params: { id: profile.id } }, 200)).status_text, /연결하지 못했습니다.*HTTP status 502/);
  await sync();
  assert.deepEqual([(await me.json('getSenderProfile', { params: { id: profile.id } }, 200)).status, (await me.all('listSenderProfiles'))[0].status_text], ['ok', '']);
});

test('the life of a channel: number, category, registered, connected, sent through', async () => {
  const account = { gateway: 'aligo', base_url: `http://127.0.0.1:${server.practicePort}/`, user_id: 'flower', api_key: 'practice' };
  const had = (await me.json('listChannels', { body: { account } }, 200)).items;
  await me.call('requestChannelAuth', { body: { account, channel: '하늘꽃집', phone: '010-1234-5678' } }, 204);
  const categories = (await me.json('listChannelCategories', { body: { account } }, 200)).items;
  const shop = categories.find((c) => c.name === '쇼핑 > 매장 > 꽃집');
  assert.ok(shop, JSON.stringify(categories));
  assert.ok(categories.every((c) => c.code.length === 11));
  const order = { account, channel: '@하늘꽃집', phone: '01012345678', auth_number: '000000', category: shop.code };
  const wrong = await me.json('registerChannel', { body: order }, 422);
  assert.equal(wrong.code, 'gateway_auth_number');
  const made = await me.json('registerChannel', { body: { ...order, auth_number: '123456' } }, 201);
  assert.deepEqual([made.channel, made.status, made.usable, made.status_text], ['@하늘꽃집', 'active', true, '']);
  const has = (await me.json('listChannels', { body: { account } }, 200)).items;
  assert.equal(has.length, had.length + 1);
  assert.deepEqual(has.find((c) => c.channel === '@하늘꽃집'), made);
  const connected = await me.json('createSenderProfile', { body: { ...account, name: '하늘꽃집', sender_key: made.sender_key, sender_number: '0212345678' } }, 201);
  assert.deepEqual([connected.status, connected.channel, connected.is_default, connected.synced_at], ['ok', '@하늘꽃집', true, null]);
  assert.ok(!JSON.stringify(connected).includes(made.sender_key));
  assert.deepEqual((await me.json('listChannels', { body: { account: { sender_profile_id: connected.id } } }, 200)).items, has);
  const synced = await me.json('syncTemplates', { body: { sender_profile_id: connected.id } }, 201);
  assert.ok(synced.added > 0);
  const mine = await me.all('listTemplates', { query: { sender_profile_id: connected.id } });
  assert.ok(mine.length > 0 && mine.every((t) => t.sender_profile_id === connected.id));
  assert.ok((await me.json('getSenderProfile', { params: { id: connected.id } }, 200)).synced_at > 0);
  const plain = mine.find((t) => t.sendable && t.buttons.length === 0);
  const campaign = await settled(me, (await sendTo(me, plain, group, '새 채널로')).id);
  assert.equal(campaign.counts.delivered, 5);
  await me.call('deleteSenderProfile', { params: { id: connected.id } }, 204);
  assert.equal((await get(plain.id)).problem.code, 'gone');
});

test('templates that the practice gateway begins with pass our own check', async () => {
  const other = await newCompany(server);
  for (const t of await syncedTemplates(other)) {
    const body = { name: t.name, content: t.content, type: t.type, emphasis: t.emphasis };
    for (const key of ['title', 'subtitle', 'extra']) if (t[key]) body[key] = t[key];
    if (['AD', 'MI'].includes(t.type)) body.advert = '채널을 추가해 보세요.';
    if (t.emphasis === 'IMAGE') body.image = PNG.toString('base64');
    body.buttons = t.buttons.map((b) => Object.fromEntries(['name', 'type', 'mobile', 'pc', 'ios', 'android'].filter((k) => b[k]).map((k) => [k, b[k]])));
    const { findings } = await other.json('checkTemplate', { body }, 200);
    assert.deepEqual(findings.filter((f) => f.severity === 'error'), [], JSON.stringify(t));
  }
});
