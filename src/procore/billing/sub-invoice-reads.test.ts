import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ANNA,
  type Company,
  contractor,
  LINES,
  ORDER,
  OTHER_PROJECT,
  PROJECT,
  SUBCONTRACT,
  startCompany,
  VENDOR,
} from '../../../test/procore/company.ts';
import type { Pulled } from '../../connectors/connector.ts';
import { checkSheet } from '../../domain/billing/sub-invoice.ts';
import { checkAgainstPrevious } from '../../domain/billing/sub-invoice-previous.ts';
import { emptySheet, readSheet, type Sheet } from '../../domain/billing/sub-invoice-sheet.ts';
import type { SubInvoiceRecord } from '../../domain/records.ts';
import { committedIntent } from '../../lib/door.ts';
import type { ProcoreAct } from '../simulator/act.ts';

let company: Company;
beforeEach(async () => {
  company = await startCompany();
});
afterEach(() => company.stop());

type Submitted = Extract<ProcoreAct, { action: 'submit_application' }>;
async function submit(more: Partial<Submitted> = {}): Promise<string> {
  const act = { as: ANNA, action: 'submit_application', contract_id: SUBCONTRACT, ...more } as const;
  return String((await company.act(act)).requisition_id);
}
const review = (id: string, decision: 'approve' | 'reject' | 'ask_owner') =>
  company.act({ as: ANNA, action: 'review_application', requisition_id: Number(id), decision });
const fetched = async (id: string): Promise<SubInvoiceRecord> => {
  const pulled = await company.hub.fetchSubInvoice({ id, projectId: String(PROJECT) });
  if (pulled?.record.object !== 'sub-invoice') throw new Error('no pay application came');
  return pulled.record;
};

function sheetOf(record: SubInvoiceRecord): Sheet {
  const read = readSheet(record);
  if ('unreadable' in read) throw new Error(JSON.stringify(read.unreadable));
  return read.sheet;
}

/** One cycle: an empty page ends it. */
async function drained(from: string | null): Promise<{ seen: Pulled[]; cursor: string }> {
  const seen: Pulled[] = [];
  let cursor = from;
  for (let turn = 0; turn < 50; turn += 1) {
    const page = await company.hub.listSubInvoices(String(PROJECT), cursor);
    cursor = page.cursor;
    if (page.records.length === 0) return { seen, cursor };
    seen.push(...page.records);
  }
  throw new Error('the cycle never ended');
}

