/*
 * tenancy.test.mjs - another company's ids open nothing.
 *
 * The rich company has one of everything, under names and numbers that occur nowhere else, and with
 * ids that the poor company does not have. The poor company's owner then walks every operation with
 * those ids, in the path, the query and the body. Each must answer 404 or 403 (or refuse the field),
 * no answer may hold a byte of the rich company's data, and nothing of it may have changed.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  campaignFor, confirm, newCompany, operations, sendTo, settled, startServer, syncedTemplates, trackedTemplate, upload,
} from './harness.mjs';

const MARK = '갑을병정비밀';
const NUMBERS = /0101987\d{4}|1987-?\d{4}/;
let server, rich, poor, ids, templates, list;

/** Everything a company can see of itself, for comparing before and after. */
async function picture(client) {
  const seen = {};
  for (const id of ['listContacts', 'listGroups', 'listImports', 'listTemplates', 'listCampaigns', 'listSenderProfiles', 'listSuppressions']) {
    seen[id] = await client.all(id);
  }
  seen.summary = await client.json('getSummary', {}, 200);
  seen.messages = await client.all('listMessages', { params: { id: ids.campaign } });
  seen.rows = await client.all('listImportRows', { params: { id: ids.open } });
  return JSON.stringify(seen);
}

before(async () => {
  server = await startServer();
  poor = await newCompany(server, '남의 회사');
  await poor.json('createContact', { body: { name: '아무개', phone: '01000000001' } }, 201);
  rich = await newCompany(server, MARK);
  for (let i = 0; i < 5; i++) { // ids that the poor company never reaches
    await rich.json('createGroup', { body: { name: `${MARK} ${i}` } }, 201);
    await upload(rich, `이름,휴대폰\r\n${MARK},01019870${100 + i}\r\n`, `${MARK}.csv`);
  }
  list = `이름,휴대폰,주문\r\n${Array.from({ length: 20 }, (_, i) => `${MARK}${i},0101987${1000 + i},${MARK}\r\n`).join('')}`;
  const done = await upload(rich, list, `${MARK}.csv`);
  const confirmed = await confirm(rich, done.id, { new_group_names: [`${MARK} 명단`] });
  const [group] = confirmed.groups;
  const open = await upload(rich, `${list}${MARK},02-1987-1234,${MARK}\r\n`, `${MARK}.csv`);
  templates = await syncedTemplates(rich);
  const template = trackedTemplate(templates);
  const campaign = await sendTo(rich, template, group.id, `${MARK} 발송`);
  await settled(rich, campaign.id);
  let draft;
  for (let i = 0; i < 4; i++) {
    draft = await rich.json('createCampaign', { body: campaignFor(template, group.id, `${MARK} ${i}`) }, 201);
  }
  const check = await rich.json('checkCampaign', { params: { id: draft.id } }, 200);
  await rich.json('addSuppressions', { body: { phones: ['01019879001', '01019879002', '01019871003'], note: MARK } }, 200);
  const [suppression] = await rich.all('listSuppressions');
  const contacts = await rich.all('listContacts');
  const mine = await upload(poor, '이름,휴대폰\r\n아무개,01000000002\r\n');
  const detail = await rich.json('getMessage', { params: { id: campaign.id, ordinal: 1 } }, 200);
  ids = {
    contact: Math.max(...contacts.map((c) => c.id)), group: group.id, done: done.id, open: open.id,
    template: Math.max(...templates.map((t) => t.id)), campaign: campaign.id, draft: draft.id,
    suppression: suppression.id, confirmation: check.campaign.confirmation, profile: (await rich.all('listSenderProfiles'))[0].id,
    ownImport: mine.id, ownGroup: (await poor.json('createGroup', { body: { name: '우리' } }, 201)).id, token: detail.buttons.find((b) => b.target).mobile.split('/r/')[1],
  };
  poor.heard = [];
});
after(() => server?.stop());

