import { afterAll, beforeAll, expect, test } from 'vitest';
import { withReceipts } from '../../src/http/views/erp-facts.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { findDocument } from '../../src/store/views/document-view.ts';
import { erpFactsOf } from '../../src/store/views/erp-facts-view.ts';
import { actInErp, editLines } from './hands.ts';
import { orderOf, procoreState, standsIn } from './looking.ts';
import {
  createCommitment,
  exportCommitment,
  OTHER_PROJECT,
  PETER,
  PROJECT,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

async function posted(number: string): Promise<{ contract: number; docEntry: number; line: number }> {
  const { contract } = await exportCommitment(world, {
    number,
    lines: [{ amount: '1000.10' }, { amount: '0.20' }],
  });
  await standsIn(world, contract, 'confirmed');
  const { contracts } = await procoreState(world);
  const line = contracts.find(({ id }) => id === contract)!.line_items[0]!.id;
  return { contract, docEntry: (await orderOf(world, contract)).docEntry, line };
}

const setAmount = (docEntry: number, amount: number) =>
  actInErp(world, { action: 'edit_order_line', docEntry, lineNum: 0, changes: { LineTotal: amount } });

/** One commitment or order of every kind that a real project has; each with an amount of its own. */
async function mixedProject(): Promise<void> {
  await posted('TIED');
  const edited = await posted('EDITED');
  await setAmount(edited.docEntry, 900.05);
  const conflict = await posted('CONFLICT');
  await setAmount(conflict.docEntry, 1000.11);
  await editLines(world, conflict.contract, [{ id: conflict.line, amount: '1003.10' }]);
  await standsIn(world, conflict.contract, 'conflict', { revision: 2 });
  const cancelled = await posted('CANCELLED');
  await actInErp(world, { action: 'cancel_order', docEntry: cancelled.docEntry });
  const change = await posted('CHANGE');
  await editLines(world, change.contract, [{ amount: '4.00', code: 43 }]);
  await standsIn(world, change.contract, 'in-review', { revision: 2 });
  const closing = await posted('CLOSING');
  await editLines(world, closing.contract, [], { status: 'Void' });
  const waits = [
    await exportCommitment(world, { number: 'CODE', lines: [{ amount: '33.33', code: 43 }] }),
    await exportCommitment(world, { number: 'LARGE', lines: [{ amount: '70000.01' }] }),
    await exportCommitment(world, {
      number: 'VENDOR',
      vendor: vendors.unknown,
      lines: [{ amount: '44.44' }],
    }),
  ];
  await standsIn(world, waits[0]!.contract, 'in-review');
  await standsIn(world, waits[1]!.contract, 'awaiting-approval');
  await standsIn(world, waits[2]!.contract, 'blocked');
  await createCommitment(world, { number: 'UNSENT', lines: [{ amount: '55.55' }] });
  const draft = await createCommitment(world, { number: 'DRAFT', lines: [{ amount: '66.66' }] });
  await editLines(world, draft, [], { status: 'Draft' });
  await addErpOnly('77.77');
  await addPending();
}

async function addErpOnly(amount: string): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  await actInErp(world, {
    action: 'create_order',
    document: {
      DocType: 'dDocument_Service',
      CardCode: 'V1001',
      Project: 'JOB-4',
      DocDate: today,
      DocDueDate: today,
      DocumentLines: [
        { ItemDescription: 'Fence', AccountCode: '5100', LineTotal: Number(amount), ProjectCode: 'JOB-4' },
      ],
    },
  });
}

async function addPending(): Promise<void> {
  await world.b1.post('settings', { approvalProcedure: true });
  await exportCommitment(world, { number: 'PENDING', lines: [{ amount: '88.88' }] });
  await until('a draft waits in the ERP', async () => (await world.truth()).drafts.length === 1);
  await until('the draft is known', async () => {
    const rows = await world.query("select 1 from posting where state = 'accepted'");
    return rows.length === 1;
  });
}

async function bridgeOf(project: number) {
  const { tieOut } = await world.service.tieOut(world.tenant, { refresh: true });
  expect(tieOut.problem).toBeNull();
  return tieOut.projects.find((found) => found.project.id === String(project))!;
}

test('every difference of a mixed project is named with its cause, and nothing is left over', async () => {
  await mixedProject();
  const bridge = await bridgeOf(PROJECT);
  const named = bridge.items.map(({ number, cause, amount }) => `${number} ${cause} ${amount}`);
  const ours = named.filter((text) => /^[A-Z]/.test(text)).sort();
  expect(ours).toEqual([
    'CANCELLED edited-in-erp 1000.30',
    'CHANGE change-not-posted 4.00',
    'CODE waiting 33.33',
    'CONFLICT conflict 3.00',
    'CONFLICT edited-in-erp -0.01',
    'EDITED edited-in-erp 100.05',
    'LARGE waiting 70000.01',
    'PENDING pending-in-erp 88.88',
    'UNSENT not-sent 55.55',
    'VENDOR waiting 44.44',
  ]);
  const theirs = named.filter((text) => !ours.includes(text)).map((text) => text.replace(/^\S+ /, ''));
  expect(theirs.sort()).toEqual(['closing-in-erp -1000.30', 'erp-only -77.77']);
  expect(bridge.residual).toBe('0.00');
  expect(bridge.explained).toBe(bridge.difference);
  const owners = new Map(bridge.items.map(({ number, owner }) => [number, owner]));
  expect([owners.get('CODE'), owners.get('LARGE'), owners.get('UNSENT'), owners.get('EDITED')]).toEqual([
    'accountant',
    'controller',
    'project-manager',
    'accountant',
  ]);
});

