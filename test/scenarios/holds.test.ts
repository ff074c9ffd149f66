import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import { inTenant } from '../../src/store/database/transaction.ts';
import { setPolicy } from '../../src/store/settings/policy.ts';
import { billed, invoiceStands, mapRetainage } from './billing.ts';
import { actInErp } from './hands.ts';
import { procoreState, questions, standsIn } from './looking.ts';
import { exportCommitment, PETER, startWorld, until, vendors, type World } from './world.ts';

const A_DAY_MS = 86_400_000;

let world: World;
let contract: number;
let line_item_id: number;
let insurance_id: number;
beforeAll(async () => {
  world = await startWorld({ requestLifeMs: 600 });
  contract = (await exportCommitment(world, { lines: [{ amount: '10000.00' }] })).contract;
  await standsIn(world, contract, 'confirmed');
  const { contracts } = await procoreState(world);
  line_item_id = contracts.find(({ id }) => id === contract)!.line_items[0]!.id;
  expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
  const fields = {
    insurance_type: 'General liability',
    status: 'compliant',
    effective_date: '2025-11-01',
    expiration_date: '2026-10-31',
  } as const;
  const made = await world.act({ as: PETER, action: 'set_insurance', vendor_id: vendors.steel, fields });
  insurance_id = Number(made.insurance_id);
  // From here on no regular look comes by itself: what is noticed is told, or looked for by a test.
  Object.assign(world.engine.pace, { pullEveryMs: A_DAY_MS, sweepEveryMs: A_DAY_MS });
});
afterAll(() => world?.stop());

type Block = { readonly PaymentBlock: string; readonly Comments: string };
async function inErp(id: string | null): Promise<Block> {
  const { invoices } = (await world.truth()) as unknown as {
    invoices: readonly { docEntry: number; document: Block }[];
  };
  return invoices.find(({ docEntry }) => String(docEntry) === id)!.document;
}
const blockIs = (id: string | null, block: 'tYES' | 'tNO') =>
  until(`the block is ${block}`, async () => (await inErp(id)).PaymentBlock === block);

async function bill(amount: string): Promise<{ application: number; id: string | null }> {
  const { application } = await billed(world, contract, [
    { line_item_id, work_completed_this_period: amount },
  ]);
  const { target_id: id } = await invoiceStands(world, application, 'confirmed');
  return { application, id };
}

/** Writes to the block of an invoice; its files are linked by others. */
const patches = async (id: string | null) =>
  (await world.truth()).writes
    .filter(
      ({ method, path, committed }) => method === 'PATCH' && committed && path === `PurchaseInvoices(${id})`,
    )
    .filter((write) => JSON.stringify(write).includes('PaymentBlock')).length;

const renew = (expiration_date: string) =>
  world.act({
    as: PETER,
    action: 'set_insurance',
    vendor_id: vendors.steel,
    insurance_id,
    fields: { expiration_date },
  });

let first: Awaited<ReturnType<typeof bill>>;

test('an insurance that lapsed lets the invoice be posted, and blocks its payment', async () => {
  first = await bill('1000.00');
  const { reasons } = await invoiceStands(world, first.application, 'confirmed', { reason: 'payment-held' });
  expect(reasons.map(({ message }) => message)).toEqual([
    'General liability of Steel & Sons expired on 2026-10-31.',
  ]);
  expect(await inErp(first.id)).toMatchObject({
    PaymentBlock: 'tYES',
    Comments: expect.stringContaining('General liability of Steel & Sons expired on 2026-10-31'),
  });
});

test('the renewed certificate lifts the block once, although the answer was lost', async () => {
  await world.erp.trouble({ kind: 'lost-reply', on: 'change' });
  await renew('2027-10-31');
  await blockIs(first.id, 'tNO');
  await until(
    'nothing holds it any more',
    async () => (await invoiceStands(world, first.application, 'confirmed')).reasons.length === 0,
  );
  expect(await world.erp.reached('lost-reply')).toBe(1);
  expect(await patches(first.id)).toBe(1);
  await renew('2027-11-30');
  await world.sweep();
  await until('it was looked at again', async () => (await seenUntil(first.application)) === '2027-11-30');
  expect(await patches(first.id)).toBe(1);
});

