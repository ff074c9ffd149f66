import { payableCents } from '../billing/invoices.ts';
import { budgetView } from '../budget/budgets.ts';
import {
  amountOf,
  effectiveLines,
  type Invoice,
  type Job,
  type Order,
  versionOf,
  type World,
} from '../company/state.ts';
import { entries } from '../journal/journal.ts';
import { deliveryView } from '../orders/deliveries.ts';
import { requisitionView } from '../orders/requisitions.ts';
import { contractChangeView, contractView, salesInvoiceView } from '../sales/sales.ts';

/** An order as the API shows it: as ordered, with its changes beside it. */
export function orderView(order: Order) {
  return {
    id: order.id,
    reference: order.reference,
    revision: order.revision,
    number: order.number,
    title: order.title,
    note: order.note,
    vendor: order.vendor,
    project: order.project,
    currency: order.currency,
    date: order.date,
    created_on: order.createdOn,
    status: order.status,
    version: versionOf(order),
    fields: order.fields ?? {},
    lines: order.lines.map((line) => ({
      line: line.line,
      key: line.key,
      description: line.description,
      account: line.account,
      sub_job: line.sub_job ?? null,
      cost_code: line.cost_code ?? null,
      draws_on: line.draws_on ?? null,
      amount: amountOf(line.cents),
    })),
    invoiced: Object.fromEntries([...order.invoicedCents].map(([line, cents]) => [line, amountOf(cents)])),
    changes: order.changes.map((change) => ({
      id: change.id,
      reference: change.reference,
      revision: change.revision,
      number: change.number,
      title: change.title,
      date: change.date,
      created_on: change.createdOn,
      fields: change.fields ?? {},
      lines: change.lines.map(({ cents, ...line }) => ({ ...line, amount: amountOf(cents) })),
    })),
  };
}

/** An invoice as the API shows it; `retainage` is what it withheld, or what a release paid out. */
export function invoiceView(invoice: Invoice) {
  const { lines, retainage, paidCents, bookedAtMs: _, touchedOn: __, ...header } = invoice;
  return {
    ...header,
    fields: invoice.fields ?? {},
    version: versionOf(invoice),
    lines: lines.map(({ cents, ...line }) => ({ ...line, amount: amountOf(cents) })),
    retainage: retainage && { account: retainage.account, amount: amountOf(retainage.cents) },
    payable: amountOf(payableCents(invoice)),
    paid: amountOf(paidCents),
  };
}

export function jobView(job: Job) {
  return {
    id: job.id,
    status: job.status,
    ...(job.status === 'done' ? { documents: job.results, warnings: job.warnings } : {}),
    ...(job.status === 'refused' ? { errors: job.errors } : {}),
  };
}

/** The whole truth, for checkers. */
export function stateView(world: World) {
  return {
    company: world.company,
    settings: world.settings,
    orders: [...world.orders.values()].map((order) => ({
      ...orderView(order),
      total: amountOf(effectiveLines(order).reduce((sum, { cents }) => sum + cents, 0n)),
    })),
    requisitions: [...world.requisitions.values()].map(requisitionView),
    deliveries: [...world.deliveries.values()].map(deliveryView),
    invoices: [...world.invoices.values()].map(invoiceView),
    budgets: [...world.budgets.values()].map(budgetView),
    salesInvoices: [...world.sales.invoices.values()].map(salesInvoiceView),
    contracts: [...world.sales.contracts.values()].map((contract) => contractView(world, contract)),
    contractChanges: [...world.sales.changes.values()].map(contractChangeView),
    journal: entries(world),
    files: [...world.files.values()],
    jobs: [...world.jobs.values()].map((job) => ({ ...jobView(job), lost: job.lost })),
    vendors: [...world.records.vendors.values()],
    customers: [...world.records.customers.values()],
    projects: [...world.records.projects.values()],
    accounts: [...world.records.accounts.values()],
    periods: [...world.records.periods.values()],
    payments: [...world.records.payments.values()],
    receipts: [...world.records.receipts.values()],
    costCodes: [...world.records['cost-codes'].values()],
    costTypes: [...world.records['cost-types'].values()],
    subJobs: [...world.records['sub-jobs'].values()],
    taxCodes: [...world.records['tax-codes'].values()],
    insurances: [...world.records.insurances.values()],
    writes: world.writes,
  };
}
