import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOGIN, openCompany, orderBody, SEED, type TestCompany } from './company/test-company.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

test('logs every write with who sent it and whether it was kept, and no password', async () => {
  await company.call('POST', 'PurchaseOrders', orderBody({ U_TbRef: 'TB-1' }));
  await company.call('POST', 'PurchaseOrders', orderBody({ CardCode: 'V999' }));
  await company.call('PATCH', 'PurchaseOrders(1)', { Comments: 'x' });
  const { body, text } = await company.sim('GET', 'state');
  expect(body.writes).toMatchObject([
    { method: 'POST', path: 'Login', status: 200, committed: false, body: { Password: '***' } },
    { path: 'PurchaseOrders', status: 201, committed: true, user: 'tiebeam', created: { key: 1 } },
    { path: 'PurchaseOrders', status: 400, committed: false, user: 'tiebeam', created: null },
    { method: 'PATCH', path: 'PurchaseOrders(1)', status: 204, committed: true, body: { Comments: 'x' } },
  ]);
  expect(body.orders).toMatchObject([
    {
      docEntry: 1,
      cardCode: 'V100',
      status: 'bost_Open',
      cancelled: false,
      version: 2,
      udfs: { U_TbRef: 'TB-1' },
    },
  ]);
  expect(text).not.toContain('secret');
});

test('refuses a seed with an unknown key and says which', async () => {
  const got = await company.sim('POST', 'seed', { ...SEED, suppliers: [] });
  expect([got.status, got.text]).toEqual([400, expect.stringContaining('suppliers')]);
});

test('answers an impossible act with what the service would have said', async () => {
  const got = await company.act({ action: 'cancel_order', docEntry: 99 });
  expect(got).toMatchObject({ status: 409, body: { code: -2028 } });
});

test('forgets everything on reset, the company included', async () => {
  await company.call('POST', 'PurchaseOrders', orderBody());
  await company.sim('POST', 'reset');
  const { body } = await company.sim('GET', 'state');
  expect(body).toMatchObject({ company: null, orders: [], writes: [], sessions: { now: 0, logins: 0 } });
  expect((await company.call('POST', 'Login', LOGIN)).status).toBe(400);
});

test('locks a period through the settings', async () => {
  await company.settings({ periods: [{ code: '2026-08', status: 'ltLocked' }] });
  expect((await company.call('POST', 'PurchaseOrders', orderBody())).status).toBe(400);
});

test('fills three years of periods when a seed names none', async () => {
  const { periods: _none, ...rest } = SEED;
  await company.seed(rest);
  const { body } = await company.sim('GET', 'state');
  expect(body.periods).toHaveLength(36);
});

test('says that a control route does not exist', async () => {
  expect((await company.sim('GET', 'nothing')).status).toBe(404);
});
