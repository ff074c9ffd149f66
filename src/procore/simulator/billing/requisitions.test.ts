import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type Bench,
  COMPANY,
  CONTRACT,
  LINE,
  type Loose,
  PROJECT,
  smallSeed,
  startBench,
  USER,
} from '../simulator-fixture.ts';
import { SYNCED_NOTICE } from './requisition-store.ts';

const JOB = 562_949_950_001_000;
const JOB_LINE = 562_949_950_001_001;
const EXTRA = 562_949_950_001_002;
const AUGUST = 562_949_950_001_008;

let bench: Bench;
beforeEach(async () => {
  bench = await startBench(withJob());
});
afterEach(() => bench.stop());

/** A contract of one line of 50,000 with an approved change order of 5,000, as in the vendor's tutorial. */
function withJob(change: object = {}) {
  const seed = smallSeed();
  const job = {
    id: JOB,
    kind: 'work_order_contract' as const,
    project_id: PROJECT,
    title: 'Foundations',
    status: 'Approved' as const,
    retainage_percent: '10.0',
    line_items: [{ id: JOB_LINE, amount: '50000.00', description: 'Foundation work' }],
    ...change,
  };
  return {
    ...seed,
    contracts: [...(seed.contracts ?? []), job],
    change_order_packages: [
      {
        contract_id: JOB,
        status: 'approved' as const,
        title: 'Deeper',
        line_items: [
          { id: EXTRA, amount: '5000.00', description: 'Deeper', commitment_line_item_id: JOB_LINE },
        ],
      },
    ],
    billing_periods: [
      {
        id: AUGUST,
        project_id: PROJECT,
        start_date: '2026-08-01',
        end_date: '2026-08-31',
        due_date: '2026-08-25',
      },
    ],
  };
}

const base = '/rest/v1.1/requisitions';
const show = async (id: number, view = 'extended'): Promise<Loose> =>
  (await bench.rest('GET', `${base}/${id}?project_id=${PROJECT}&view=${view}`)).body;
const older = (id: number, rest: string) => `/rest/v1.0/requisitions/${id}/${rest}?project_id=${PROJECT}`;
const patch = (id: number, requisition: unknown, contract = JOB) =>
  bench.rest('PATCH', `${base}/${id}`, { project_id: PROJECT, commitment_id: contract, requisition });

type Given = { line_item_id: number; [field: string]: unknown };
async function submit(lines: readonly Given[], more: object = {}): Promise<number> {
  const act = { as: USER, action: 'submit_application', contract_id: JOB, lines, ...more } as const;
  const { status, body } = await bench.act(act as unknown as Parameters<Bench['act']>[0]);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.requisition_id;
}
const work = (amount: string, stored?: string): Given => ({
  line_item_id: JOB_LINE,
  work_completed_this_period: amount,
  ...(stored === undefined ? {} : { materials_presently_stored: stored }),
});
const review = (requisition_id: number, decision: 'approve' | 'reject' | 'reopen') =>
  bench.act({ as: USER, action: 'review_application', requisition_id, decision });
const columns = (item: Loose) => [
  item.work_completed_from_previous_application,
  item.work_completed_this_period,
  item.materials_presently_stored,
  item.total_completed_and_stored_to_date,
];

test("prints the certificate and the continuation sheet of the vendor's own example", async () => {
  const extra = { ...work('1000', '500'), line_item_id: EXTRA };
  const first = await submit([work('51000', '500'), extra]);
  await review(first, 'approve');
  const second = await show(await submit([]));
  expect(second).toMatchObject({ percent_complete: '96.36%', number: 2, previous_requisition_id: first });
  expect(second.summary).toMatchObject({
    balance_to_finish_including_retainage: '7300.00',
    completed_work_retainage_percent: '10.00',
    completed_work_retainage_amount: '5200.00',
    contract_sum_to_date: '55000.00',
    current_payment_due: '0.00',
    less_previous_certificates_for_payment: '47700.00',
    net_change_by_change_orders: '5000.00',
    original_contract_sum: '50000.00',
    stored_materials_retainage_amount: '100.00',
    stored_materials_retainage_percent: '10.00',
    total_completed_and_stored_to_date: '53000.00',
    total_earned_less_retainage: '47700.00',
    total_retainage: '5300.00',
    positive_new_change_order_item_total: '0.00',
    positive_previous_change_order_item_total: '5000.00',
  });
  const items = await bench.rest('GET', older(second.id, 'contract_items'));
  expect(items.body).toHaveLength(1);
  expect(items.body[0]).toMatchObject({
    line_item_id: JOB_LINE,
    description_of_work: 'Foundation work',
    scheduled_value: '50000.00',
    work_completed_from_previous_application: '51000.00',
    work_completed_this_period: '0.00',
    materials_presently_stored: '500.00',
    total_completed_and_stored_to_date: '51500.00',
    total_completed_and_stored_to_date_percent: '103.00',
    work_completed_retainage_from_previous_application: '5100.00',
    materials_stored_retainage_currently_retained: '50.00',
  });
  const changes = await bench.rest('GET', older(second.id, 'change_order_items'));
  expect(changes.body[0]).toMatchObject({ line_item_id: EXTRA, commitment_line_item_id: JOB_LINE });
});

