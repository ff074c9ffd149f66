import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MappingRow } from '../../src/domain/mapping.ts';
import { formatMoney, parseMoney, sum } from '../../src/domain/values/money.ts';
import { sweepReferences } from '../../src/engine/watch/reference-sweep.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { answerBilling, billingQuestion } from './billing.ts';
import { actInErp } from './hands.ts';
import { closedDetail, procoreState, questions } from './looking.ts';
import {
  APPROVER,
  OTHER_PROJECT,
  PETER,
  PROJECT,
  people,
  startWorld,
  until,
  vendors,
  type World,
} from './world.ts';

const CONTRACT = 562949953700001;
const LINES = [562949953700011, 562949953700012] as const;
const RUNNING = 562949953700002;
const RUNNING_LINE = 562949953700021;
const LARGE = 562949953700003;
const LARGE_LINE = 562949953700031;

let world: World;
beforeAll(async () => {
  world = await startWorld({
    seed: {
      prime_contracts: [
        {
          id: CONTRACT,
          project_id: PROJECT,
          number: 'PC-1',
          title: 'Pier 4',
          status: 'Approved',
          executed: true,
          retainage_percent: '10.0',
          vendor_id: vendors.unknown,
          origin_id: 'B1-CONTRACT-1',
          line_items: [
            {
              id: LINES[0],
              cost_code_id: 41,
              line_item_type_id: 31,
              amount: '1000.10',
              description: 'Steel',
            },
            {
              id: LINES[1],
              cost_code_id: 42,
              line_item_type_id: 31,
              amount: '500.05',
              description: 'Concrete',
            },
          ],
        },
        {
          ...{ id: LARGE, project_id: PROJECT, number: 'PC-3', title: 'Pier 6', status: 'Approved' },
          ...{ executed: true, retainage_percent: '0.0', vendor_id: vendors.unknown },
          origin_id: 'B1-CONTRACT-3',
          line_items: [
            {
              ...{ id: LARGE_LINE, cost_code_id: 41, line_item_type_id: 31, amount: '90000.00' },
              description: 'Steel',
            },
          ],
        },
        {
          ...{ id: RUNNING, project_id: PROJECT, number: 'PC-2', title: 'Pier 5', status: 'Approved' },
          ...{ executed: true, retainage_percent: '10.0', vendor_id: vendors.unknown },
          origin_id: 'B1-CONTRACT-2',
          line_items: [
            {
              ...{ id: RUNNING_LINE, cost_code_id: 41, line_item_type_id: 31, amount: '2000.00' },
              description: 'Steel',
            },
          ],
        },
      ],
    },
  });
});
afterAll(() => world.stop());

const act = (body: object) => world.act(body as ProcoreAct);

/** Sends records to the ERP and approves their export. */
async function exported(kind: string, id: number): Promise<number> {
  await act({ as: PETER, action: 'send_object_to_erp', kind, ids: [id] });
  const done = await act({ as: APPROVER, action: 'approve_object_export', kind, ids: [id] });
  return (done.request_detail_ids as number[])[0]!;
}

const closedAs = (detail: number, status: string) =>
  until(`detail ${detail} is ${status}`, async () => {
    const { erp_request_details: details } = (await procoreState(world)) as unknown as {
      erp_request_details: readonly { readonly id: number; readonly status: string }[];
    };
    return details.find(({ id }) => id === detail)?.status === status;
  });

type Stands = { readonly state: string; readonly reasons: readonly { readonly code: string }[] };

async function stands(object: string, id: number, state: string, { part = '%', reason = '' } = {}) {
  let last: Stands | undefined;
  try {
    await until(`${object} ${id} is ${state}`, async () => {
      [last] = await world.query<Stands>(
        `select state, reasons from document where source_object = $1 and source_id = $2 and part like $3
         order by revision desc, part limit 1`,
        [object, String(id), part],
      );
      return last?.state === state && (reason === '' || last.reasons.some(({ code }) => code === reason));
    });
  } catch {
    throw new Error(`${object} ${id} never stood in ${state} ${reason}: ${JSON.stringify(last)}`);
  }
}

type Invoice = {
  readonly document: {
    readonly DocTotal: number;
    readonly NumAtCard: string;
    readonly CardCode: string;
    readonly DocumentLines: readonly {
      readonly LineTotal: number;
      readonly AccountCode: string;
      readonly ProjectCode: string;
    }[];
  };
};