describe('a pay application', () => {
  it('is read with its sheet, its certificate, and the codes of the lines that it bills', async () => {
    const first = await submit({ percent_to_date: '50' });
    const id = await submit({
      invoice_number: 'F-17',
      requisition_start: '2026-09-01',
      requisition_end: '2026-09-30',
      billing_date: '2026-09-30',
      lines: [
        { line_item_id: LINES[0], work_completed_this_period: '100.01', materials_presently_stored: '50' },
      ],
    });
    const record = await fetched(id);
    expect(record).toMatchObject({
      object: 'sub-invoice',
      id,
      projectId: String(PROJECT),
      commitmentId: String(SUBCONTRACT),
      commitmentType: 'subcontract',
      previousId: first,
      application: 2,
      invoiceNumber: 'F-17',
      vendorId: String(VENDOR),
      vendorName: 'Steel & Sons',
      status: 'under_review',
      approved: false,
      final: false,
      currency: 'USD',
      billingDate: '2026-09-30',
      periodStart: '2026-09-01',
      paymentDueDate: null,
      movesStoredMaterials: false,
      earnedLessRetainage: '585.14',
      previouslyCertified: '450.13',
      currentDue: '135.01',
      retainageHeld: '65.02',
      originId: null,
      attachments: [{ name: 'F-17.pdf' }],
    });
    expect(record.lines[0]).toEqual({
      id: expect.stringMatching(/^contract_item\/\d+$/),
      bills: 'contract',
      billedLineId: String(LINES[0]),
      position: 1,
      description: 'Beams',
      costCode: { code: '05-100', name: 'Structural Steel' },
      costType: { code: 'S', name: 'Subcontract' },
      scheduled: '1000.10',
      previous: '500.05',
      thisPeriod: '100.01',
      stored: '50.00',
      toDate: '650.06',
      workRetainage: { previouslyHeld: '50.01', retained: '10.00', released: '0.00', held: '60.01' },
      storedRetainage: { previouslyHeld: '0.00', retained: '5.00', released: '0.00', held: '5.00' },
    });
  });

  it.each([
    ['approve', 'approved', true],
    ['reject', 'revise_and_resubmit', false],
    ['ask_owner', 'pending_owner_approval', false],
  ] as const)('counts as approved by rule: %s', async (decision, status, approved) => {
    const id = await submit({ percent_to_date: '10' });
    await review(id, decision);
    expect(await fetched(id)).toMatchObject({ status, approved });
  });

  it('that the architect cut is approved with what he certified', async () => {
    const id = await submit({ percent_to_date: '50' });
    const lines = [{ line_item_id: LINES[0], work_completed_this_period: '400.00' }];
    await company.act({ as: ANNA, action: 'cut_application', requisition_id: Number(id), lines });
    const record = await fetched(id);
    expect([record.status, record.approved, record.lines[0]?.toDate]).toEqual([
      'approved_as_noted',
      true,
      '400.00',
    ]);
  });

  it.each([false, true])('after application adds up, with stored materials that move: %s', async (moves) => {
    await company.act({
      as: ANNA,
      action: 'configure_invoicing',
      contract_id: SUBCONTRACT,
      move_materials_to_previous_work_completed: moves,
    });
    const line = (work: string, stored: string, released = '0') => ({
      line_item_id: LINES[0],
      work_completed_this_period: work,
      materials_presently_stored: stored,
      work_completed_retainage_released_this_period: released,
    });
    let previous = emptySheet('USD');
    for (const lines of [[line('300.33', '100.07')], [line('150.5', '20')], [line('10', '0', '30.05')]]) {
      const id = await submit({ lines });
      await review(id, 'approve');
      const record = await fetched(id);
      expect(record.movesStoredMaterials).toBe(moves);
      const sheet = sheetOf(record);
      expect(checkSheet(sheet, { overbilling: false, reductions: false })).toEqual([]);
      expect(checkAgainstPrevious(sheet, previous, moves)).toEqual([]);
      previous = sheet;
    }
    expect(previous.application).toBe(3);
  });

  it('on a purchase order is told apart from one on a subcontract', async () => {
    const record = await fetched(await submit({ contract_id: ORDER, percent_to_date: '50' }));
    expect(record).toMatchObject({ commitmentType: 'purchase-order', commitmentId: String(ORDER) });
    expect(record.lines[0]).toMatchObject({ toDate: '25.00', costCode: { code: '05-100' } });
  });

  it('that bills details and change orders says so, and which line each of them is of', async () => {
    await company.stop();
    const seed = contractor();
    const [subcontract, ...others] = seed.contracts ?? [];
    const details = [
      { id: 11, description: 'Forms', amount: '600.10' },
      { id: 12, description: 'Pour', amount: '400.00' },
    ];
    const lines = subcontract?.line_items?.map((line) =>
      line.id === LINES[0] ? { ...line, details } : line,
    );
    const shared = { contract_id: SUBCONTRACT, status: 'approved' as const };
    company = await startCompany({
      ...seed,
      contracts: subcontract ? [{ ...subcontract, line_items: lines ?? [] }, ...others] : others,
      change_order_packages: [
        { ...shared, title: 'Deeper', line_items: [{ id: 21, amount: '50.00', description: 'Deeper' }] },
        { ...shared, id: 562949953990001, title: 'Credit', grand_total: '-10.00' },
      ],
    });
    const record = await fetched(await submit({ percent_to_date: '10' }));
    expect(
      record.lines.map(({ bills, billedLineId, description }) => [bills, billedLineId, description]),
    ).toEqual([
      ['contract-detail', String(LINES[0]), 'Forms'],
      ['contract-detail', String(LINES[0]), 'Pour'],
      ['contract', String(LINES[1]), 'Bolts'],
      ['change-order', '21', 'Deeper'],
      ['change-order', '562949953990001', 'Credit'],
    ]);
    expect(record.lines.map(({ toDate }) => toDate)).toEqual(['60.01', '40.00', '0.02', '5.00', '-1.00']);
    expect(new Set(record.lines.map(({ id }) => id)).size).toBe(5);
  });

  it('that states no days bears those of the billing period that it names', async () => {
    const send = async (method: 'POST' | 'PATCH', path: string, body: object) => {
      const request = { method, path, body: JSON.stringify(body) };
      const sent = await company.hub.send(committedIntent('p', 1), request);
      if (sent.kind !== 'answered') throw new Error(sent.kind);
      return sent.response;
    };
    const days = { start_date: '2026-08-01', end_date: '2026-08-31', due_date: '2026-08-25' };
    const periods = `/rest/v1.0/projects/${PROJECT}/billing_periods`;
    const made = await send('POST', periods, { billing_period: { ...days, status: 'open' } });
    const id = await submit({ period_id: Number(JSON.parse(made.body).id) });
    const requisition = { requisition_start: null, requisition_end: null };
    const of = { project_id: PROJECT, commitment_id: SUBCONTRACT };
    const path = `/rest/v1.1/requisitions/${id}`;
    expect((await send('PATCH', path, { ...of, requisition })).status).toBe(200);
    expect(await fetched(id)).toMatchObject({ periodStart: '2026-08-01', periodEnd: '2026-08-31' });
  });

  it('that Procore does not show is null', async () => {
    const ref = { id: '1', projectId: String(PROJECT) };
    expect(await company.hub.fetchSubInvoice(ref)).toBeNull();
    const id = await submit();
    const elsewhere = { id, projectId: String(OTHER_PROJECT) };
    expect(await company.hub.fetchSubInvoice(elsewhere)).toBeNull();
    await company.act({ as: ANNA, action: 'delete_application', requisition_id: Number(id) });
    expect(await company.hub.fetchSubInvoice({ ...ref, id })).toBeNull();
  });
});