/** Operation -> its requests with the rich company's ids. `own`: the poor company's own sight. */
function walk() {
  const { contact, group, open, done, template, campaign, draft, confirmation, ownImport, suppression } = ids;
  const far = { id: 999_999 };
  const shut = {
    getContact: [{ params: { id: contact } }],
    updateContact: [{ params: { id: contact }, body: { name: 'x' } }],
    deleteContact: [{ params: { id: contact } }],
    listContactMessages: [{ params: { id: contact } }],
    deleteSuppression: [{ params: { id: suppression } }],
    countRecipients: [{ body: { recipients: { group_ids: [group] } } }, { body: { recipients: { group_ids: [1], except_group_ids: [group] } } },
      { body: { recipients: { group_ids: [1], except_days: 7 }, template_id: template } }],
    getGroup: [{ params: { id: group } }],
    updateGroup: [{ params: { id: group }, body: { name: 'x' } }],
    deleteGroup: [{ params: { id: group } }],
    addGroupMembers: [{ params: { id: group }, body: { contact_ids: [1] } }, { params: { id: ids.ownGroup }, body: { contact_ids: [contact] } }],
    removeGroupMember: [{ params: { id: group, contact_id: contact } }, { params: { id: ids.ownGroup, contact_id: contact } }],
    actOnContacts: [
      { body: { action: 'add', selection: { ids: [contact] }, group_id: ids.ownGroup, expected_count: 1 } },
      { body: { action: 'add', selection: { ids: [1] }, group_id: group, expected_count: 1 } },
      { body: { action: 'add', selection: { matching: { group_id: group } }, group_id: ids.ownGroup, expected_count: 20 } },
      { body: { action: 'move', selection: { ids: [contact] }, from_group_id: group, group_id: ids.ownGroup, expected_count: 1 } },
      { body: { action: 'move', selection: { ids: [1] }, from_group_id: 1, group_id: group, expected_count: 1 } },
      { body: { action: 'remove', selection: { ids: [1] }, from_group_id: group, expected_count: 1 } },
      { body: { action: 'delete', selection: { ids: [contact] }, expected_count: 1 } },
      { body: { action: 'delete', selection: { matching: { group_id: group } }, expected_count: 20 } },
    ],
    getImport: [{ params: { id: open } }, { params: { id: done } }],
    deleteImport: [{ params: { id: open } }],
    setImportMapping: [{ params: { id: open }, body: { header_row: 1 } }, { params: { id: ownImport }, body: { template_id: template } }],
    listImportRows: [{ params: { id: open } }, { params: { id: open }, query: { verdict: 'error' } }],
    updateImportRow: [{ params: { id: open, row: 2 }, body: { dropped: true } }],
    updateImportRows: [{ params: { id: open }, body: { verdict: 'ok', dropped: true } }],
    downloadImportRows: [{ params: { id: open } }, { params: { id: open }, query: { verdict: 'ok' } }],
    correctImportRows: [{ params: { id: open }, body: Buffer.from('행,이름\r\n2,x\r\n'), type: 'text/csv' }],
    confirmImport: [{ params: { id: open }, body: { new_group_names: ['x'] } }, { params: { id: ownImport }, body: { group_ids: [group] } }],
    cancelImport: [{ params: { id: open } }, { params: { id: done } }],
    getTemplate: [{ params: { id: template } }],
    listTemplateVersions: [{ params: { id: template } }],
    createTemplate: [{ body: { sender_profile_id: far.id, name: 'x', content: '안내' } }],
    changeTemplate: [{ params: { id: template }, body: { name: 'x', content: '안내' } }],
    deleteTemplate: [{ params: { id: template } }],
    requestInspection: [{ params: { id: template } }],
    downloadTemplateWorkbook: [{ params: { id: template } }],
    exportContacts: [{ query: { group_id: group } }],
    exportMessages: [{ params: { id: campaign } }],
    createCampaign: [{ body: { name: 'x', template_id: template, recipients: { group_ids: [1] }, values: {}, links: [] } },
      { body: { name: 'x', template_id: 1, recipients: { group_ids: [group] }, values: {}, links: [] } },
      { body: { name: 'x', template_id: 1, recipients: { group_ids: [1], except_group_ids: [group] }, values: {}, links: [] } }],
    previewMessage: [{ body: { template_id: template, recipients: { group_ids: [1] } } },
      { body: { template_id: 1, recipients: { group_ids: [group] } } },
      { body: { template_id: 1, recipients: { group_ids: [1], except_group_ids: [group] },
        known: { contact_id: contact, position: 1, total: 20 } } }],
    getCampaign: [{ params: { id: campaign } }],
    updateCampaign: [{ params: { id: draft }, body: { name: 'x' } }],
    deleteCampaign: [{ params: { id: draft } }],
    checkCampaign: [{ params: { id: draft } }],
    sendCampaign: [{ params: { id: draft }, body: { confirmation, count: 20 } }],
    pauseCampaign: [{ params: { id: campaign } }],
    resumeCampaign: [{ params: { id: campaign } }],
    cancelCampaign: [{ params: { id: campaign } }],
    requeueUnsent: [{ params: { id: campaign }, body: { count: 1 } }],
    listMessages: [{ params: { id: campaign } }],
    getMessage: [{ params: { id: campaign, ordinal: 1 } }],
    streamCampaign: [{ params: { id: campaign } }],
    getSenderProfile: [{ params: far }],
    deleteSenderProfile: [{ params: far }],
    getBalance: [{ params: far }],
    updateSenderProfile: [{ params: far, body: { name: 'x' } }],
    checkSenderProfile: [{ params: far }],
    listChannels: [{ body: { account: { sender_profile_id: far.id } } }],
    listChannelCategories: [{ body: { account: { sender_profile_id: far.id } } }],
    requestChannelAuth: [{ body: { account: { sender_profile_id: far.id }, channel: '@x', phone: '01012345678' } }],
    registerChannel: [{ body: { account: { sender_profile_id: far.id }, channel: '@x', phone: '01012345678', auth_number: '1', category: '00100010001' } }],
    syncTemplates: [{ body: { sender_profile_id: far.id } }],
    createContact: [{ body: { name: 'x', phone: '01000000077', group_ids: [group] } }],
  };
  const own = {
    getSession: [{}], listSenderProfiles: [{}], listContacts: [{}, { query: { q: MARK } }, { query: { q: '0101987' } },
      { query: { group_id: group } }],
    countContacts: [{}, { query: { q: MARK } }, { query: { group_id: group } }],
    exportContacts: [{}, { query: { q: MARK } }, { query: { format: 'csv' } }, { query: { format: 'csv', q: '0101987' } }],
    listGroups: [{}, { query: { q: MARK } }, { query: { sort: 'members' } }, { query: { sort: 'name' } }], listImports: [{}], listTemplates: [{}], listCampaigns: [{}], getSummary: [{}], listHours: [{}],
    createGroup: [{ body: { name: `${MARK.slice(0, 2)} 다른 이름` } }],
    checkTemplate: [{ body: { name: 'x', content: '안내' } }],
    createSenderProfile: [{ body: { gateway: 'aligo' } }],
    createImport: [{ query: { filename: 'a.csv' }, body: Buffer.from('이름,휴대폰\r\n아무개,01000000001\r\n'), type: 'text/csv' },
      { query: { filename: 'a.csv', template_id: template }, body: Buffer.from('이름,휴대폰\r\n'), type: 'text/csv' },],
    listSuppressions: [{}, { query: { q: MARK } }, { query: { q: '0101987' } }],
    addSuppressions: [{ body: { phones: ['01000000099'] } }],
    importSuppressions: [{ type: 'text/csv', body: Buffer.from('휴대폰\r\n01000000098\r\n') }],
    logout: [], signUp: [], login: [], getStatus: [{}], getOpenapi: [{}], followLink: [],
  };
  return { shut, own };
}