/** The date of the certificate as it was seen last. */
async function seenUntil(application: number): Promise<string | undefined> {
  const [row] = await world.query<{ body: { insurances: { expires: string }[] } }>(
    `select body from record where object = 'payment-readiness' and native_id = $1`,
    [String(application)],
  );
  return row?.body.insurances[0]?.expires;
}

test('a hold that no event tells of is found by the regular look, and so is its release', async () => {
  const { manual_hold_id } = await world.act({
    as: PETER,
    action: 'hold_payment',
    requisition_id: first.application,
    description: 'Damaged door',
  });
  await world.sweep();
  await blockIs(first.id, 'tYES');
  await world.act({
    as: PETER,
    action: 'release_payment_hold',
    manual_hold_id: Number(manual_hold_id),
  });
  await world.sweep();
  await blockIs(first.id, 'tNO');
});

test("a person's own block is respected, and so is one that a person lifted", async () => {
  const docEntry = Number(first.id);
  await actInErp(world, { action: 'edit_invoice', docEntry, changes: { PaymentBlock: 'tYES' } });
  await renew('2026-10-31');
  const held = (reason: string) => invoiceStands(world, first.application, 'confirmed', { reason });
  await held('payment-block-changed');
  await renew('2027-10-31');
  await until(
    'nothing of ours holds it',
    async () => (await invoiceStands(world, first.application, 'confirmed')).reasons.length === 0,
  );
  expect((await inErp(first.id)).PaymentBlock).toBe('tYES');

  // Ours this time, lifted in the ERP by a person who knows of the cause: another cause does not set it again.
  await actInErp(world, { action: 'edit_invoice', docEntry, changes: { PaymentBlock: 'tNO' } });
  await renew('2026-10-30');
  await blockIs(first.id, 'tYES');
  await actInErp(world, { action: 'edit_invoice', docEntry, changes: { PaymentBlock: 'tNO' } });
  await renew('2026-09-30');
  await held('payment-block-changed');
  expect((await inErp(first.id)).PaymentBlock).toBe('tNO');
});

test('what Procore does not show is said, lifts nothing, and holds only where the policy says so', async () => {
  await renew('2027-10-31');
  await world.sim('POST', 'config', {
    payment_readiness: { manual_holds: 'forbidden', compliance: 'absent' },
  });
  const second = await bill('500.00');
  const { reasons } = await invoiceStands(world, second.application, 'confirmed');
  expect(reasons.map(({ code }) => code)).toEqual(['payment-hold-not-known', 'payment-hold-not-known']);
  expect((await inErp(second.id)).PaymentBlock).toBe('tNO');
  await inTenant(world.db.pools.app, world.tenant, (tx) =>
    setPolicy(tx, { approvals: [], holds: { unknown: 'hold', waivers: 'conditional' } }, 'test'),
  );
  await world.sweep();
  await blockIs(second.id, 'tYES');
  const now = await invoiceStands(world, second.application, 'confirmed', { reason: 'payment-held' });
  expect(now.reasons.map(({ message }) => message)).toContainEqual(
    'The conditional lien waiver of application 2 is missing.',
  );
});

test('nobody is asked about any of it', async () => {
  const erp = await world.engine.systems.homeOf(world.tenant);
  const { listed, findings } = await sweepReferences(world.engine, erp, null);
  expect(listed).toBeGreaterThanOrEqual(3);
  expect(findings).toEqual([]);
  for (const kind of ['exception', 'conflict', 'refused', 'quarantined'])
    expect(await questions(world, kind)).toEqual([]);
});