async function inErp() {
  const truth = (await world.truth()) as unknown as {
    readonly invoices: readonly Invoice[];
    readonly salesInvoices: readonly Invoice[];
  };
  const rows = (invoices: readonly Invoice[]) =>
    invoices.map(({ document }) => ({
      number: document.NumAtCard,
      partner: document.CardCode,
      total: formatMoney(parseMoney(String(document.DocTotal), 'USD')),
      lines: document.DocumentLines.map(({ AccountCode, ProjectCode, LineTotal }) =>
        [AccountCode, ProjectCode, LineTotal].join(' '),
      ),
    }));
  return { bills: rows(truth.invoices), owner: rows(truth.salesInvoices) };
}

function map(kind: MappingRow['kind'], key: string, code: string) {
  const value = { kind: kind === 'customer' ? 'customer' : 'account', code } as const;
  const mapping = { kind, scope: '', key, value };
  return world.service.setMapping({ tenant: world.tenant, user: people.accountant, mapping });
}

describe('a direct cost of the company', () => {
  it('becomes one bill over two projects, told once, whose answer was lost', async () => {
    await map('cost', '05-100|S', '5200');
    const made = await act({
      as: PETER,
      action: 'create_company_direct_cost',
      vendor_id: vendors.steel,
      invoice_number: 'SS-17',
      description: 'Bolts',
      attach_pdf: true,
      accounting_date: '2026-11-10',
      direct_cost_date: '2026-11-09',
      line_items: [
        {
          project_id: PROJECT,
          cost_code_id: 41,
          line_item_type_id: 31,
          unit_cost: '100.10',
          description: 'Bolts',
        },
        {
          project_id: OTHER_PROJECT,
          cost_code_id: 44,
          line_item_type_id: 31,
          unit_cost: '0.25',
          description: 'Nuts',
        },
      ],
    });
    const id = Number(made.direct_cost_id);
    await until('the vendor is known in Procore by its code', async () => {
      const { vendors: shown } = await procoreState(world);
      return shown.find((vendor) => vendor.id === vendors.steel)?.origin_id;
    });
    await world.erp.trouble({ kind: 'lost-reply' });
    const detail = await exported('company_level_direct_cost', id);
    await stands('company-direct-cost', id, 'confirmed');
    await closedAs(detail, 'success');
    expect(await world.erp.reached('lost-reply')).toBe(1);
    expect((await inErp()).bills).toEqual([
      { number: 'SS-17', partner: 'V1000', total: '100.35', lines: ['5200 JOB-4 100.1', '5200 JOB-5 0.25'] },
    ]);
  });

  it('has the file that it was entered with on its bill, once', async () => {
    const truth = await until('the file is attached', async () => {
      const seen = (await world.truth()) as unknown as {
        readonly invoices: readonly { readonly document: { readonly AttachmentEntry: number | null } }[];
        readonly attachments: readonly { readonly entry: number; readonly files: readonly unknown[] }[];
      };
      return seen.invoices[0]?.document.AttachmentEntry ? seen : null;
    });
    const { AttachmentEntry: entry } = truth.invoices[0]!.document;
    expect(truth.attachments).toMatchObject([{ entry, files: [{}] }]);
  });

  it('stays linked as long as its bill stands in the ERP', async () => {
    const [cost] = await world.query<{ id: string }>(
      "select source_id as id from document where source_object = 'company-direct-cost'",
    );
    const kind = 'company_level_direct_cost';
    const done = await act({ as: APPROVER, action: 'unlink_object', kind, id: Number(cost!.id) });
    await closedAs((done.request_detail_ids as number[])[0]!, 'failed');
    await stands('company-direct-cost', Number(cost!.id), 'confirmed');
    expect((await inErp()).bills).toHaveLength(1);
  });

  it('whose link was reset is linked again by a person, and not billed a second time', async () => {
    const [cost] = await world.query<{ id: string }>(
      "select source_id as id from document where source_object = 'company-direct-cost'",
    );
    const id = Number(cost!.id);
    await act({ as: PETER, action: 'staff_reset_object', kind: 'company_level_direct_cost', id });
    await stands('company-direct-cost', id, 'detached', { reason: 'unsynced' });
    const detail = await exported('company_level_direct_cost', id);
    await stands('company-direct-cost', id, 'blocked', { reason: 'duplicate-number' });
    const asked = await billingQuestion(world, id, 'company-direct-cost');
    const same = { answer: 'standing' } as const;
    expect(await answerBilling(world, asked, same, people.engineer)).toMatchObject({ status: 403 });
    expect(await answerBilling(world, asked, same)).toEqual({ ok: true });
    await stands('company-direct-cost', id, 'confirmed');
    await closedAs(detail, 'success');
    expect((await inErp()).bills).toHaveLength(1);
    const [told] = await questions(world, 'exception');
    const done = {
      tenant: world.tenant,
      user: people.accountant,
      reviewId: told!.id,
      reason: 'Linked again',
    };
    expect(await world.service.reject(done)).toEqual({ ok: true });
  });
});