test('stored materials stay stored until they are billed, or move into completed work by themselves', async () => {
  const first = await submit([work('20000', '10000')]);
  const stays = await show(await submit([work('12000', '3000')]));
  expect(columns(stays.items[0])).toEqual(['20000.00', '12000.00', '3000.00', '35000.00']);
  expect(stays.items[0].materials_moved).toBe('0.00');
  await bench.act({ as: USER, action: 'delete_application', requisition_id: stays.id });
  await bench.act({
    as: USER,
    action: 'configure_invoicing',
    contract_id: JOB,
    move_materials_to_previous_work_completed: true,
  });
  const moves = await show(await submit([work('2000', '3000')]));
  expect(columns(moves.items[0])).toEqual(['30000.00', '2000.00', '3000.00', '35000.00']);
  expect(moves.items[0]).toMatchObject({
    materials_moved: '10000.00',
    materials_retainage_retained_moved: '1000.00',
    gross_amount: '5000.00',
    net_amount: '4500.00',
  });
  expect(moves.summary).toMatchObject({ current_payment_due: '4500.00', total_retainage: '3500.00' });
  const [row] = (await bench.rest('GET', older(moves.id, 'detail'))).body;
  expect(row).toMatchObject({
    item_type: 'contract_item',
    work_completed_retainage_from_previous_application: '3000.00',
    work_completed_retainage_currently_retained: '3200.00',
    materials_stored_retainage_from_previous_application: '0.00',
    materials_stored_retainage_retained_this_period: '300.00',
    total_retainage_currently_retained: '3500.00',
  });
  expect((await show(first)).move_materials_to_previous_work_completed).toBe(false);
});

test('an earlier application that is opened again and cut changes those that follow', async () => {
  const first = await submit([work('10000')]);
  await review(first, 'approve');
  const second = await submit([work('5000')]);
  expect((await show(second)).summary.less_previous_certificates_for_payment).toBe('9000.00');
  await review(first, 'reopen');
  const lines = [{ line_item_id: JOB_LINE, work_completed_this_period: '8000' }];
  await bench.act({ as: USER, action: 'cut_application', requisition_id: first, lines });
  expect(await show(first)).toMatchObject({ status: 'approved_as_noted', total_claimed_amount: '10000.00' });
  const after = await show(second);
  expect(after.summary).toMatchObject({
    less_previous_certificates_for_payment: '7200.00',
    total_completed_and_stored_to_date: '13000.00',
    current_payment_due: '4500.00',
  });
});

test('releases retainage, and never more than is held', async () => {
  await submit([work('10000')]);
  const release = (amount: string) => ({
    line_item_id: JOB_LINE,
    work_completed_retainage_released_this_period: amount,
  });
  const tooMuch = {
    as: USER,
    action: 'submit_application' as const,
    contract_id: JOB,
    lines: [release('1000.01')],
  };
  expect((await bench.act(tooMuch)).status).toBe(422);
  const released = await show(await submit([release('1000')]));
  expect(released.number).toBe(2);
  expect(released.summary).toMatchObject({ total_retainage: '0.00', current_payment_due: '1000.00' });
});

test('shows items only in the views that have them, thirty invoices a page', async () => {
  const id = await submit([work('1.10')]);
  for (const [view, has] of [
    ['default', false],
    ['items', true],
    ['extended', true],
    ['action_policy', false],
  ] as const) {
    const shown = await show(id, view);
    expect(['items' in shown, 'summary_text' in shown]).toEqual([has, view === 'extended']);
    expect(shown.summary.current_payment_due).toBe('0.99');
  }
  const listed = await bench.rest('GET', `${base}?project_id=${PROJECT}`);
  expect(listed.headers.get('per-page')).toBe('30');
  expect((await bench.rest('GET', `${base}/${id}?project_id=${PROJECT}&view=compact`)).status).toBe(400);
});

