import {
  contractSumToDate,
  earnedLessRetainage,
  type OwnerInvoice,
  type OwnerInvoiceItem,
  ownerCertificate,
  ownerColumns,
} from '../billing/owner-invoice-store.ts';
import { describe } from '../billing/owner-invoice-views.ts';
import type { PrimeContract } from '../contracts/prime-contract-store.ts';
import { percentText } from '../http/decimals.ts';
import type { Actor, ErpRequest } from '../records.ts';
import type { World } from '../state.ts';
import { amountNumber } from './erp-budget-events.ts';
import { originOf } from './erp-directory-events.ts';
import { erpKind } from './erp-kinds.ts';
import { raiseFor } from './erp-raise.ts';

type View = Record<string, unknown>;

/** Approved owner invoices of a synced prime contract; they only ever go out. */
export const ownerInvoiceKind = erpKind({
  find: (world, id) => world.ownerInvoices.get(id),
  refusal: (world, invoice) => {
    if (invoice.status !== 'approved') return { status: ['must be Approved to be sent to ERP'] };
    const synced = contractOf(world, invoice).origin_id !== null;
    return synced ? null : { prime_contract: ['is not synced with ERP'] };
  },
  ruled: (world, invoice) => [['payment_applications', () => [payloadOf(world, invoice)]]],
  request: (world, invoices, _choices, actor) =>
    invoices.map((invoice) => request(world, 'create_payment_application', invoice, actor)),
  unlink: (world, invoice, actor) => request(world, 'unlink_payment_application', invoice, actor),
});

function request(
  world: World,
  name: 'create_payment_application' | 'unlink_payment_application',
  invoice: OwnerInvoice,
  actor: Actor,
): ErpRequest {
  const fields = { payment_application: payloadOf(world, invoice), company_id: invoice.company_id };
  return raiseFor(world, actor, { ...invoice, kind: 'payment_application' }, { name, fields });
}

/** Unlike the published routes, this event prints money and percents as numbers. */
function payloadOf(world: World, invoice: OwnerInvoice): View {
  const contract = contractOf(world, invoice);
  const { period_start, period_end } = invoice;
  return {
    id: invoice.id,
    billing_date: invoice.billing_date,
    billing_period: { start_date: period_start, end_date: period_end },
    contract_name: contract.title,
    description_type: 'automatic',
    invoice_number: invoice.invoice_number,
    period_start,
    period_end,
    period_id: null,
    status: invoice.status,
    items: invoice.items.map((item) => itemOf(world, contract, invoice, item)),
    summary: summaryOf(world, contract, invoice),
    attachments: [],
    ...originOf(invoice),
  };
}

function itemOf(world: World, contract: PrimeContract, invoice: OwnerInvoice, item: OwnerInvoiceItem): View {
  const columns = ownerColumns(world, invoice, item);
  const { workRetainage: held } = columns;
  return {
    id: item.id,
    type: 'payment_application_line_item',
    item_number: item.item_number,
    accounting_method: contract.accounting_method,
    holder_id: contract.id,
    holder_type: 'PrimeContract',
    origin_id: item.source_id,
    origin_type: item.source_type,
    description_of_work: describe(world, item),
    scheduled_value: amountNumber(columns.scheduled),
    work_completed_from_previous_application: amountNumber(columns.previous),
    work_completed_this_period: amountNumber(columns.work),
    materials_presently_stored: amountNumber(columns.stored),
    new_materials: amountNumber(columns.stored),
    stored_materials: amountNumber(columns.stored),
    total_completed_and_stored_to_date: amountNumber(columns.toDate),
    total_completed_and_stored_to_date_percent: percentNumber(columns.toDate, columns.scheduled),
    balance_to_finish: amountNumber(columns.scheduled - columns.toDate),
    work_completed_retainage_from_previous_application: amountNumber(held.before),
    work_completed_retainage_retained_this_period: amountNumber(held.retained),
    work_completed_retainage_percent_this_period: amountNumber(item.work_retainage_percent),
    work_completed_retainage_released_this_period: amountNumber(held.released),
    work_completed_retainage_currently_retained: amountNumber(held.held),
    materials_stored_retainage_from_previous_application: 0,
    materials_stored_retainage_retained_this_period: amountNumber(columns.storedRetainage),
    materials_stored_retainage_percent_this_period: amountNumber(item.stored_retainage_percent),
    materials_stored_retainage_released_this_period: 0,
    materials_stored_retainage_currently_retained: amountNumber(columns.storedRetainage),
    total_retainage_from_previous_application: amountNumber(held.before),
    total_retainage_currently_retained: amountNumber(held.held + columns.storedRetainage),
    wbs_code: null,
    previous_quantity: null,
    custom_group_item_ids: [],
  };
}

function summaryOf(world: World, contract: PrimeContract, invoice: OwnerInvoice): View {
  const certificate = ownerCertificate(world, invoice);
  const { original, toDate, workRetainage, storedRetainage, changes } = certificate;
  const { earlier, fresh } = changes;
  const sum = contractSumToDate(certificate);
  const earned = earnedLessRetainage(certificate);
  const project = world.projects.get(contract.project_id);
  return {
    application_number: invoice.number,
    contract_for: contract.title,
    contract_date: contract.details.contract_date ?? null,
    contract_original_sum: amountNumber(original),
    contract_sum_to_date: amountNumber(sum),
    total_completed_and_stored_to_date: amountNumber(toDate),
    completed_work_retainage_amount: amountNumber(workRetainage),
    completed_work_retainage_percent: percentNumber(workRetainage, certificate.completed),
    stored_materials_retainage_amount: amountNumber(storedRetainage),
    stored_materials_retainage_percent: percentNumber(storedRetainage, certificate.stored),
    total_retainage: amountNumber(workRetainage + storedRetainage),
    total_earned_less_retainage: amountNumber(earned),
    less_previous_certificates_for_payment: amountNumber(certificate.previousCertificates),
    current_payment_due: amountNumber(earned - certificate.previousCertificates),
    balance_to_finish_including_retainage: amountNumber(sum - earned),
    positive_change_order_item_total: amountNumber(earlier.plus + fresh.plus),
    negative_change_order_item_total: amountNumber(earlier.minus + fresh.minus),
    positive_previous_change_order_item_total: amountNumber(earlier.plus),
    negative_previous_change_order_item_total: amountNumber(earlier.minus),
    positive_new_change_order_item_total: amountNumber(fresh.plus),
    negative_new_change_order_item_total: amountNumber(fresh.minus),
    net_change_by_change_order: amountNumber(sum - original),
    project_name: project?.name ?? '',
    project_number: project?.details.project_number ?? null,
    to_owner: partyOf(world, contract.vendor_id),
    from_architect_or_engineer: null,
    from_general_contractor: world.companies.get(contract.company_id)?.name ?? '',
  };
}

function partyOf(world: World, vendorId: number | null): View | null {
  const vendor = vendorId === null ? undefined : world.vendors.get(vendorId);
  return vendor ? { id: vendor.id, name: vendor.name, ...originOf(vendor) } : null;
}

function percentNumber(part: bigint, whole: bigint): number {
  return Number(percentText(part, whole));
}

function contractOf(world: World, invoice: OwnerInvoice): PrimeContract {
  const contract = world.primeContracts.get(invoice.contract_id);
  if (!contract) throw new Error(`owner invoice ${invoice.id} has no prime contract`);
  return contract;
}
