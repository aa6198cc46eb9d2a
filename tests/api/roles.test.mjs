/*
 * roles.test.mjs - the role in the file is the role at the door.
 *
 * A user whose role is set in the database walks every operation. Where the file's x-role is above
 * the user's the answer is 403 `forbidden`, before anything else is looked at; where it is not, the
 * answer is anything but that.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newCompany, operations, startServer } from './harness.mjs';

const ORDER = ['viewer', 'sender', 'admin', 'owner'];
let server;

before(async () => { server = await startServer(); });
after(() => server?.stop());

/** The numbers that the database uses, learnt from the enum's order: an owner is the highest. */
async function setRole(client, role) {
  const owner = Number(server.sql(`SELECT role FROM user_account WHERE email = '${client.email}'`));
  const number = owner - (ORDER.length - 1 - ORDER.indexOf(role));
  server.sql(`UPDATE user_account SET role = ${number} WHERE email = '${client.email}'`);
  const again = await client.json('login', { body: { email: client.email, password: client.password } }, 201);
  assert.equal(again.user.role, role);
}

for (const role of ORDER) {
  test(`what a ${role} may do`, async () => {
    const user = await newCompany(server);
    await setRole(user, role);
    for (const op of operations.values()) {
      if (!op.role || op.id === 'logout') continue;
      const params = Object.fromEntries([...op.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, 888_888]));
      const isFile = op.operation.requestBody?.content['application/octet-stream'];
      const body = op.operation.requestBody && (isFile ? Buffer.from('x') : {});
      const query = op.id === 'createImport' ? { filename: 'x.csv' } : undefined;
      const answer = await user.call(op.id, { params, body, query, type: isFile && 'application/octet-stream' });
      const forbidden = answer.status === 403 && answer.json.code === 'forbidden';
      assert.equal(forbidden, ORDER.indexOf(op.role) > ORDER.indexOf(role), `${op.id} (${op.role}) -> ${answer.status} ${answer.text}`);
    }
  });
}
