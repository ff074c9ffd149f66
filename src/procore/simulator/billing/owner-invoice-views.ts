import { costCodeView, currency } from '../contracts/contract-views.ts';
import { withoutBillerOrigin } from '../contracts/prime-contract-views.ts';
import { attachmentView } from '../files.ts';
import { decimalText, fixedText, MONEY_SCALE, percentText } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { World } from '../state.ts';
import {
  contractSumToDate,
  earnedLessRetainage,
  type OwnerInvoice,
  type OwnerInvoiceItem,
  ownerCertificate,
  ownerColumns,
} from './owner-invoice-store.ts';

type View = Record<string, unknown>;

const money = (cents: bigint): string => fixedText(cents, MONEY_SCALE);

/** The invoice with its certificate, as the lists show it. */
export function ownerInvoiceView(world: World, invoice: OwnerInvoice): View {
  const certificate = ownerCertificate(world, invoice);
  const contract = world.primeContracts.get(invoice.contract_id);
  const owner = world.vendors.get(contract?.vendor_id ?? -1);
  const due = earnedLessRetainage(certificate) - certificate.previousCertificates;
  return {
    id: invoice.id,
    billing_date: invoice.billing_date,
    invoice_number: invoice.invoice_number,
    origin_data: invoice.origin_data,
    origin_id: invoice.origin_id,
    percent_complete: `${percentText(certificate.toDate, contractSumToDate(certificate))}%`,
    period_start: invoice.period_start,
    period_end: invoice.period_end,
    period_id: null,
    status: invoice.status,
    total_amount_paid: money(0n),
    number: invoice.number,
    total_amount_accrued_this_period: money(due),
    formatted_contract_company: owner?.name ?? '',
    currency_configuration: currency(world, invoice.company_id),
    g702: certificateView(world, invoice),
    billing_period: { start_date: invoice.period_start, end_date: invoice.period_end },
    contract: { id: invoice.contract_id, type: 'PrimeContract', title: contract?.title ?? '' },
  };
}

/** The list of all invoices of a project also says when and how they are described. */
export function ownerInvoiceListView(world: World, invoice: OwnerInvoice): View {
  const stamps = { created_at: invoice.created_at, updated_at: invoice.updated_at };
  const days = Object.entries(stamps).map(([name, at]) => [name, isoSeconds(at).slice(0, 10)]);
  return { ...ownerInvoiceView(world, invoice), ...Object.fromEntries(days) };
}

/** Links to its files begin with the address that was asked. */
export function ownerInvoiceShowView(world: World, invoice: OwnerInvoice, origin: string): View {
  const g703 = invoice.items.map((item) => rowView(world, invoice, item));
  const attachments = invoice.file_ids.map((id) => attachmentView(world, id, origin));
  return { ...ownerInvoiceView(world, invoice), attachments, description_type: 'automatic', g703 };
}

function certificateView(world: World, invoice: OwnerInvoice): View {
  const certificate = ownerCertificate(world, invoice);
  const { original, toDate, workRetainage, storedRetainage, changes } = certificate;
  const { earlier, fresh } = changes;
  const sum = contractSumToDate(certificate);
  const earned = earnedLessRetainage(certificate);
  return {
    original_contract_sum: money(original),
    net_change_by_change_orders: money(sum - original),
    contract_sum_to_date: money(sum),
    total_completed_and_stored_to_date: money(toDate),
    completed_work_retainage_percent: percentText(workRetainage, certificate.completed),
    completed_work_retainage_amount: money(workRetainage),
    stored_materials_retainage_percent: percentText(storedRetainage, certificate.stored),
    stored_materials_retainage_amount: money(storedRetainage),
    total_retainage: money(workRetainage + storedRetainage),
    total_earned_less_retainage: money(earned),
    less_previous_certificates_for_payment: money(certificate.previousCertificates),
    tax_applicable_to_this_payment: money(0n),
    current_payment_due: money(earned - certificate.previousCertificates),
    balance_to_finish_including_retainage: money(sum - earned),
    positive_change_order_item_total: money(earlier.plus + fresh.plus),
    negative_change_order_item_total: money(earlier.minus + fresh.minus),
    positive_new_change_order_item_total: money(fresh.plus),
    negative_new_change_order_item_total: money(fresh.minus),
    positive_previous_change_order_item_total: money(earlier.plus),
    negative_previous_change_order_item_total: money(earlier.minus),
    formatted_period: `${invoice.period_start} - ${invoice.period_end}`,
  };
}

/** Here origin_id is the line or package that is billed, and not an id of the ERP. */
function rowView(world: World, invoice: OwnerInvoice, item: OwnerInvoiceItem): View {
  const columns = ownerColumns(world, invoice, item);
  const { workRetainage: held } = columns;
  const line = item.source_type === 'LineItem' ? world.lines.get(item.source_id) : undefined;
  const code = world.costCodes.get(line?.cost_code_id ?? -1);
  const contract = item.source_type === 'LineItem';
  return {
    id: item.id,
    type: 'payment_application_line_item',
    origin_id: item.source_id,
    origin_type: item.source_type,
    added_from_source: contract ? 'contract' : 'change_order',
    added_from_source_id: contract ? invoice.contract_id : item.source_id,
    item_number: item.item_number,
    description_of_work: describe(world, item),
    description_override: null,
    cost_code: withoutBillerOrigin(
      code && { ...costCodeView(world, code), standard_cost_code_list_id: null },
    ),
    wbs_code: null,
    scheduled_value: money(columns.scheduled),
    work_completed_from_previous_application: money(columns.previous),
    work_completed_this_period: money(columns.work),
    materials_presently_stored: money(columns.stored),
    total_completed_and_stored_to_date: money(columns.toDate),
    total_completed_and_stored_to_date_percent: percentText(columns.toDate, columns.scheduled),
    balance_to_finish: money(columns.scheduled - columns.toDate),
    work_completed_retainage_from_previous_application: money(held.before),
    work_completed_retainage_retained_this_period: money(held.retained),
    work_completed_retainage_released_this_period: money(held.released),
    work_completed_retainage_currently_retained: money(held.held),
    work_completed_retainage_percent_this_period: decimalText(item.work_retainage_percent, MONEY_SCALE),
    materials_stored_retainage_from_previous_application: money(0n),
    materials_stored_retainage_retained_this_period: money(columns.storedRetainage),
    materials_stored_retainage_released_this_period: money(0n),
    materials_stored_retainage_currently_retained: money(columns.storedRetainage),
    materials_stored_retainage_percent_this_period: decimalText(item.stored_retainage_percent, MONEY_SCALE),
    total_retainage_from_previous_application: money(held.before),
    total_retainage_currently_retained: money(held.held + columns.storedRetainage),
    currency_configuration: currency(world, invoice.company_id),
  };
}

export function describe(world: World, item: OwnerInvoiceItem): string {
  if (item.source_type === 'LineItem') return world.lines.get(item.source_id)?.description ?? '';
  return world.changeOrders.get(item.source_id)?.title ?? '';
}