describe('what a vendor gives back', () => {
  const credit = async (invoice_number: string, amounts: readonly string[], more: object = {}) => {
    const line = { project_id: PROJECT, cost_code_id: 41, line_item_type_id: 31, description: 'Bolts' };
    const made = await act({
      ...{ as: PETER, action: 'create_company_direct_cost', vendor_id: vendors.steel, invoice_number },
      ...{ description: 'Bolts sent back', accounting_date: '2026-11-12', direct_cost_date: '2026-11-11' },
      line_items: amounts.map((unit_cost) => ({ ...line, unit_cost })),
      ...more,
    } as ProcoreAct);
    const id = Number(made.direct_cost_id);
    return { id, detail: await exported('company_level_direct_cost', id) };
  };
  const credits = async () => {
    const truth = (await world.truth()) as unknown as { readonly creditNotes: readonly Credit[] };
    return truth.creditNotes;
  };
  type Credit = {
    readonly docEntry: number;
    readonly document: Invoice['document'] & { readonly AttachmentEntry: number | null };
  };

  it('is one credit memo above zero, told once with its file, whose answer was lost', async () => {
    await world.erp.trouble({ kind: 'lost-reply' });
    const { id, detail } = await credit('CM-17', ['-60.75', '0.75'], { attach_pdf: true });
    await stands('company-direct-cost', id, 'confirmed');
    await closedAs(detail, 'success');
    expect(await world.erp.reached('lost-reply')).toBe(1);
    const [memo, ...others] = await until('the file is attached', async () => {
      const seen = await credits();
      return seen[0]?.document.AttachmentEntry ? seen : null;
    });
    expect(others).toEqual([]);
    expect(memo!.document).toMatchObject({
      ...{ NumAtCard: 'CM-17', CardCode: 'V1000', DocTotal: 60 },
      DocumentLines: [
        { AccountCode: '5200', ProjectCode: 'JOB-4', LineTotal: 60.75 },
        { AccountCode: '5200', ProjectCode: 'JOB-4', LineTotal: -0.75 },
      ],
    });
    const { company_direct_costs: told } = (await procoreState(world)) as unknown as {
      readonly company_direct_costs: readonly { readonly id: number; readonly origin_id: string | null }[];
    };
    expect(told.find((cost) => cost.id === id)?.origin_id).toMatch(new RegExp(`-credit-${memo!.docEntry}$`));
    expect((await inErp()).bills).toHaveLength(1);
  });

  it('is not sent under a number that the vendor used for another one, nor for a bill', async () => {
    for (const number of ['CM-17', 'SS-17']) {
      const { id } = await credit(number, ['-1.00']);
      await stands('company-direct-cost', id, 'blocked', { reason: 'duplicate-number' });
    }
    expect(await credits()).toHaveLength(1);
  });

  it('needs a second person from the threshold on, by its size', async () => {
    const { id } = await credit('CM-18', ['-50000.00']);
    await stands('company-direct-cost', id, 'awaiting-approval', { reason: 'needs-approval' });
    const [asked] = await questions(world, 'approval');
    expect(asked?.question).toMatch(/^Post the credit for /);
    const wish = { tenant: world.tenant, user: people.controller, reviewId: asked!.id };
    const { payloadHash } = asked!.evidence as { payloadHash: string };
    expect(await world.service.approve({ ...wish, payloadHash })).toEqual({ ok: true });
    await stands('company-direct-cost', id, 'confirmed');
    expect((await credits()).map(({ document }) => document.DocTotal)).toEqual([60, 50_000]);
  });

  it('is found by the daily look as it was posted', async () => {
    const erp = await world.engine.systems.homeOf(world.tenant);
    const report = await until('it is old enough to be compared', async () => {
      const found = await sweepReferences(world.engine, erp, null);
      return found.listed >= 3 && found;
    });
    expect(report.findings).toEqual([]);
  });
});

const bill = async (lines: readonly object[], more: object = {}) => {
  const made = await act({
    as: PETER,
    action: 'bill_owner',
    prime_contract_id: CONTRACT,
    billing_date: '2026-11-20',
    period_start: '2026-11-01',
    period_end: '2026-11-20',
    status: 'approved',
    lines,
    ...more,
  });
  return Number(made.payment_application_id);
};