test('finds invoices by every published filter and refuses others', async () => {
  const first = await submit([work('10')], { period_id: AUGUST });
  const second = await submit([work('10')]);
  await review(first, 'approve');
  const found = async (filter: string) => {
    const reply = await bench.rest('GET', `${base}?project_id=${PROJECT}&${filter}`);
    return reply.status === 200 ? reply.body.map((row: Loose) => row.id) : reply.status;
  };
  expect(await found(`filters[id][]=${second}`)).toEqual([second]);
  expect(await found(`filters[commitment_id]=${JOB}`)).toEqual([first, second]);
  expect(await found(`filters[commitment_id]=${CONTRACT}`)).toEqual([]);
  expect(await found(`filters[period_id]=${AUGUST}`)).toEqual([first]);
  expect(await found('filters[status]=approved')).toEqual([first]);
  expect(await found('filters[is_last]=true')).toEqual([second]);
  expect(await found('filters[is_last]=false')).toEqual([first]);
  expect(await found('filters[updated_at]=2001-01-01...2001-02-01')).toEqual([]);
  expect(await found('filters[origin_id]=X')).toEqual([]);
  expect(await found('filters[number]=1')).toBe(400);
  expect(await found('filters[status]=paid')).toBe(400);
});

test('only the latest open invoice takes changes, and nothing of a refused change stays', async () => {
  const first = await submit([work('10')]);
  const second = await submit([work('10')]);
  expect((await patch(first, { invoice_number: 'A' })).status).toBe(422);
  const [item, change] = (await show(second)).items;
  const wrong = [
    { id: item.id, item_type: 'contract_item', work_completed_this_period: '99' },
    { id: change.id, item_type: 'contract_item', work_completed_this_period: '99' },
  ];
  expect((await patch(second, { items: wrong })).status).toBe(422);
  expect((await show(second)).items[0].work_completed_this_period).toBe('10.00');
  expect((await patch(second, { paid: true })).status).toBe(406);
  expect((await patch(second, { status: 'paid' })).status).toBe(422);
  expect((await patch(second, { invoice_number: 123 })).body.invoice_number).toBe('123');
  await review(second, 'approve');
  expect((await patch(second, { invoice_number: 'B' })).status).toBe(422);
  const remove = (id: number) => bench.rest('DELETE', `${base}/${id}?project_id=${PROJECT}`);
  expect((await remove(second)).status).toBe(422);
  await review(second, 'reopen');
  expect((await remove(second)).status).toBe(200);
  expect((await remove(second)).status).toBe(404);
  expect((await patch(first, { final: true })).body.final).toBe(true);
});

test('a closed billing period closes its invoices, and takes one invoice of a commitment', async () => {
  const id = await submit([work('10')], { period_id: AUGUST });
  expect(await show(id)).toMatchObject({ requisition_start: '2026-08-01', billing_date: '2026-08-31' });
  const requisition = { period_id: AUGUST };
  const again = { project_id: PROJECT, commitment_id: JOB, requisition };
  expect((await bench.rest('POST', base, again)).body.errors.period_id).toBeDefined();
  await bench.act({ as: USER, action: 'close_billing_period', period_id: AUGUST });
  expect((await patch(id, { final: true })).status).toBe(422);
  const elsewhere = { ...again, commitment_id: CONTRACT };
  expect((await bench.rest('POST', base, elsewhere)).body.errors.period_id).toEqual(['is closed']);
});

test('a synced invoice is locked as a whole, with the notice people see', async () => {
  const id = await submit([work('10')]);
  const [item] = (await show(id)).items;
  const updates = [
    { item_type: 'requisition', item_id: id, origin_id: 'INV-1' },
    { item_type: 'requisition_contract_item', item_id: item.id, origin_id: 'INV-1/0' },
    { item_type: 'requisition_change_order_item', item_id: item.id, origin_id: 'INV-1/1' },
  ];
  const sync = `/rest/v1.0/companies/${COMPANY}/external_data/sync`;
  const written = await bench.rest('PATCH', sync, { updates });
  expect([written.body.entities.length, written.body.errors.length]).toEqual([2, 1]);
  expect(await show(id)).toMatchObject({ origin_id: 'INV-1', erp_status: 'synced', deletable: false });
  const amount = { work_completed_this_period: '5' };
  const bulk = { requisition_items: [{ id: item.id, item_type: 'contract_item', ...amount }] };
  const refused = [
    await patch(id, { final: true }),
    await bench.rest('DELETE', `${base}/${id}?project_id=${PROJECT}`),
    await bench.rest('PATCH', older(id, `contract_items/${item.id}`), { requisition_contract_item: amount }),
    await bench.rest('PATCH', older(id, 'bulk_item_update'), bulk),
    await review(id, 'approve'),
  ];
  for (const { status, body } of refused) expect([status, body.errors?.base]).toEqual([422, [SYNCED_NOTICE]]);
});

