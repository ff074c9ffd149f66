import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAdoptions, proposeAdoptions } from '../../src/engine/plan/adopt.ts';
import { tieOut } from '../../src/engine/watch/tie-out.ts';
import {
  applicationInProcore,
  approvedApplication,
  exportApplications,
  invoiceStands,
  invoicesInErp,
  paymentsInProcore,
} from './billing.ts';
import { actInErp, editLines, exportAgain, leaveOriginInProcore, unlinkInProcore } from './hands.ts';
import { closedDetail, documentOf, procoreState, questionAbout, questions, standsIn } from './looking.ts';
import {
  createCommitment,
  type NewLine,
  PROJECT,
  people,
  sendAndApprove,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

// A project that ran before: orders and invoices were typed into the ERP by hand.
const TODAY = new Date().toISOString().slice(0, 10);
const ORDERED = { exact: 1, differs: 2, ambiguous: 3 } as const;

let world: World;
let exact: number;
let differs: number;
let twins: readonly [number, number];
let exactLines: number[];
let billedBefore: readonly [number, number];

beforeAll(async () => {
  world = await startWorld();
  const steel = (number: string, lines: readonly NewLine[]) => createCommitment(world, { number, lines });
  exact = await steel('SC-0101', [
    { amount: '10000.00', description: 'Columns' },
    { amount: '5000.00', description: 'Beams' },
  ]);
  differs = await steel('SC-0102', [
    { amount: '2000.00', description: 'Stairs' },
    { amount: '300.10', description: 'Rails' },
  ]);
  const twin = (number: string) =>
    createCommitment(world, { number, vendor: vendors.concrete, lines: [{ amount: '700.00', code: 42 }] });
  twins = [await twin('SC-0103'), await twin('SC-0104')];
  await typeOrder('V1000', 'sc 101', [
    ['5100', 'Columns, as agreed', 10000],
    ['5200', 'Beams', 5000],
  ]);
  await typeOrder('V1000', '', [
    ['5200', 'Stairs', 2000],
    ['5200', 'Rails', 300],
  ]);
  await typeOrder('V1001', '', [['5100', 'Slab', 700]]);
  await leaveOriginInProcore(world, differs, String((await ordersInErp())[1]!.docNum));
  exactLines = await linesInProcore(exact);
  billedBefore = [
    await billedByHand('INV-1', { line: 0, inProcore: '4000.00', inErp: 4000 }),
    await billedByHand('INV-2', { line: 1, inProcore: '1000.00', inErp: 990 }),
  ];
  await world.sweep();
  await until('both systems are read', async () => {
    const [seen] = await world.query<{ n: number }>(
      `select (select count(*) from record where object = 'sub-invoice' and body->>'approved' = 'true')
         + (select count(*) from record where object = 'commitment')
         + (select count(*) from document where kind = 'vendor-link' and state = 'confirmed') as n`,
    );
    return Number(seen!.n) >= 8;
  });
}, 60_000);
afterAll(() => world?.stop());

async function typeOrder(
  CardCode: string,
  NumAtCard: string,
  lines: readonly (readonly [account: string, text: string, amount: number])[],
): Promise<void> {
  await actInErp(world, {
    action: 'create_order',
    document: {
      CardCode,
      NumAtCard,
      DocType: 'dDocument_Service',
      Project: 'JOB-4',
      DocDueDate: TODAY,
      DocumentLines: lines.map(([AccountCode, ItemDescription, LineTotal]) => ({
        AccountCode,
        ItemDescription,
        LineTotal,
        ProjectCode: 'JOB-4',
      })),
    },
  });
}

/** An application that was approved in Procore, and its invoice that a clerk typed. */
async function billedByHand(
  number: string,
  { line, inProcore, inErp }: { line: number; inProcore: string; inErp: number },
): Promise<number> {
  const application = await approvedApplication(
    world,
    exact,
    [{ line_item_id: exactLines[line]!, work_completed_this_period: inProcore }],
    { invoice_number: number },
  );
  const order = (await ordersInErp())[0]!;
  await actInErp(world, {
    action: 'create_invoice',
    document: {
      CardCode: 'V1000',
      NumAtCard: number,
      DocType: 'dDocument_Service',
      DocumentLines: [{ BaseType: 22, BaseEntry: order.docEntry, BaseLine: line, LineTotal: inErp }],
    },
  });
  return application;
}

async function ordersInErp() {
  return [...(await world.truth()).orders].sort((a, b) => a.docEntry - b.docEntry);
}

const totalsOf = (order: Awaited<ReturnType<typeof ordersInErp>>[number]) =>
  order.document.DocumentLines.map(({ LineTotal }) => LineTotal);

async function linesInProcore(contract: number): Promise<number[]> {
  const { contracts } = await procoreState(world);
  return contracts.find(({ id }) => id === contract)!.line_items.map(({ id }) => id);
}

async function originOf(contract: number): Promise<string | null> {
  const { contracts } = await procoreState(world);
  return contracts.find(({ id }) => id === contract)!.origin_id;
}

/** Writes of ours to the ERP, whatever they were for. */
async function writesToErp(): Promise<number> {
  return (await world.truth()).writes.filter(({ path }) => /Purchase(Orders|Invoices)/.test(path)).length;
}

async function questionOf(contract: number) {
  const open = await questions(world, 'adoption');
  const question = open.find(({ subject }) => subject === `adoption:${contract}`)!;
  const { proposal } = question.evidence as unknown as { proposal: { hash: string } };
  return { reviewId: question.id, payloadHash: proposal.hash };
}

type Choice = { readonly order: number | null; readonly application?: number };

async function decide(
  contract: number,
  { order, application }: Choice,
  user: (typeof people)[keyof typeof people] = people.controller,
) {
  const entry = order === null ? null : String((await ordersInErp())[order - 1]!.docEntry);
  const asked = await questionOf(contract);
  return world.service.adopt({
    tenant: world.tenant,
    user,
    ...asked,
    order: entry,
    application: application ?? null,
  });
}

test('a dry run names what belongs together, line by line to the cent, and guesses nothing', async () => {
  const report = await findAdoptions(world.engine, world.tenant, String(PROJECT));
  expect(
    report.proposals.map(({ commitment, certain, candidates }) => [
      commitment.number,
      certain,
      candidates.map(({ difference }) => difference),
    ]),
  ).toEqual([
    ['SC-0102', true, ['0.10']],
    ['SC-0101', true, ['0.00']],
    ['SC-0103', false, ['0.00']],
    ['SC-0104', false, ['0.00']],
  ]);
  const [rails] = report.proposals[0]!.candidates[0]!.lines.filter(({ name }) => name === 'Rails');
  expect(rails).toMatchObject({ source: '300.10', target: '300.00', difference: '0.10' });
  expect(report.proposals[0]!.candidates[0]!.evidence[0]).toMatch(/origin id/);
  expect(report.proposals[1]!.candidates[0]!.openings[0]).toMatchObject({
    application: 2,
    source: '5000.00',
    target: '4990.00',
    difference: '10.00',
  });
  expect(await questions(world, 'adoption')).toEqual([]);
  expect(await writesToErp()).toBe(0);
});

test('while it is open, and after it was rejected, an export posts nothing', async () => {
  const { left } = await proposeAdoptions(world.engine, world.tenant, String(PROJECT));
  expect(left).toEqual([]);
  const { detail } = await sendAndApprove(world, exact);
  await standsIn(world, exact, 'blocked', { reason: 'order-may-stand' });
  const { reviewId } = await questionOf(exact);
  const no = { tenant: world.tenant, user: people.controller, reviewId, reason: 'To be looked at first' };
  expect(await world.service.reject(no)).toEqual({ ok: true });
  await until('it says that it was rejected', async () =>
    /was rejected/.test((await documentOf(world, exact))!.reasons[0]!.message),
  );
  expect((await procoreState(world)).erp_request_details.find(({ id }) => id === detail)?.status).toBe(
    'in_progress',
  );
  expect(await writesToErp()).toBe(0);
});

test('only a controller who set none of its mappings takes an order over, and only as it was shown', async () => {
  await proposeAdoptions(world.engine, world.tenant, String(PROJECT));
  const all = { order: ORDERED.exact, application: 2 };
  expect(await decide(exact, all, people.accountant)).toMatchObject({ status: 403 });
  const seen = await questionOf(exact);
  await actInErp(world, {
    action: 'edit_order_line',
    docEntry: (await ordersInErp())[1]!.docEntry,
    lineNum: 0,
    changes: { LineTotal: 1999 },
  });
  expect(await decide(differs, { order: ORDERED.differs })).toMatchObject({ status: 409 });
  await actInErp(world, {
    action: 'edit_order_line',
    docEntry: (await ordersInErp())[1]!.docEntry,
    lineNum: 0,
    changes: { LineTotal: 2000 },
  });
  expect(await decide(differs, { order: ORDERED.differs })).toMatchObject({ status: 409 });
  expect(await decide(exact, { order: ORDERED.exact })).toMatchObject({ status: 422 });
  expect(await questionOf(exact)).toEqual(seen);
});

test('an order that is taken over is linked and confirmed, and the export that waited is answered', async () => {
  expect(await decide(exact, { order: ORDERED.exact, application: 2 })).toEqual({ ok: true });
  expect(await decide(differs, { order: ORDERED.differs })).toEqual({ ok: true });
  expect(await decide(twins[0], { order: ORDERED.ambiguous })).toEqual({ ok: true });
  const [first] = await ordersInErp();
  const document = await standsIn(world, exact, 'confirmed', { revision: 2 });
  expect(document.target_id).toBe(String(first!.docEntry));
  await until('Procore shows the order', async () => (await originOf(exact)) === `B1-${first!.docEntry}`);
  const answered = await until('its sender is told', async () =>
    (await procoreState(world)).erp_request_details.find(({ status }) => status === 'success'),
  );
  expect(answered.messages).toEqual([]);
  const links = await world.query<{ object: string; n: number }>(
    `select target_object as object, count(*)::int as n from link
     where source_id = any($1) group by target_object order by 1`,
    [[exact, ...billedBefore].map(String)],
  );
  expect(links).toEqual([
    { object: 'ap-invoice', n: 2 },
    { object: 'purchase-order', n: 3 },
  ]);
  expect(await writesToErp()).toBe(0);
});

test('the tie-out names what was accepted, and leaves no cent unexplained', async () => {
  const projects = await tieOut(world.engine, world.tenant);
  const { bridge } = projects.find(({ project }) => project.id === String(PROJECT))!;
  expect(bridge.residual.minor).toBe(0n);
  const accepted = bridge.items.find(({ number }) => number === 'SC-0102');
  expect(accepted).toMatchObject({ amount: { minor: 10n }, cause: 'change-not-posted' });
  expect(accepted?.explanation).toMatch(/taken over as it stood, with a difference of USD 0\.10/);
});

test('what could have been two is asked again, and goes its own way only when somebody says so', async () => {
  expect(await decide(twins[1], { order: ORDERED.ambiguous })).toMatchObject({ status: 409 });
  await sendAndApprove(world, twins[1]);
  await standsIn(world, twins[1], 'blocked', { reason: 'order-may-stand' });
  expect(await decide(twins[1], { order: null })).toEqual({ ok: true });
  await standsIn(world, twins[1], 'confirmed');
  expect(await ordersInErp()).toHaveLength(4);
});

test('a change reaches the order that stands, keeps what people typed, and leaves a foreign origin id alone', async () => {
  const origin = await originOf(differs);
  const before = await ordersInErp();
  const writes = await writesToErp();
  const [stairs] = await linesInProcore(differs);
  await editLines(world, differs, [{ id: stairs!, amount: '2100.00' }]);
  await standsIn(world, differs, 'confirmed', { revision: 2 });
  expect(await writesToErp()).toBe(writes + 1);
  const after = await ordersInErp();
  expect(after).toHaveLength(before.length);
  expect(totalsOf(after[1]!)).toEqual([2100, 300.1]);
  expect(after[1]!.udfs.U_TiebeamRef ?? '').toBe('');
  expect(await originOf(differs)).toBe(origin);
});

test('a later export of what was taken over confirms it, with the accounts and words that people chose', async () => {
  const [before] = await ordersInErp();
  const writes = await writesToErp();
  await unlinkInProcore(world, exact);
  const { detail } = await exportAgain(world, exact);
  expect((await closedDetail(world, detail)).status).toBe('success');
  expect((await documentOf(world, exact))?.revision).toBe(2);
  expect((await ordersInErp())[0]).toEqual(before);
  expect(await originOf(exact)).toBe(`B1-${before!.docEntry}`);
  expect(await writesToErp()).toBe(writes);
  const [line] = exactLines;
  await editLines(world, exact, [{ id: line!, amount: '10000.00' }, { amount: '50.00' }]);
  await standsIn(world, exact, 'confirmed', { revision: 3 });
  const [after] = await ordersInErp();
  expect(totalsOf(after!)).toEqual([10000, 5000, 50]);
  expect(after!.document.DocumentLines.slice(0, 2)).toEqual(
    before!.document.DocumentLines.slice(0, 2).map((row) =>
      expect.objectContaining({ AccountCode: row.AccountCode }),
    ),
  );
  expect(await writesToErp()).toBe(writes + 1);
});

test('what is paid from then on of an invoice that was taken over shows on its application, once', async () => {
  const taken = (await invoicesInErp(world)).find(({ document }) => document.NumAtCard === 'INV-1')!;
  const { docEntry } = taken;
  await actInErp(world, {
    action: 'pay_invoice',
    docEntry,
    amount: '250.00',
    method: 'check',
    number: '881',
  });
  const shown = await until('the payment is shown', async () => {
    const found = await paymentsInProcore(world);
    return found.length > 0 && found;
  });
  expect(shown.map(({ amount, check }) => [amount, check])).toEqual([['250.00', '881']]);
  const told = await world.query<{ on: string }>(
    "select operation -> 'notice' ->> 'subInvoiceId' as on from document where kind = 'payment'",
  );
  expect(told).toEqual([{ on: String(billedBefore[0]) }]);
});

test('the next application bills only what is beyond the opening; an older one is never posted', async () => {
  const [old] = billedBefore;
  const invoices = (await invoicesInErp(world)).length;
  const next = await approvedApplication(
    world,
    exact,
    [
      { line_item_id: exactLines[0]!, work_completed_this_period: '3000.00' },
      { line_item_id: exactLines[1]!, work_completed_this_period: '500.50' },
    ],
    { invoice_number: 'INV-3' },
  );
  const [oldDetail] = await exportApplications(world, [old]);
  const [detail] = await exportApplications(world, [next]);
  await invoiceStands(world, next, 'confirmed');
  expect((await closedDetail(world, detail!)).status).toBe('success');
  expect(await closedDetail(world, oldDetail!)).toMatchObject({ status: 'failed' });
  const all = await invoicesInErp(world);
  expect(all).toHaveLength(invoices + 1);
  expect(all.at(-1)!.document.DocumentLines.map(({ LineTotal }) => LineTotal)).toEqual([3000, 500.5]);
  expect((await applicationInProcore(world, next)).origin_id).toMatch(/^B1-/);
  expect((await world.service.verifyAudit(world.tenant)).verdict.verified).toBe(true);
});

test('what waited for an approval is held back at once when an order of it is found', async () => {
  const number = 'SC-0106';
  const large = await createCommitment(world, { number, lines: [{ amount: '60000.00' }] });
  await sendAndApprove(world, large);
  const waiting = await standsIn(world, large, 'awaiting-approval');
  const approval = await questionAbout(world, large, 'approval');
  await typeOrder('V1000', number, [['5200', 'Work', 60000]]);
  const orders = await ordersInErp();
  await world.stopWorkers();
  await proposeAdoptions(world.engine, world.tenant, String(PROJECT));
  const asked = { tenant: world.tenant, user: people.controller, reviewId: approval.id };
  const payloadHash = waiting.payload_hash ?? '';
  expect(await world.service.approve({ ...asked, payloadHash })).toMatchObject({ status: 409 });
  expect((await documentOf(world, large))?.reasons[0]?.code).toBe('order-may-stand');
  world.startWorker();
  expect(await decide(large, { order: orders.length })).toEqual({ ok: true });
  await standsIn(world, large, 'confirmed', { revision: 2 });
  expect(await ordersInErp()).toHaveLength(orders.length);
});