describe('an owner invoice', () => {
  it('waits for its customer and accounts, and goes by itself once a person chose them', async () => {
    const lines = [{ source_id: LINES[0], work_completed_this_period: '400.10' }];
    const first = await bill(lines, { attach_pdf: true });
    const detail = await exported('payment_application', first);
    await stands('owner-invoice', first, 'in-review', { reason: 'customer-unmapped' });
    expect((await questions(world, 'unmapped')).map(({ subject }) => subject).sort()).toEqual([
      `mapping:customer:${CONTRACT}`,
      'mapping:retainage-receivable:',
      'mapping:revenue:',
    ]);
    expect((await map('customer', String(CONTRACT), 'V1000')).ok).toBe(false);
    for (const done of [
      await map('customer', String(CONTRACT), 'C2000'),
      await map('revenue', '', '4000'),
      await map('retainage-receivable', '', '1250'),
    ])
      expect(done).toEqual({ ok: true });
    await stands('owner-invoice', first, 'confirmed');
    await closedAs(detail, 'success');
  });

  it('carries its file, which hangs on the invoice once', async () => {
    const truth = () =>
      world.truth() as unknown as Promise<{
        readonly salesInvoices: readonly { readonly document: { readonly AttachmentEntry: number | null } }[];
        readonly attachments: readonly { readonly entry: number; readonly files: readonly unknown[] }[];
      }>;
    const { attachments, salesInvoices } = await until('the file is attached', async () => {
      const seen = await truth();
      return seen.salesInvoices[0]?.document.AttachmentEntry ? seen : null;
    });
    // An upload that took too long is sent again, and what nothing names does no harm.
    const named = attachments.filter(({ entry }) => entry === salesInvoices[0]!.document.AttachmentEntry);
    expect(named).toMatchObject([{ files: [{ name: expect.stringMatching(/PC-1-1\.pdf$/) }] }]);
    const linked = await world.query(
      `select 1 from posting p join document d on (d.tenant, d.id) = (p.tenant, p.document)
       where p.write_name = 'link-files' and d.source_object = 'owner-invoice'`,
    );
    expect(linked).toHaveLength(1);
  });

  it('bills on from what stands, releases apart, and adds up to the certificate to the cent', async () => {
    const second = await bill([
      {
        source_id: LINES[0],
        work_completed_this_period: '600.00',
        work_completed_retainage_released: '40.01',
      },
      { source_id: LINES[1], work_completed_this_period: '500.05' },
    ]);
    await world.erp.trouble({ kind: 'lost-reply' });
    const detail = await exported('payment_application', second);
    await stands('owner-invoice', second, 'confirmed', { part: 'retainage-release' });
    await stands('owner-invoice', second, 'confirmed', { part: 'progress' });
    await closedAs(detail, 'success');
    const { owner } = await inErp();
    expect(owner).toEqual([
      {
        number: 'PC-1-1',
        partner: 'C2000',
        total: '360.09',
        lines: ['4000 JOB-4 400.1', '1250 JOB-4 -40.01'],
      },
      {
        number: 'PC-1-2',
        partner: 'C2000',
        total: '990.04',
        lines: ['4000 JOB-4 600', '4000 JOB-4 500.05', '1250 JOB-4 -110.01'],
      },
      { number: 'PC-1-2-R', partner: 'C2000', total: '40.01', lines: ['1250 JOB-4 40.01'] },
    ]);
    // Line 6 of the second certificate: all work less what the owner still keeps back.
    const total = sum(
      owner.map((invoice) => parseMoney(invoice.total, 'USD')),
      'USD',
    );
    expect(formatMoney(total)).toBe('1390.14');
  });

  it('shows in Procore what the owner paid of it, once, until the receipt is cancelled', async () => {
    const received = async () => {
      const { contract_payments: payments } = (await procoreState(world)) as unknown as {
        contract_payments: readonly {
          readonly contract_id: number;
          readonly amount: string;
          readonly invoice_number: string;
          readonly draw_request_number: number;
          readonly check_number: string | null;
        }[];
      };
      return payments.map((each) => [
        ...[each.contract_id, formatMoney(parseMoney(each.amount, 'USD'))],
        ...[each.invoice_number, each.draw_request_number, each.check_number],
      ]);
    };
    await world.b1.post('act', {
      ...{ action: 'receive_payment', docEntry: 1, amount: '300.00', method: 'check', number: '771' },
    });
    await world.b1.post('act', { action: 'receive_payment', docEntry: 3 });
    await until('both receipts are shown', async () => (await received()).length === 2);
    expect(await received()).toEqual(
      expect.arrayContaining([
        [CONTRACT, '300.00', 'PC-1-1', 1, '771'],
        [CONTRACT, '40.01', 'PC-1-2-R', 2, null],
      ]),
    );
    const pressed = { as: APPROVER, action: 'refresh_from_erp', what: 'contract_payments' } as const;
    const [detail] = (await world.act(pressed)).request_detail_ids as number[];
    expect(await closedDetail(world, detail!)).toMatchObject({
      status: 'success',
      messages: [
        expect.stringMatching(/\d+ payments of SAP Business One are known, and 2 receipts of customers\.$/),
      ],
    });
    await world.b1.post('act', { action: 'void_receipt', docEntry: 1 });
    await until('the cancelled one is taken back', async () => (await received()).length === 1);
    expect((await received())[0]?.[2]).toBe('PC-1-2-R');
    expect(await world.query("select 1 from review_item where state = 'open'")).toEqual([]);
  });
});

