import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestEngine, vault } from '../../../test/scenarios/test-engine.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { connectable } from '../../main.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { listConnections } from '../../store/settings/connection.ts';
import { connectionForm, saveTyped } from './connection.ts';
import { ensureTenant } from './tenant.ts';

let db: TestDatabase;
let engine: ReturnType<typeof openTestEngine>;
beforeAll(async () => {
  db = await createTestDatabase();
  engine = openTestEngine(db.pools);
  await ensureTenant(engine, 'acme', 'Acme');
});
afterAll(async () => {
  await engine.systems.close();
  await db.drop();
});

const engineer = { id: 'e', email: 'eli@acme.example', roles: ['engineer'] };
const typed = {
  baseUrl: 'https://127.0.0.1:1',
  companyDb: 'SBO_TEST',
  userName: 'tiebeam',
  password: 'not to be seen',
  maxInFlight: '2',
};
const company = { companyId: '7', clientId: 'tiebeam', clientSecret: 'not to be seen' };
const fresh = { system: 'sap-business-one', code: 'B1' };
const save = (change: Partial<Parameters<typeof saveTyped>[2]> = {}) =>
  saveTyped(engine, connectable(vault), {
    tenant: 'acme',
    user: engineer,
    id: 'erp',
    name: 'ERP',
    values: typed,
    ...change,
  });
const stored = async () => (await inTenant(db.pools.app, 'acme', listConnections))[0]!;
const password = async () => vault.open('acme', 'erp', (await stored()).secrets).password;

test('is saved by an engineer only, and starts read-only', async () => {
  const accountant = { ...engineer, roles: ['accountant', 'controller'] };
  expect(await save({ fresh, user: accountant })).toMatchObject({ ok: false, status: 403 });
  expect(await save()).toMatchObject({ ok: false, status: 404 });
  expect(await save({ fresh })).toEqual({ ok: true });
  expect(await stored()).toMatchObject({ phase: 'read-only', config: { maxInFlight: 2 } });
  const form = await connectionForm(engine, connectable(vault), { tenant: 'acme', id: 'erp' });
  expect(form).toMatchObject({ ok: true, values: { companyDb: 'SBO_TEST', maxInFlight: '2', password: '' } });
});

test('keeps a secret that was left empty, but sends it nowhere else', async () => {
  const { password: _, ...left } = typed;
  expect(await save({ values: { ...left, maxInFlight: '3' } })).toEqual({ ok: true });
  expect([(await stored()).config.maxInFlight, await password()]).toEqual([3, 'not to be seen']);
  const elsewhere = { ...left, baseUrl: 'https://mine.example:50000' };
  expect(await save({ values: elsewhere })).toMatchObject({ fields: [{ field: 'password' }] });
  expect((await stored()).config.baseUrl).toBe(typed.baseUrl);
  expect(await save({ values: { ...elsewhere, password: 'another' } })).toEqual({ ok: true });
  expect(await password()).toBe('another');
});

test('names the fields that are refused, and takes no second code and no second Procore company', async () => {
  expect(
    await save({ values: { ...typed, baseUrl: 'http://b1.example', maxInFlight: 'two' } }),
  ).toMatchObject({
    status: 422,
    fields: [{ field: 'baseUrl' }, { field: 'maxInFlight' }],
  });
  expect(await save({ id: 'other', fresh })).toMatchObject({ fields: [{ field: 'code' }] });
  expect(await save({ id: 'other', fresh: { ...fresh, code: 'B2' } })).toEqual({ ok: true });
  const procore = {
    ...{ id: 'procore', name: 'Procore', fresh: { system: 'procore', code: 'PC' } },
    values: { ...{ authUrl: 'https://127.0.0.1:1', apiUrl: 'https://127.0.0.1:1' }, ...company },
  };
  expect(await save(procore)).toEqual({ ok: true });
  expect(await save({ ...procore, id: 'more', fresh: { system: 'procore', code: 'P2' } })).toMatchObject({
    status: 409,
  });
});