test('a project in which nothing happened ties out to zero', async () => {
  const bridge = await bridgeOf(OTHER_PROJECT);
  expect(bridge).toMatchObject({
    source: '0.00',
    target: '0.00',
    difference: '0.00',
    residual: '0.00',
    items: [],
  });
});

test('reads both systems fresh: a cent on either side shows at once and is named', async () => {
  const before = await bridgeOf(PROJECT);
  await world.act({
    as: PETER,
    action: 'create_commitment',
    kind: 'purchase_order_contract',
    project_id: PROJECT,
    vendor_id: vendors.concrete,
    number: 'LATE',
    title: 'Late',
    status: 'Approved',
    line_items: [{ amount: '0.01', description: 'Bolt', cost_code_id: 41, line_item_type_id: 31 }],
  } as ProcoreAct);
  await addErpOnly('0.02');
  const after = await bridgeOf(PROJECT);
  const cents = (text: string) => BigInt(text.replace('.', ''));
  expect(cents(after.source) - cents(before.source)).toBe(1n);
  expect(cents(after.target) - cents(before.target)).toBe(2n);
  const fresh = after.items.filter(({ amount }) => amount === '0.01' || amount === '-0.02');
  expect(fresh.map(({ cause }) => cause).sort()).toEqual(['erp-only', 'not-sent']);
  expect(after.residual).toBe('0.00');
});

test('what came in and nobody billed has a row of its own, and stands on the line of its order', async () => {
  await world.b1.post('settings', { approvalProcedure: false });
  const { contract, docEntry } = await posted('RECEIVED');
  await actInErp(world, { action: 'receive_line', docEntry, lineNum: 0, amount: '400.05' });
  await until('it is read', async () => (await bridgeOf(PROJECT)).received === '400.05');
  expect((await bridgeOf(PROJECT)).residual).toBe('0.00');
  const lines = await inTenant(world.db.pools.app, world.tenant, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      "select id from document where source_id = $1 and kind = 'purchase-order'",
      [String(contract)],
    );
    const document = (await findDocument(tx, rows[0]!.id))!;
    const pair = { key: '', description: '', costCode: '', coding: null, sourceAmount: '1000.10' };
    const shown = ['0', '1'].map((targetLine) => ({ ...pair, targetAmount: '1000.10', targetLine }));
    return withReceipts(shown, document, await erpFactsOf(tx, document));
  });
  expect(lines.map(({ received }) => received)).toEqual(['400.05', undefined]);
  await actInErp(world, { action: 'cancel_goods_receipt', docEntry: 1 });
  await until('it is taken back', async () => (await bridgeOf(PROJECT)).received === '0.00');
});

test('a vendor on form 1099 without a tax id is told of with its order, which waits for nothing else', async () => {
  const edit = (changes: object) =>
    actInErp(world, { action: 'edit_vendor', cardCode: 'V1000', changes: { ...changes } });
  await edit({ Box1099: '7', FederalTaxID: '' });
  const known = (box: string) => `select 1 from record where object = 'vendor' and native_id = 'V1000'
    and body ->> 'form1099' = '${box}' and body ->> 'taxId' is null`;
  await until('it is read', async () => (await world.query(known('7'))).length === 1);
  const { contract } = await exportCommitment(world, { number: 'W9', lines: [{ amount: '70000.02' }] });
  await standsIn(world, contract, 'awaiting-approval');
  const [document] = await world.query<{ reasons: readonly { code: string; message: string }[] }>(
    `select reasons from document where source_id = '${contract}'`,
  );
  expect(document!.reasons.map(({ code }) => code)).toEqual(['needs-approval', 'tax-id-missing']);
  expect(document!.reasons[1]!.message).toContain('(V1000) is reported on form 1099, box 7');
});

test('an order in another currency is in no total, and says which rate the ERP has', async () => {
  const before = await bridgeOf(OTHER_PROJECT);
  await actInErp(world, { action: 'edit_vendor', cardCode: 'V1001', changes: { Currency: '##' } });
  const today = new Date().toISOString().slice(0, 10);
  await actInErp(world, {
    action: 'create_order',
    document: {
      ...{ DocType: 'dDocument_Service', CardCode: 'V1001', Project: 'JOB-5', DocDate: today },
      ...{ DocDueDate: today, DocCurrency: 'EUR', DocRate: 1.25 },
      DocumentLines: [
        { ItemDescription: 'Glass', AccountCode: '5100', RowTotalFC: 80, ProjectCode: 'JOB-5' },
      ],
    },
  });
  const after = await bridgeOf(OTHER_PROJECT);
  expect(after).toMatchObject({ target: before.target, residual: '0.00' });
  expect(after.foreign).toMatchObject([{ currency: 'EUR', amount: '80.00', rate: '1.25' }]);
});