describe('a prime contract that was billed before it was connected', () => {
  const work = (amount: string) => [{ source_id: RUNNING_LINE, work_completed_this_period: amount }];
  const on = { prime_contract_id: RUNNING };

  it('bills on from what a controller says was billed, by invoices that are linked and never posted', async () => {
    const older = [await bill(work('500.00'), on), await bill(work('400.00'), on)];
    for (const [number, net] of [
      ['PC-2-1', 450],
      ['PC-2-2', 360],
    ] as const)
      await actInErp(world, {
        action: 'create_sales_invoice',
        document: {
          ...{ CardCode: 'C2000', NumAtCard: number, DocType: 'dDocument_Service' },
          DocumentLines: [{ AccountCode: '4000', ItemDescription: 'Steel', LineTotal: net }],
        },
      });
    await map('customer', String(RUNNING), 'C2000');
    const third = await bill(work('300.00'), on);
    const detail = await exported('payment_application', third);
    await stands('owner-invoice', third, 'blocked', { reason: 'application-skipped' });
    const before = await inErp();
    const asked = await until('both are shown with their invoices', async () => {
      const question = await billingQuestion(world, older[1]!, 'owner-invoice');
      return question.billing.older.length === 2 && question;
    });
    expect(asked.billing).toMatchObject({
      answers: ['opening'],
      older: [
        {
          application: 1,
          number: 'PC-2-1',
          amount: '450.00',
          invoice: { amount: expect.stringMatching(/^450/) },
        },
        {
          application: 2,
          number: 'PC-2-2',
          amount: '360.00',
          invoice: { amount: expect.stringMatching(/^360/) },
        },
      ],
    });
    expect(await answerBilling(world, asked, { answer: 'opening' })).toMatchObject({ status: 403 });
    expect(await answerBilling(world, asked, { answer: 'opening' }, people.controller)).toEqual({ ok: true });
    await stands('owner-invoice', third, 'confirmed');
    await closedAs(detail, 'success');
    const { owner } = await inErp();
    expect(owner.slice(before.owner.length)).toEqual([
      {
        ...{ number: 'PC-2-3', partner: 'C2000', total: '270.00' },
        lines: ['4000 JOB-4 300', '1250 JOB-4 -30'],
      },
    ]);
    const linked = await world.query(
      "select 1 from link where target_object = 'ar-invoice' and state = 'linked' and source_id = any($1)",
      [older.map(String)],
    );
    expect(linked).toHaveLength(2);
    expect(await world.query("select 1 from review_item where state = 'open'")).toEqual([]);
  });
});

describe('owner invoices that stay below the threshold one by one', () => {
  it('need a second person as soon as those of a project reach it together on one day', async () => {
    await map('customer', String(LARGE), 'C2000');
    const billLarge = (amount: string) => {
      const lines = [{ source_id: LARGE_LINE, work_completed_this_period: amount }];
      return bill(lines, { prime_contract_id: LARGE });
    };
    const first = await billLarge('30000.00');
    await exported('payment_application', first);
    await stands('owner-invoice', first, 'confirmed');
    const second = await billLarge('25000.00');
    await exported('payment_application', second);
    await stands('owner-invoice', second, 'awaiting-approval', { reason: 'needs-approval' });
    const [asked] = await questions(world, 'approval');
    expect(asked?.question).toMatch(/posted today already it reaches the threshold/);
  });
});
