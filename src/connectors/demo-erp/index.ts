import type { Operation, PurchaseOrderBody } from '../../domain/documents.ts';
import { documentFields, typedErrors } from '../../domain/planning/document-fields.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import { type SeenCapabilities, type SettleTable, settleTable } from '../../domain/posting/settle.ts';
import { demoErpRows } from '../../domain/posting/settle-rows/demo-erp.ts';
import type { Read, Write } from '../../domain/posting/writes.ts';
import { formatMoney, sum } from '../../domain/values/money.ts';
import type { CheckFinding, CommittedDocument, Connection, Connector } from '../connector.ts';
import { attachFiles } from './attach-files.ts';
import { budget, budgetMatch, budgetOf, createBudget } from './budget-writes.ts';
import { openClient, readAll, readJson } from './client.ts';
import { type DemoErpConfig, demoErpConfig } from './config.ts';
import { constraints, masterConstraints, preflight } from './constraints.ts';
import { contractChangeMatch, createContractChange } from './contract-change.ts';
import { checkField } from './held-fields.ts';
import { setInvoiceHold } from './invoice-hold.ts';
import { createInvoice, invoiceMatch, invoicesNumbered } from './invoice-writes.ts';
import { createCostCode, createProject, createSubJob, createVendor } from './new-master.ts';
import { standingLines } from './order-form.ts';
import { changeOrder, createOrder, matchOf, openOrderLines } from './order-writes.ts';
import { assignCostCodes } from './project-codes.ts';
import { pulls } from './pull.ts';
import { createRequisition, requisitionAt, requisitionMatch } from './requisitions.ts';
import { createSalesInvoice, salesInvoiceMatch, salesInvoicesNumbered } from './sales-invoice.ts';
import { standingOrders } from './standing-orders.ts';
import { createVendorPayment, listPayments, payableInvoice } from './vendor-payments.ts';
import {
  company,
  contractChange,
  invoice as invoiceSchema,
  order as orderSchema,
  requisition,
  salesInvoice,
} from './wire.ts';

/** Ledgerline, a small imaginary ERP that does everything differently from SAP Business One. */
export const demoErp: Connector<DemoErpConfig> = {
  id: 'demo-erp',
  title: 'Ledgerline (demonstration ERP)',
  config: demoErpConfig,
  secrets: ['apiKey'],
  doorOptions: ({ baseUrl, ca }) => ({ baseUrl, ...(ca === undefined ? {} : { ca }), readPosts: [] }),
  account: ({ baseUrl, company: id }) => `${new URL(baseUrl).href}#${id}`,
  rate: () => ({ kind: 'queue' }),
  constraints: [...constraints, ...masterConstraints],
  settle,
  updateStrategy: 'change-document',
  connect(config, { door }): Connection {
    const { read, send } = openClient(config, door);
    const { payments: making = 'off' } = config;
    const fields = documentFields(config.documentFields ?? []);
    return {
      fingerprint: async () => `ledgerline:${(await readJson(read, '/company', company)).id}`,
      check: () => check(read, config),
      pull: pulls(read),
      supports: new Set([
        'create-vendor',
        'create-project',
        'create-cost-code',
        'create-sub-job',
        'assign-cost-codes',
        'create-order',
        ...(config.commitmentsAs === 'requisition' ? (['create-requisition'] as const) : []),
        'update-order',
        'create-invoice',
        'create-direct-invoice',
        'create-vendor-credit',
        'set-payment-hold',
        'attach-files',
        'create-ar-invoice',
        'create-contract-change',
        'create-budget',
        ...(making === 'off' ? [] : (['create-vendor-payment'] as const)),
      ]),
      payments: { making, payable: (invoiceId) => payableInvoice(read, invoiceId) },
      writes,
      documentFields: fields,
      preflight: (operation) => [...typedErrors(fields, operation), ...preflight(operation)],
      list: (prefix, since) => list(read, prefix, since),
      openOrderLines: (orderId) => openOrderLines(read, orderId),
      invoicesNumbered: (vendor, number) => invoicesNumbered(read, 'invoices', vendor, number),
      creditsNumbered: (vendor, number) => invoicesNumbered(read, 'credits', vendor, number),
      arInvoicesNumbered: (_customer, number) => salesInvoicesNumbered(read, number),
      selfTest: {
        currency: async () => (await readJson(read, '/company', company)).currency,
        takeBack: (base, reference) => changeOrder(emptied(base.body, reference), base),
      },
      standingOrders: (projectCode) => standingOrders(read, projectCode),
      requisition: (id) => requisitionAt(read, id),
      committed: (projectCode) => committed(read, projectCode),
      budgetOf: (projectCode) => budgetOf(read, projectCode),
      read,
      send,
      // The key needs no session: there is nothing to end, and the door belongs to whoever opened it.
      close: async () => {},
    };
  },
};

/** A job that Ledgerline forgot may still be running: the second look comes only when it must have ended. */
function settle({ requestLifeMs }: DemoErpConfig, seen: SeenCapabilities = {}): SettleTable {
  const rows = demoErpRows.map((row) => ({ ...row, probeGapMs: requestLifeMs ?? row.probeGapMs }));
  return settleTable(rows, { requestLifeMs }, seen);
}

