import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/setup/database.ts';
import { gate } from '../../domain/approval/gate.ts';
import { money } from '../../domain/values/money.ts';
import { inTenant } from '../database/transaction.ts';
import { currentPolicy, setPolicy } from './policy.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await inTenant(db.pools.app, 'acme', (tx) =>
    tx.query("insert into tenant (tenant, name) values ('acme', 'acme')"),
  );
});
afterAll(() => db?.drop());

const rule = { threshold: '50000.00', currency: 'USD', role: 'controller' };
/** As it was saved when orders and invoices of vendors were all there was. */
const old = {
  approvals: [
    { kind: 'purchase-order', ...rule },
    { kind: 'ap-invoice', ...rule },
  ],
} as const;

test('brings what an old policy has no rule for to a second person, with an amount or without', async () => {
  const policy = await inTenant(db.pools.app, 'acme', async (tx) => {
    await setPolicy(tx, old, 'test');
    return currentPolicy(tx);
  });
  const verdict = (kind: string, exposure: bigint | null) =>
    gate({
      kind,
      phase: 'one-way',
      exposure: exposure === null ? null : money(exposure, 'USD'),
      unapprovedToday: null,
      isDayIncomplete: false,
      waitsFor: null,
      policy,
      provenance: { requester: 'pm@acme.test', editors: [] },
      users: [{ email: 'chen@acme.test', roles: ['controller'] }],
    });
  const unknown = [
    ...['ar-invoice', 'cost-code', 'sub-job', 'budget', 'contract-change', 'vendor-payment', 'receipt'],
    ...['vendor', 'project', 'constructor', 'what-comes-next'],
  ];
  for (const kind of unknown)
    for (const exposure of [1n, 0n, null])
      expect(verdict(kind, exposure), `${kind} of ${exposure}`).toMatchObject({
        verdict: 'approval',
        role: 'controller',
        possible: true,
      });
  expect(verdict('purchase-order', 1n)).toMatchObject({ verdict: 'auto', policyVersion: 1 });
  expect(verdict('purchase-order', null).verdict).toBe('approval');
  expect(['vendor-link', 'payment', 'target-setup'].map((kind) => verdict(kind, null).verdict)).toEqual([
    'auto',
    'auto',
    'auto',
  ]);
});