test('the walk knows every operation of the file', () => {
  const { shut, own } = walk();
  assert.deepEqual([...operations.keys()].filter((id) => !(id in shut) && !(id in own)), []);
});

test('nothing opens', async () => {
  const before = await picture(rich);
  const { shut, own } = walk();
  for (const [id, requests] of Object.entries(shut)) {
    for (const request of requests) {
      const answer = await poor.call(id, request);
      assert.ok([403, 404, 422].includes(answer.status), `${id} ${JSON.stringify(request)} -> ${answer.status} ${answer.text}`);
      if (answer.status === 422) {
        assert.ok(JSON.stringify(request.body).length > 2 && (!request.params || answer.json.code !== 'count_mismatch'),
          `${id}: told about a thing it must not see: ${answer.text}`);
      }
    }
  }
  for (const [id, requests] of Object.entries(own)) {
    for (const request of requests) await poor.call(id, request);
  }
  assert.equal(await picture(rich), before);
});

test('no byte of the other company in any answer', () => {
  assert.ok(poor.heard.length > 40);
  for (const { id, answer } of poor.heard) {
    if (id === 'getOpenapi') continue;
    const heard = answer.text + JSON.stringify(answer.headers);
    assert.ok(!heard.includes(MARK), `${id} tells ${MARK}: ${heard.slice(0, 400)}`);
    assert.doesNotMatch(heard, NUMBERS, id);
  }
});

test('the same file of another company is nobody’s business', async () => {
  const other = await newCompany(server);
  const made = await upload(other, list, `${MARK}.csv`);
  assert.equal(made.same_as, null);
  assert.deepEqual([made.counts.will_create, made.counts.will_update, made.columns[2].basis], [20, 0, 'header']);
  assert.equal((await upload(other, list)).same_as.id, made.id);
});

test('a list filtered by the other company’s group is empty or refused', async () => {
  const answer = await poor.call('listContacts', { query: { group_id: ids.group } });
  assert.ok(answer.status === 404 || answer.status === 422 || answer.json.items.length === 0);
});

test('a cursor of the other company leads nowhere', async () => {
  const page = await rich.json('listContacts', { query: { limit: 5 } }, 200);
  const answer = await poor.call('listContacts', { query: { limit: 500, cursor: page.next_cursor } });
  assert.ok([200, 400].includes(answer.status));
  assert.ok(!answer.text.includes(MARK));
});

test('the link is public and says nothing but its target', async () => {
  const answer = await poor.call('followLink', { params: { token: ids.token }, headers: { Cookie: null } }, 302);
  assert.match(answer.headers.location, /^https:\/\/example\.com\//);
  assert.ok(!(answer.text + JSON.stringify(answer.headers)).includes(MARK));
});

test('without a session every operation with a role is shut', async () => {
  const { shut, own } = walk();
  for (const op of operations.values()) {
    if (!op.role) continue;
    const request = (shut[op.id] ?? own[op.id])[0] ?? {};
    const answer = await poor.call(op.id, { ...request, headers: { Cookie: null } });
    assert.equal(answer.status, 401, op.id);
    assert.equal(answer.json.code, 'login_required', op.id);
  }
});