function writes(operation: Operation): readonly Write[] {
  if (operation.kind === 'create-order') return [createOrder(operation.body)];
  if (operation.kind === 'create-requisition')
    return [createRequisition(operation.body, operation.requiredDate)];
  if (operation.kind === 'update-order') return [changeOrder(operation.body, operation.base)];
  if (
    operation.kind === 'create-invoice' ||
    operation.kind === 'create-direct-invoice' ||
    operation.kind === 'create-vendor-credit'
  )
    return [createInvoice(operation.body)];
  if (operation.kind === 'set-payment-hold') return [setInvoiceHold(operation)];
  if (operation.kind === 'attach-files') return attachFiles(operation);
  if (operation.kind === 'create-ar-invoice') return [createSalesInvoice(operation.body)];
  if (operation.kind === 'create-contract-change') return [createContractChange(operation.body)];
  if (operation.kind === 'create-budget') return [createBudget(operation.body)];
  if (operation.kind === 'create-vendor-payment') return [createVendorPayment(operation.body)];
  if (operation.kind === 'create-vendor') return [createVendor(operation.body)];
  if (operation.kind === 'create-project') return [createProject(operation.body)];
  if (operation.kind === 'create-cost-code') return [createCostCode(operation.body)];
  if (operation.kind === 'create-sub-job') return [createSubJob(operation.body)];
  if (operation.kind === 'assign-cost-codes') return assignCostCodes(operation);
  throw new Stop('bug', 'Ledgerline', `Ledgerline does not support ${operation.kind}`);
}

/** Ledgerline cancels nothing from outside: a change that takes every line to zero is its way back. */
function emptied(body: PurchaseOrderBody, reference: string): PurchaseOrderBody {
  return { ...body, reference, revision: body.revision + 1, lines: [], total: '0.00' };
}

/** Orders, changes and invoices are documents alike, each under a reference of its own. */
async function* list(read: Read, prefix: string, since: string): ReturnType<NonNullable<Connection['list']>> {
  const query = { reference_prefix: prefix, since };
  for await (const order of readAll(read, 'orders', orderSchema, query))
    for (const [changes, { reference }] of [order, ...order.changes].entries())
      if (reference?.startsWith(prefix)) yield { ...matchOf(order, changes), reference };
  for await (const wanted of readAll(read, 'requisitions', requisition, query)) {
    const { reference } = wanted;
    if (reference.startsWith(prefix)) yield { ...requisitionMatch(wanted), reference };
  }
  for await (const invoice of readAll(read, 'invoices', invoiceSchema, query)) {
    const { reference } = invoice;
    if (reference?.startsWith(prefix)) yield { ...invoiceMatch(invoice), reference };
  }
  yield* listBudgets(read, query);
  yield* listPayments(read, prefix);
  for await (const invoice of readAll(read, 'sales-invoices', salesInvoice, query)) {
    const { reference } = invoice;
    if (reference?.startsWith(prefix)) yield { ...salesInvoiceMatch(invoice), reference };
  }
  for await (const change of readAll(read, 'contract-changes', contractChange, query)) {
    const { reference } = change;
    if (reference?.startsWith(prefix)) yield { ...contractChangeMatch(change), reference };
  }
}

async function* listBudgets(
  read: Read,
  query: { readonly reference_prefix: string; readonly since: string },
): ReturnType<NonNullable<Connection['list']>> {
  for await (const entry of readAll(read, 'budgets', budget, query)) {
    const { reference } = entry;
    if (reference?.startsWith(query.reference_prefix)) yield { ...budgetMatch(entry), reference };
  }
}

async function* committed(read: Read, project: string): AsyncGenerator<CommittedDocument> {
  for await (const order of readAll(read, 'orders', orderSchema, { project })) {
    if (order.status === 'cancelled') continue;
    const { id, reference, project: projectCode, vendor: vendorCode, currency } = order;
    const { number } = order.changes.at(-1) ?? order;
    const amounts = standingLines(order, Number.POSITIVE_INFINITY).map(({ amount }) => amount);
    const amount = formatMoney(sum(amounts, currency));
    yield { id, number, reference, projectCode, vendorCode, currency, amount, state: 'posted' };
  }
}

/** Reaches Ledgerline, compares the company and reads each list that postings need. */
async function* check(read: Read, config: DemoErpConfig): AsyncGenerator<CheckFinding> {
  const reached = await attempt('company', async () => {
    const { id, name } = await readJson(read, '/company', company);
    if (id === config.company) return `${name} (${id})`;
    throw new Error(`the key opens company ${id} (${name}), not ${config.company}`);
  });
  yield reached;
  if (!reached.ok) return;
  for (const field of documentFields(config.documentFields ?? [])) yield await checkField(read, field);
  if (config.commitmentsAs === 'requisition')
    yield await attempt('commitments as requisitions', async () => {
      for await (const { id } of readAll(read, 'requisitions', requisition, {}))
        return `They become requisitions, such as ${id}; the orders that people make of them are found and linked`;
      return 'They become requisitions; the orders that people make of them are found and linked';
    });
  for (const [object, pull] of Object.entries(pulls(read)))
    if (pull)
      yield await attempt(object, async () => `${(await pull(null)).records.length} on the first page`);
}

async function attempt(subject: string, look: () => Promise<string>): Promise<CheckFinding> {
  try {
    return { subject, ok: true, message: await look() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy = (error instanceof Stop ? error.remedy : undefined) ?? 'Check the company and the key.';
    return { subject, ok: false, message, remedy };
  }
}
