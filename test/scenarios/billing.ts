import type { BillingQuestion } from '../../src/domain/billing/billing-question.ts';
import { formatMoney, parseMoney } from '../../src/domain/values/money.ts';
import type { BillingWish } from '../../src/engine/decisions/bill-application.ts';
import type { ProcoreAct } from '../../src/procore/simulator/act.ts';
import { procoreState, questions } from './looking.ts';
import { APPROVER, PETER, people, until, type World } from './world.ts';

/** What a subcontractor fills in on one line: work of the period, and retainage of it. */
export type Billed = {
  readonly line_item_id: number;
  readonly work_completed_this_period?: string;
  readonly materials_presently_stored?: string;
  readonly work_completed_retainage_retained_this_period?: string;
  readonly work_completed_retainage_released_this_period?: string;
};

/** An application that was submitted and approved; nobody has sent it to the ERP yet. */
export async function approvedApplication(
  world: World,
  contract: number,
  lines: readonly Billed[],
  more: object = {},
): Promise<number> {
  const made = await world.act({
    as: PETER,
    action: 'submit_application',
    contract_id: contract,
    requisition_start: '2026-11-01',
    requisition_end: '2026-11-21',
    billing_date: '2026-11-21',
    lines,
    ...more,
  } as ProcoreAct);
  const requisition_id = Number(made.requisition_id);
  await world.act({
    as: PETER,
    action: 'review_application',
    requisition_id,
    decision: 'approve',
  } as ProcoreAct);
  return requisition_id;
}

/** Sends applications to the ERP and approves their export: one request, one detail for each. */
export async function exportApplications(
  world: World,
  ids: readonly number[],
  by = APPROVER,
): Promise<number[]> {
  await world.act({ as: PETER, action: 'send_applications_to_erp', requisition_ids: ids } as ProcoreAct);
  const done = await world.act({
    as: by,
    action: 'approve_application_export',
    requisition_ids: ids,
  } as ProcoreAct);
  return done.request_detail_ids as number[];
}

/** An application from its first line to its export. */
export async function billed(
  world: World,
  contract: number,
  lines: readonly Billed[],
  more: object = {},
): Promise<{ application: number; detail: number }> {
  const application = await approvedApplication(world, contract, lines, more);
  const [detail] = await exportApplications(world, [application]);
  return { application, detail: detail! };
}

export type InvoiceRow = {
  readonly id: string;
  readonly part: string;
  readonly state: string;
  readonly target_id: string | null;
  readonly reasons: readonly { readonly code: string; readonly message: string }[];
};

/** Waits until an invoice of an application stands in a state; says where it stood when it never does. */
export async function invoiceStands(
  world: World,
  application: number,
  state: string,
  { part = 'progress', reason }: { part?: string; reason?: string } = {},
): Promise<InvoiceRow> {
  let last: InvoiceRow | undefined;
  const look = async () => {
    const rows = await world.query<InvoiceRow>(
      `select id, part, state, target_id, reasons from document
       where source_object = 'sub-invoice' and source_id = $1 and part = $2 order by revision desc limit 1`,
      [String(application), part],
    );
    last = rows[0];
    const told = reason === undefined || last?.reasons.some(({ code }) => code === reason);
    return last?.state === state && told ? last : null;
  };
  try {
    return await until(`${part} of ${application} is ${state}`, look);
  } catch {
    throw new Error(`${part} of ${application} never stood in ${state}: ${JSON.stringify(last)}`);
  }
}

export type ErpInvoice = {
  readonly docEntry: number;
  readonly document: {
    readonly DocTotal: number;
    readonly NumAtCard: string;
    readonly AttachmentEntry: number | null;
    readonly DocumentLines: readonly {
      readonly LineTotal: number;
      readonly AccountCode: string;
      readonly BaseEntry: number | null;
      readonly BaseLine: number | null;
    }[];
  };
};

export async function billingInErp(world: World) {
  return (await world.truth()) as unknown as {
    readonly invoices: readonly ErpInvoice[];
    readonly attachments: readonly { readonly entry: number; readonly files: readonly unknown[] }[];
    readonly payments: readonly { readonly DocEntry: number }[];
  };
}

export async function invoicesInErp(world: World): Promise<readonly ErpInvoice[]> {
  return (await billingInErp(world)).invoices;
}

export async function applicationInProcore(world: World, id: number) {
  const { requisitions } = (await procoreState(world)) as unknown as {
    requisitions: readonly {
      readonly id: number;
      readonly origin_id: string | null;
      readonly erp_status: string;
    }[];
  };
  return requisitions.find((requisition) => requisition.id === id)!;
}

export function mapRetainage(world: World, code: string) {
  return world.service.setMapping({
    tenant: world.tenant,
    user: people.accountant,
    mapping: { kind: 'retainage', scope: '', key: '', value: { kind: 'account', code } },
  });
}

export async function paymentsInProcore(world: World) {
  const { contract_payments: payments } = (await procoreState(world)) as unknown as {
    contract_payments: readonly { readonly amount: string; readonly check_number: string | null }[];
  };
  return payments.map(({ amount, check_number }) => ({
    amount: formatMoney(parseMoney(amount, 'USD')),
    check: check_number,
  }));
}

/** What is asked about an application that cannot be billed in its turn. */
export async function billingQuestion(
  world: World,
  application: number,
  object: BillingQuestion['object'] | 'company-direct-cost' = 'sub-invoice',
) {
  const asked = await until(`somebody is asked about ${object} ${application}`, async () =>
    (await questions(world, 'billing')).find(({ subject }) => subject === `billing:${object}:${application}`),
  );
  const { billing } = asked.evidence as unknown as { readonly billing: BillingQuestion };
  return { ...asked, billing };
}

type Said = Pick<BillingWish, 'answer'> & Partial<Pick<BillingWish, 'number' | 'part' | 'difference'>>;

/** Answers it, as it is asked now. */
export async function answerBilling(
  world: World,
  asked: Awaited<ReturnType<typeof billingQuestion>>,
  { answer, number = null, part = null, difference = null }: Said,
  user: (typeof people)[keyof typeof people] = people.accountant,
) {
  const { tenant, service } = world;
  const payloadHash = asked.billing.hash;
  return service.billApplication({
    ...{ tenant, user, reviewId: asked.id, payloadHash },
    ...{ answer, number, part, difference },
  });
}
