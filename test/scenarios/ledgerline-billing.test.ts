import { afterAll, beforeAll, expect, test } from 'vitest';
import { openControl as ledgerline } from '../../src/connectors/demo-erp/simulator/http/control.ts';
import { formatMoney } from '../../src/domain/values/money.ts';
import { allowJobCosts } from '../../src/engine/decisions/allow-job-costs.ts';
import { compareActuals } from '../../src/engine/watch/compare-actuals.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import { tieOutDirectCosts } from '../../src/engine/watch/tie-out-direct-costs.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { applicationInProcore, billed, invoiceStands, mapRetainage, paymentsInProcore } from './billing.ts';
import { editLines, mapCost } from './hands.ts';
import { closedDetail, procoreState, standsIn } from './looking.ts';
import { counted, showBy, shownIn } from './posted-cost.ts';
import { ordersOf, standsOnce } from './standing.ts';
import {
  APPROVER,
  exportCommitment,
  OTHER_PROJECT,
  PETER,
  PROJECT,
  people,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

type Insured = { readonly vendor_id: number; readonly origin_id: string | null; readonly details: object };

// The story of pay-application.test.ts on an ERP that answers with jobs and has a field for retainage.
let world: World;
let contract: number;
let lines: number[];
let order: string;
const applications: number[] = [];
beforeAll(async () => {
  world = await startWorld({ erp: 'demo-erp', procore: { context: ['direct-cost'] } });
  const sent = await exportCommitment(world, { lines: [{ amount: '10000.00' }, { amount: '5000.00' }] });
  await standsOnce(world, sent);
  contract = sent.contract;
  const { contracts } = await procoreState(world);
  lines = contracts.find(({ id }) => id === contract)!.line_items.map(({ id }) => id);
  order = (await ordersOf(world, contract))[0]!.id;
  expect(await mapRetainage(world, '2050')).toEqual({ ok: true });
});
afterAll(() => world?.stop());

test('the first application withholds its retainage in the field for it, once although the answer is lost', async () => {
  // That of the invoice, and that of its file.
  await world.erp.trouble({ kind: 'lost-reply', times: 2 });
  const { application, detail } = await billed(world, contract, [
    {
      line_item_id: lines[0]!,
      work_completed_this_period: '4000.00',
      work_completed_retainage_retained_this_period: '400.00',
    },
    { line_item_id: lines[1]!, work_completed_this_period: '1000.50' },
  ]);
  applications.push(application);
  const { target_id } = await invoiceStands(world, application, 'confirmed');
  expect(await world.erp.reached('lost-reply')).toBeGreaterThan(0);
  expect(await world.erp.invoices()).toMatchObject([
    {
      id: target_id,
      payable: '4600.50',
      retainage: '-400.00',
      drawn: [
        { order, line: '1', amount: '4000.00' },
        { order, line: '2', amount: '1000.50' },
      ],
    },
  ]);
  expect((await closedDetail(world, detail)).status).toBe('success');
  expect(await applicationInProcore(world, application)).toMatchObject({
    origin_id: `LL-${target_id}`,
    erp_status: 'synced',
  });
});

test('its PDF hangs on the invoice, once although that answer is lost too', async () => {
  const [invoice] = await world.erp.invoices();
  await until('the write of the file has ended', async () => {
    const rows = await world.query<{ state: string }>(
      "select state from posting where object = 'attachment'",
    );
    return rows.some(({ state }) => state === 'adopted');
  });
  expect(await world.erp.reached('lost-reply')).toBe(2);
  const { files } = await ledgerline(world.b1Url).state();
  expect(files).toMatchObject([{ document: invoice!.id, name: expect.stringMatching(/\.pdf$/) }]);
});

test('the second draws what is left of a line, and pays retainage out by a document of another type', async () => {
  // The job is forgotten after it ran: the document stands and only a look can tell.
  await world.erp.trouble({ kind: 'lost-job', on: 'read' });
  const { application, detail } = await billed(world, contract, [
    {
      line_item_id: lines[0]!,
      work_completed_this_period: '6000.00',
      work_completed_retainage_released_this_period: '150.00',
    },
  ]);
  await invoiceStands(world, application, 'confirmed');
  await invoiceStands(world, application, 'confirmed', { part: 'retainage-release' });
  expect(await world.erp.reached('lost-job')).toBe(1);
  const [, ...later] = await world.erp.invoices();
  expect(later.map(({ payable, retainage, drawn }) => [payable, retainage, drawn])).toEqual(
    expect.arrayContaining([
      ['6000.00', '0.00', [{ order, line: '1', amount: '6000.00' }]],
      ['150.00', '150.00', []],
    ]),
  );
  expect(later).toHaveLength(2);
  expect(new Set(later.map(({ number }) => number)).size).toBe(2);
  expect((await closedDetail(world, detail)).status).toBe('success');
});

test('a line that a change opened on a billed order is billed as any other', async () => {
  await editLines(world, contract, [{ amount: '500.00' }]);
  await standsIn(world, contract, 'confirmed', { revision: 2 });
  const { contracts } = await procoreState(world);
  const opened = contracts
    .find(({ id }) => id === contract)!
    .line_items.find(({ id }) => !lines.includes(id));
  const { application } = await billed(world, contract, [
    { line_item_id: opened!.id, work_completed_this_period: '125.50' },
  ]);
  const { target_id } = await invoiceStands(world, application, 'confirmed');
  const made = (await world.erp.invoices()).find(({ id }) => id === target_id);
  expect(made).toMatchObject({ payable: '125.50', drawn: [{ order, line: '3', amount: '125.50' }] });
});

test('a number that the vendor used for another bill is not sent, and nothing is drawn', async () => {
  const { number } = (await world.erp.invoices())[0]!;
  const { application } = await billed(
    world,
    contract,
    [{ line_item_id: lines[1]!, work_completed_this_period: '10.00' }],
    { invoice_number: number },
  );
  await invoiceStands(world, application, 'blocked', { reason: 'duplicate-number' });
  expect(await world.erp.invoices()).toHaveLength(4);
});

test('holds follow onto a posted invoice in their words, once although an answer is lost', async () => {
  const [first] = await world.erp.invoices();
  const requisition_id = applications[0]!;
  const hold = async (description: string) =>
    Number(
      (await world.act({ as: PETER, action: 'hold_payment', requisition_id, description })).manual_hold_id,
    );
  const release = (manual_hold_id: number) =>
    world.act({ as: PETER, action: 'release_payment_hold', manual_hold_id });
  const held = async () =>
    (await ledgerline(world.b1Url).state()).invoices.find(({ id }) => id === first!.id)!.hold;
  await world.erp.trouble({ kind: 'lost-reply' });
  const door = await hold('Damaged door');
  await until('it is held', async () => (await held())?.endsWith('Damaged door'));
  expect(await world.erp.reached('lost-reply')).toBe(1);
  const key = await hold('No key');
  await until('both are said', async () => /Damaged door; .*No key$/.test((await held()) ?? ''));
  await release(door);
  await release(key);
  await until('it is free', async () => (await held()) === null);

  await world.b1.post('act', { action: 'hold_invoice', id: first!.id, hold: 'Ask Mary' });
  const lock = await hold('No lock');
  await invoiceStands(world, requisition_id, 'confirmed', { reason: 'payment-block-changed' });
  await release(lock);
  await until('nothing of ours holds it', async () => {
    const { reasons } = await invoiceStands(world, requisition_id, 'confirmed');
    return reasons.length === 0;
  });
  expect(await held()).toBe('Ask Mary');
  await world.b1.post('act', { action: 'lift_hold', id: first!.id });
});

test('insurances of the ERP stand in Procore, hold what they do not cover, and free it once renewed', async () => {
  const covers = { type: 'General liability', number: 'GL-7', insurer: 'Harbor Mutual', limit: '1000000.00' };
  await world.sim('POST', 'faults', {
    seed: 1,
    rules: [{ kind: 'lost-reply', times: 1, match: { method: 'PATCH', path_regex: 'insurances/sync' } }],
  });
  await world.b1.post('act', {
    ...{ action: 'add_insurance', vendor: 'V1000', ...covers },
    ...{ from: '2025-11-01', to: '2099-10-31' },
  });
  await world.sweep();
  const inProcore = async () =>
    ((await procoreState(world)) as unknown as { insurances: readonly Insured[] }).insurances;
  await until('the certificate stands', async () => (await inProcore()).length > 0);
  const [{ code }] = (await ledgerline(world.b1Url).state()).insurances as unknown as [{ code: string }];
  expect(await inProcore()).toMatchObject([
    {
      vendor_id: vendors.steel,
      origin_id: `LL-${code}`,
      details: {
        ...{ insurance_type: 'General liability', policy_number: 'GL-7', limit: '1000000.00' },
        ...{ insurance_provider: 'Harbor Mutual', expiration_date: '2099-10-31' },
      },
    },
  ]);
  const endsOn = async (to: string) => {
    await world.b1.post('act', { action: 'edit_insurance', code, change: { to } });
    await world.sweep();
  };
  await endsOn('2026-10-31');
  const { reasons } = await invoiceStands(world, applications[0]!, 'confirmed', { reason: 'payment-held' });
  expect(reasons[0]!.message).toContain('(policy GL-7) expired on 2026-10-31');
  await endsOn('2027-10-31');
  await until('nothing is held', async () =>
    (await ledgerline(world.b1Url).state()).invoices.every(({ hold }) => hold === null),
  );
  expect(await inProcore()).toHaveLength(1);
});

test('a payment shows in Procore on each invoice that it settled, until it is voided', async () => {
  const [first, second] = await world.erp.invoices();
  const pay = {
    ...{ action: 'pay_invoices', method: 'check', number: '771' },
    invoices: [
      { id: first!.id, amount: '1000.00' },
      { id: second!.id, amount: '10.25' },
    ],
  };
  // A hold that the story before lifted may still stand for a moment.
  const paid = () =>
    world.b1.post('act', pay).then(
      () => true,
      () => false,
    );
  await until('both can be paid', paid);
  const shown = async () => (await paymentsInProcore(world)).map(({ amount, check }) => [amount, check]);
  await until('both parts are shown', async () => (await shown()).length === 2);
  expect((await shown()).sort()).toEqual([
    ['10.25', '771'],
    ['1000.00', '771'],
  ]);
  const rows = await world.query<{ native_id: string }>(
    "select native_id from record where object = 'payment'",
  );
  await world.b1.post('act', { action: 'void_payment', id: rows[0]!.native_id });
  await until('both are taken back', async () => (await shown()).length === 0);
});

test('a direct cost of the company is one bill without an order, over two jobs, once although the answer is lost', async () => {
  await mapCost(world, '05-100|S', '5200');
  const line = { line_item_type_id: 31, cost_code_id: 41, project_id: PROJECT };
  const made = await world.act({
    ...{ as: PETER, action: 'create_company_direct_cost', vendor_id: vendors.steel, invoice_number: 'SS-17' },
    ...{ description: 'Bolts', accounting_date: '2026-11-10', direct_cost_date: '2026-11-09' },
    line_items: [
      { ...line, unit_cost: '100.10', description: 'Bolts' },
      { ...line, project_id: OTHER_PROJECT, cost_code_id: 44, unit_cost: '-0.25', description: 'Returned' },
    ],
  } as ProcoreAct);
  const export_ = { kind: 'company_level_direct_cost', ids: [Number(made.direct_cost_id)] };
  await world.erp.trouble({ kind: 'lost-reply' });
  await world.act({ as: PETER, action: 'send_object_to_erp', ...export_ } as ProcoreAct);
  const done = await world.act({ as: APPROVER, action: 'approve_object_export', ...export_ } as ProcoreAct);
  const [detail] = done.request_detail_ids as number[];
  expect((await closedDetail(world, detail!)).status).toBe('success');
  expect(await world.erp.reached('lost-reply')).toBe(1);
  const { invoices } = await ledgerline(world.b1Url).state();
  expect(invoices.filter(({ type }) => type === 'bill')).toMatchObject([
    {
      order: null,
      vendor: 'V1000',
      vendor_number: 'SS-17',
      payable: '99.85',
      lines: [
        { account: '5200', project: 'JOB-4', amount: '100.10' },
        { account: '5200', project: 'JOB-5', amount: '-0.25' },
      ],
    },
  ]);
});

async function costIs(ledger: string) {
  let last: object | undefined;
  return until(`the budget shows ${ledger}`, async () => {
    const all = await compareActuals(world.engine, world.tenant);
    const cost = all.find(({ project }) => project.id === String(PROJECT));
    last = cost;
    return cost?.ledger === ledger && cost.unread === '0.00' && cost.waiting === '0.00' && cost;
  }).catch(() => {
    throw new Error(`the budget never showed ${ledger}: ${JSON.stringify(last)}`);
  });
}

test('what is billed is posted cost of the lines of its order, gross, and shows in the budget', async () => {
  const { tenant } = world;
  await allowJobCosts(world.engine, { tenant, user: people.engineer, allowed: true });
  expect(await costIs('11226.10')).toMatchObject({
    ...{ attributed: '11226.10', unattributed: '0.00', shown: '11226.10', residual: '0.00' },
    byPayApplications: '11126.00',
  });
});

test('a bill that was entered on a project is compared with the one that people typed there', async () => {
  const path = `/rest/v1.0/projects/${PROJECT}/direct_costs`;
  const sync = async (at: string, update: object) =>
    (await world.rest('PATCH', `${path}${at}/sync`, { updates: [update] })) as { entities: { id: number }[] };
  const head = { direct_cost_type: 'invoice', invoice_number: 'PL-9', direct_cost_date: '2026-11-09' };
  const { entities } = await sync('', { ...head, vendor_id: vendors.steel, description: 'Plates' });
  const direct_cost_id = entities[0]!.id;
  await sync('/line_items', {
    ...{ direct_cost_id, cost_code_id: 41, line_item_type_id: 31, amount: '70.07' },
  });
  await sync('', { id: direct_cost_id, status: 'approved' });
  const comesTo = (part: string) =>
    until(`it comes to "${part}"`, async () => {
      const compared = await tieOutDirectCosts(world.engine, world.tenant);
      const items = compared.flatMap(({ bridge }) => bridge.items);
      return part === items.map(({ cause, amount }) => `${cause} ${formatMoney(amount)}`).join();
    });
  await comesTo('not-sent 70.07');
  const line = { description: 'Plates', account: '5200', amount: '70.07', project: 'JOB-4' };
  const bill = { type: 'bill', vendor: 'V1000', vendor_number: 'pl-9', currency: 'USD', title: 'Plates' };
  const dates = { date: '2026-11-10', invoice_date: '2026-11-09' };
  await world.b1.post('act', { action: 'enter_document', document: { ...bill, ...dates, lines: [line] } });
  await comesTo('');
  await costIs('11296.17');
});

test('the daily look finds orders, invoices and releases as they were posted', async () => {
  const erp = await world.engine.systems.homeOf(world.tenant);
  const report = await until('what was posted is old enough to be compared', async () => {
    const found = await sweepReferences(world.engine, erp, null);
    return found.listed >= 7 && found;
  });
  expect(report.findings).toEqual([]);
});

test('the daily look names an invoice that a person cancelled, and posts it to nobody again', async () => {
  const erp = await world.engine.systems.homeOf(world.tenant);
  const [first] = (await world.erp.invoices()).filter(({ payable }) => payable === '6000.00');
  await world.b1.post('act', { action: 'cancel_invoice', id: first!.id });
  const { findings } = await sweepReferences(world.engine, erp, null);
  expect(findings).toMatchObject([{ kind: 'drift', reference: first!.reference, mark: 'cancelled' }]);
  expect(await world.erp.invoices()).toHaveLength(6);
  expect(await costIs('5296.17')).toMatchObject({ byPayApplications: '5126.00' });
});

test('entry by entry, cost shows gross and once, and nothing of what is withheld or paid of it', async () => {
  const enter = (document: object) =>
    world.b1.post('act', { action: 'enter_document', document: { currency: 'USD', ...document } });
  const dates = { date: '2026-11-12', invoice_date: '2026-11-11' };
  await enter({
    ...{ type: 'invoice', order, vendor: 'V1000', vendor_number: 'SS-90', title: 'By hand', ...dates },
    lines: [{ order_line: 2, description: 'Doors', amount: '200.00' }],
    retainage: { account: '2050', amount: '20.00' },
  });
  const typed = (await world.erp.invoices()).find(({ number }) => number === 'SS-90')!;
  const [first] = await world.erp.invoices();
  const release = (await world.erp.invoices()).find(({ payable }) => payable === '150.00')!;
  const settled = [
    { id: typed.id, amount: '180.00' },
    { id: first!.id, amount: '4600.50' },
    { id: release.id, amount: '150.00' },
  ];
  await world.b1.post('act', { action: 'pay_invoices', method: 'check', number: '772', invoices: settled });
  await enter({
    ...{ type: 'bill', vendor: 'V1001', vendor_number: 'R-12', title: 'Receipt', ...dates },
    lines: [{ description: 'Grout', account: '5100', amount: '9.93', project: 'JOB-4' }],
  });
  await costIs('5506.10');
  await showBy(world, 'document');
  await costIs('5506.10');
  const paid = async () => (await shownIn(world)).job_costs.find((row) => row.cost_code_id === 41);
  // All that was billed but for 250 that are withheld of the first, 20 of the other, and what nobody paid.
  await until('what was paid is told', async () => (await paid())?.job_to_date_dollars_paid === '4930.5');
  const shown = await shownAs(3);
  expect(shown.get('pl-9')).toMatchObject([{ direct_cost_type: 'invoice', amounts: ['70.07'], codes: [41] }]);
  expect(shown.get('SS-90')).toMatchObject([
    { direct_cost_type: 'invoice', amounts: ['200.0'], codes: [41], details: { vendor_id: vendors.steel } },
  ]);
  expect(shown.get('R-12')).toMatchObject([
    { direct_cost_type: 'invoice', amounts: ['9.93'], codes: [42], details: { vendor_id: vendors.concrete } },
  ]);
});

test('entry by entry, a correction is an entry of its own, and what it corrects stays as it was', async () => {
  const before = await counted(world);
  const moved = [
    { account: '5200', amount: '-30.00', project: 'JOB-4' },
    { account: '5100', amount: '30.00', project: 'JOB-4' },
  ];
  await world.b1.post('act', { action: 'post_entry', date: '2026-11-13', memo: 'Moved', lines: moved });
  const { invoices } = await ledgerline(world.b1Url).state();
  const wrong = invoices.find(({ vendor_number }) => vendor_number === 'pl-9')!;
  await world.b1.post('act', { action: 'cancel_invoice', id: wrong.id });
  await costIs('5436.03');
  const shown = await shownAs(5);
  const [correction] = shown.get(undefined)!;
  expect(correction).toMatchObject({
    ...{ direct_cost_type: 'expense', amounts: ['-30.0', '30.0'], codes: [41, 42] },
    details: { description: expect.stringMatching(/^Entry \S+ in Ledgerline$/) },
  });
  expect(shown.get('pl-9')!.map(({ amounts }) => amounts)).toEqual([['70.07'], ['-70.07']]);
  expect(await counted(world)).toEqual(expect.arrayContaining(before));
});

test('what a vendor gives back is one credit memo, once although its job is forgotten, and lowers the posted cost', async () => {
  const before = await counted(world);
  const line = { line_item_type_id: 31, cost_code_id: 41, project_id: PROJECT };
  const made = await world.act({
    ...{ as: PETER, action: 'create_company_direct_cost', vendor_id: vendors.steel, invoice_number: 'CM-2' },
    ...{ description: 'Bolts sent back', accounting_date: '2026-11-12', direct_cost_date: '2026-11-11' },
    line_items: [
      { ...line, unit_cost: '-45.50', description: 'Bolts' },
      { ...line, unit_cost: '5.50', description: 'Restocking' },
    ],
  } as ProcoreAct);
  const export_ = { kind: 'company_level_direct_cost', ids: [Number(made.direct_cost_id)] };
  await world.erp.trouble({ kind: 'lost-job', on: 'read' });
  await world.act({ as: PETER, action: 'send_object_to_erp', ...export_ } as ProcoreAct);
  const done = await world.act({ as: APPROVER, action: 'approve_object_export', ...export_ } as ProcoreAct);
  const [detail] = done.request_detail_ids as number[];
  expect((await closedDetail(world, detail!)).status).toBe('success');
  expect(await world.erp.reached('lost-job')).toBe(1);
  const { invoices } = await ledgerline(world.b1Url).state();
  expect(invoices.filter(({ type }) => type === 'credit-memo')).toMatchObject([
    {
      ...{ order: null, vendor: 'V1000', vendor_number: 'CM-2', payable: '-40.00', date: '2026-11-12' },
      lines: [
        { account: '5200', project: 'JOB-4', amount: '45.50' },
        { account: '5200', project: 'JOB-4', amount: '-5.50' },
      ],
    },
  ]);
  await costIs('5396.03');
  // Procore has it as the direct cost that it was made of. The ledger shows it before our books know whose it is.
  await until('it is counted there no second time', async () => {
    await world.sweep();
    return (await counted(world)).length === before.length;
  });
  expect(await counted(world)).toEqual(before);
});

test('a credit that was entered on a project is compared with the one that people typed there, by its sign', async () => {
  const path = `/rest/v1.0/projects/${PROJECT}/direct_costs`;
  const sync = async (at: string, update: object) =>
    (await world.rest('PATCH', `${path}${at}/sync`, { updates: [update] })) as { entities: { id: number }[] };
  const head = { direct_cost_type: 'invoice', invoice_number: 'CM-3', direct_cost_date: '2026-11-12' };
  const { entities } = await sync('', { ...head, vendor_id: vendors.steel, description: 'Plates' });
  const direct_cost_id = entities[0]!.id;
  await sync('/line_items', {
    ...{ direct_cost_id, cost_code_id: 41, line_item_type_id: 31, amount: '-15.00' },
  });
  await sync('', { id: direct_cost_id, status: 'approved' });
  const credits = async () => {
    const compared = await tieOutDirectCosts(world.engine, world.tenant);
    const items = compared.flatMap(({ bridge }) => bridge.items);
    return items.filter(({ number }) => number === 'CM-3').map(({ amount }) => formatMoney(amount));
  };
  await until('only Procore has it', async () => (await credits()).join() === '-15.00');
  const line = { description: 'Plates', account: '5200', amount: '15.00', project: 'JOB-4' };
  const credit = { type: 'credit-memo', vendor: 'V1000', vendor_number: 'CM-3', currency: 'USD' };
  const dates = { date: '2026-11-12', invoice_date: '2026-11-12', title: 'Plates' };
  await world.b1.post('act', { action: 'enter_document', document: { ...credit, ...dates, lines: [line] } });
  await until('both have it', async () => (await credits()).length === 0);
  await costIs('5381.03');
});

test('what came in is cost once, and billed by its delivery, once although the answer is lost', async () => {
  const sent = await exportCommitment(world, { lines: [{ amount: '1000.00' }] });
  await standsOnce(world, sent);
  const [received] = await ordersOf(world, sent.contract);
  const { contracts } = await procoreState(world);
  const [line] = contracts.find(({ id }) => id === sent.contract)!.line_items;
  const deliver = (amount: string) =>
    world.b1.post('act', {
      ...{ action: 'take_in', order: received!.id, date: '2026-11-12' },
      lines: [{ order_line: 1, amount }],
    });
  await deliver('200.00');
  await deliver('100.25');
  expect(await costIs('5681.28')).toMatchObject({ byPayApplications: '5126.00' });
  await world.erp.trouble({ kind: 'lost-reply' });
  const { application } = await billed(world, sent.contract, [
    { line_item_id: line!.id, work_completed_this_period: '400.25' },
  ]);
  const { target_id } = await invoiceStands(world, application, 'confirmed');
  expect(await world.erp.reached('lost-reply')).toBe(1);
  const { invoices } = (await ledgerline(world.b1Url).state()) as unknown as {
    readonly invoices: readonly { readonly id: string; readonly lines: readonly object[] }[];
  };
  expect(invoices.find(({ id }) => id === target_id)?.lines).toMatchObject([
    { order_line: 1, delivery: expect.stringMatching(/^LG-/), amount: '200.00' },
    { order_line: 1, delivery: expect.stringMatching(/^LG-/), amount: '100.25' },
    { order_line: 1, amount: '100.00' },
  ]);
  // The ledger has what was delivered once, and pay applications count all that they bill of it.
  await until('it is counted once', async () => {
    await world.sweep();
    const { byPayApplications } = await costIs('5781.28');
    return byPayApplications === '5526.25';
  });
  expect(await costIs('5781.28')).toMatchObject({ residual: '0.00', unattributed: '0.00' });
});

/** Entries that the budget shows, by the number of the bill that made them. */
async function shownAs(entries: number) {
  const shown = await until(`${entries} entries are shown`, async () => {
    const all = await counted(world);
    return all.length === entries && all.every(({ origin_id }) => /-J\S+$/.test(origin_id ?? '')) && all;
  });
  return Map.groupBy(shown, ({ details }) => details.invoice_number);
}