test('holds retainage only on what is billed, at the percent that stands', async () => {
  const id = await submit([work('10')]);
  const [item] = (await show(id)).items;
  const set = (fields: object) =>
    bench.rest('PATCH', older(id, `contract_items/${item.id}`), {
      requisition_contract_item: fields,
    });
  expect((await set({ work_completed_this_period: '200.55' })).body).toMatchObject({
    work_completed_retainage_retained_this_period: '20.06',
    work_completed_retainage_percent_this_period: '10.00',
  });
  const typed = await set({ work_completed_retainage_retained_this_period: '1.00' });
  expect(typed.body.work_completed_retainage_retained_this_period).toBe('1.00');
  expect((await set({ materials_stored_retainage_currently_retained: '1' })).status).toBe(422);
  const none = { work_completed_this_period: '0', work_completed_retainage_retained_this_period: '1' };
  expect((await set(none)).status).toBe(422);
  expect((await set({ work_completed_this_period: '0.001' })).status).toBe(422);
  expect((await set({ subcontractor_claimed_amount: '1' })).status).toBe(406);
  const history = (await bench.rest('GET', older(id, 'change_histories'))).body;
  expect(history.map((row: Loose) => row.column)).toContain('work_completed_this_period');
});

test('bills units by quantity, and leaves out the columns of the other way of accounting', async () => {
  await bench.stop();
  const line = {
    id: JOB_LINE,
    extended_type: 'calculated' as const,
    quantity: '15',
    unit_cost: '100',
    uom: 'cy',
  };
  bench = await startBench(withJob({ accounting_method: 'unit', line_items: [line] }));
  const id = await submit([{ line_item_id: JOB_LINE, work_completed_this_period_quantity: '10' }]);
  const [item] = (await bench.rest('GET', older(id, 'contract_items'))).body;
  expect(item).toMatchObject({
    scheduled_quantity: '15.0',
    scheduled_unit_price: '100.0000',
    work_completed_this_period_quantity: '10.0',
    work_completed_this_period: '1000.00',
    total_completed_and_stored_to_date_percent: '66.67',
  });
  expect(item).not.toHaveProperty('materials_presently_stored');
});

test("bills a subcontractor's own schedule by its details, and a change order without lines whole", async () => {
  await bench.stop();
  const details = [
    { id: 11, description: 'Forms', amount: '30000.00' },
    { id: 12, description: 'Pour', amount: '20000.00' },
  ];
  const seed = withJob({ line_items: [{ id: JOB_LINE, amount: '50000.00', details }] });
  const whole = { contract_id: JOB, status: 'approved' as const, title: 'Credit', grand_total: '-400.00' };
  bench = await startBench({ ...seed, change_order_packages: [whole] });
  const id = await submit([{ line_item_id: JOB_LINE, detail_line_item_id: 12, percent_to_date: '50' }]);
  const shown = await show(id);
  expect(shown.items.map((item: Loose) => [item.item_type, item.scheduled_value])).toEqual([
    ['contract_detail_item', '30000.00'],
    ['contract_detail_item', '20000.00'],
    ['whole_change_order_item', '-400.00'],
  ]);
  expect(shown.summary).toMatchObject({
    negative_new_change_order_item_total: '-400.00',
    current_payment_due: '9000.00',
  });
  const listed = await bench.rest('GET', older(id, 'contract_detail_items'));
  expect(listed.body.map((item: Loose) => item.detail_line_item_id)).toEqual([11, 12]);
});

test('hands out the PDF by a redirect to storage, which takes no token and does not last', async () => {
  const id = await submit([work('10')], { invoice_number: 'F-17' });
  const [attachment] = (await show(id)).attachments;
  expect(attachment).toMatchObject({ filename: 'F-17.pdf', content_type: 'application/pdf' });
  expect((await fetch(attachment.url, { redirect: 'manual' })).status).toBe(401);
  const headers = { authorization: `Bearer ${bench.token}` };
  const redirect = await fetch(attachment.url, { redirect: 'manual', headers });
  const place = redirect.headers.get('location') ?? '';
  expect([redirect.status, (await fetch(place, { headers })).status]).toEqual([302, 400]);
  const stored = await fetch(place);
  expect(stored.headers.get('content-type')).toBe('application/pdf');
  expect(
    Buffer.from(await stored.arrayBuffer())
      .subarray(0, 8)
      .toString('latin1'),
  ).toBe('%PDF-1.4');
  await bench.send('POST', '/_sim/clock', { advance_ms: 61_000 });
  expect((await fetch(place)).status).toBe(403);
});

test('the seeded line is billed by percents to the cent', async () => {
  const act = {
    as: USER,
    action: 'submit_application',
    contract_id: CONTRACT,
    percent_to_date: '33.33',
  } as const;
  const { body } = await bench.act(act);
  const shown = await show(body.requisition_id);
  expect(shown.items.map((item: Loose) => item.work_completed_this_period)).toEqual(['333.32', '333.28']);
  expect(shown.items[0].line_item_id).toBe(LINE);
});