describe('pay applications of a project', () => {
  it('are swept by change time and seen again once they change', async () => {
    const first = await submit({ percent_to_date: '10' });
    const second = await submit({ percent_to_date: '20' });
    company.sleepFor(3_600_000);
    const { seen, cursor } = await drained(null);
    expect(new Set(seen.map(({ record }) => record.id))).toEqual(new Set([first, second]));
    expect(seen[0]?.raw).toContain('"detail"');
    company.sleepFor(600_000);
    await review(first, 'approve');
    const next = await drained(cursor);
    expect(next.seen.map(({ record }) => record)).toMatchObject([{ id: first, approved: true }]);
    company.sleepFor(3_600_000);
    const settled = await drained(next.cursor);
    expect((await drained(settled.cursor)).seen).toEqual([]);
  });

  it('come in pages of the list and of the sweep, each once', async () => {
    for (let turn = 0; turn < 30; turn += 1) await submit({ attach_pdf: false });
    company.sleepFor(3_600_000);
    const small = company.connect({ pageSize: 7 });
    const first = await small.listSubInvoices(String(PROJECT), null);
    const rest = await small.listSubInvoices(String(PROJECT), first.cursor);
    const ids = [...first.records, ...rest.records].map(({ record }) => record.id);
    expect([first.records.length, new Set(ids).size]).toEqual([25, 30]);
    expect((await small.listSubInvoices(String(PROJECT), rest.cursor)).records).toEqual([]);
  });
});

describe('a file of a pay application', () => {
  it('comes with its bytes whole, by its id, however often it is asked for', async () => {
    const id = await submit({ invoice_number: 'F-18' });
    const [file] = (await fetched(id)).attachments;
    const ref = { id, projectId: String(PROJECT) };
    for (const _time of [1, 2]) {
      const found = await company.hub.fetchSubInvoiceFile(ref, file?.id ?? '');
      expect(found?.name).toBe('F-18.pdf');
      expect(found?.bytes.toString('latin1')).toMatch(/^%PDF-1\.4\n%\xe2\xe3\xcf\xd3\n[\s\S]*%%EOF\n$/);
      company.sleepFor(7_200_000);
    }
    expect(await company.hub.fetchSubInvoiceFile(ref, '1')).toBeNull();
    expect(await company.hub.fetchSubInvoiceFile({ ...ref, id: '1' }, file?.id ?? '')).toBeNull();
  });
});

describe('an exported batch of pay applications', () => {
  const detailsOf = (made: Record<string, unknown>) => (made.request_detail_ids as number[]).map(String);

  it.each(['row', 'inside', 'beside', 'absent'] as const)(
    'is read with projects and details, wherever their ids stand: %s',
    async (requisition_detail_id_placement) => {
      await company.stop();
      const seed = contractor();
      const contracts = (seed.contracts ?? []).map((each) => ({ ...each, origin_id: `SBO/${each.id}` }));
      company = await startCompany({ ...seed, contracts });
      await company.sim('POST', 'config', { requisition_detail_id_placement });
      const ids = [await submit({ percent_to_date: '10' }), await submit({ percent_to_date: '30' })];
      for (const id of ids) await review(id, 'approve');
      const requisition_ids = ids.map(Number);
      await company.act({ as: ANNA, action: 'send_applications_to_erp', requisition_ids });
      const made = await company.act({ as: ANNA, action: 'approve_application_export', requisition_ids });
      const [requestId] = made.erp_request_ids as readonly number[];
      const request = await company.hub.fetchRequest(String(requestId));
      expect(request?.items.map(({ subject }) => subject)).toMatchObject(
        ids.map((id) => ({ object: 'sub-invoice', id, projectId: String(PROJECT) })),
      );
      expect(request?.items.map(({ detailId }) => detailId)).toEqual(detailsOf(made));
    },
  );

  it('of a project that Procore does not know by its origin id still gives items to close', async () => {
    const id = await submit({ percent_to_date: '10' });
    await review(id, 'approve');
    await company.sim('POST', 'config', { requisition_detail_id_placement: 'absent' });
    const updates = [
      { item_type: 'project', item_id: PROJECT, origin_id: 'JOB-99' },
      { item_type: 'work_order_contract', item_id: SUBCONTRACT, origin_id: 'SBO/1' },
    ];
    const send = (body: object) =>
      company.hub.send(committedIntent('p', 1), {
        method: 'PATCH',
        path: `/rest/v1.0/companies/${company.config.companyId}/external_data/sync`,
        body: JSON.stringify(body),
      });
    await send({ updates: updates.slice(1) });
    const requisition_ids = [Number(id)];
    await company.act({ as: ANNA, action: 'send_applications_to_erp', requisition_ids });
    const made = await company.act({ as: ANNA, action: 'approve_application_export', requisition_ids });
    await send({ updates: updates.slice(0, 1) });
    const [requestId] = made.erp_request_ids as readonly number[];
    const request = await company.hub.fetchRequest(String(requestId));
    expect(request?.items).toMatchObject([
      { subject: { id, projectId: null }, detailId: detailsOf(made)[0] },
    ]);
  });
});
