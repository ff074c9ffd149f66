import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { setUpQuietTenant } from '../../../test/setup/quiet-tenant.ts';
import { addOrder } from '../../../test/setup/stored-order.ts';
import { sampleDirectInvoice } from '../../connectors/sap-business-one/fixtures/own-invoices.ts';
import { inTenant, type Tx } from '../../store/database/transaction.ts';
import { isReadOnly, phasesBetween, setProjectPhase } from '../../store/settings/connection.ts';
import { projectsOf } from './pass-gate.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  const engine = await setUpQuietTenant(db);
  await engine.systems.close();
});
afterAll(() => db?.drop());

const inAcme = <Result>(work: (tx: Tx) => Promise<Result>) => inTenant(db.pools.app, 'acme', work);
const body = sampleDirectInvoice();

it('a bill for several projects is held by the one that may not be written to, at the gate and at the door', async () => {
  const projects = projectsOf({ projectId: null, body });
  expect(projects).toEqual(['P1', 'P2']);
  const document = await inAcme((tx) =>
    addOrder(tx, '9', { kind: 'ap-invoice', projectId: null, body, writes: ['create'] }),
  );
  const seen = () =>
    inAcme(async (tx) => ({
      phase: (await phasesBetween(tx, 'll', 'procore', projects)).project,
      readOnly: await isReadOnly(tx, ['ll', 'procore'], { erp: 'll', document }),
    }));
  expect(await seen()).toEqual({ phase: null, readOnly: false });
  await inAcme((tx) => setProjectPhase(tx, 'll', 'P1', 'one-way'));
  expect(await seen()).toEqual({ phase: 'one-way', readOnly: false });
  await inAcme((tx) => setProjectPhase(tx, 'll', 'P2', 'read-only'));
  expect(await seen()).toEqual({ phase: 'read-only', readOnly: true });
});
