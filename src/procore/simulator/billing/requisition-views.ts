import { currency } from '../contracts/contract-views.ts';
import { attachmentView } from '../files.ts';
import { percentText } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { World } from '../state.ts';
import type { Requisition } from './billing-records.ts';
import { invoiceItemView, invoiceMoney } from './requisition-item-views.ts';
import { type Certificate, certificateOf, sheetOf } from './requisition-sheet.ts';
import { isApprovedStatus } from './requisition-store.ts';

type View = Record<string, unknown>;

export const REQUISITION_VIEWS = ['default', 'extended', 'items', 'action_policy'] as const;
export type RequisitionView = (typeof REQUISITION_VIEWS)[number];

export const COMMITMENT_CLASS = {
  work_order_contract: 'WorkOrderContract',
  purchase_order_contract: 'PurchaseOrderContract',
} as const;

/** An invoice as lists and its own page show it; the view decides on items and texts. */
export function requisitionView(
  world: World,
  requisition: Requisition,
  { view, origin }: { view: RequisitionView; origin: string },
): View {
  const contract = world.contracts.get(requisition.contract_id);
  const vendor = contract?.vendor_id ? world.vendors.get(contract.vendor_id) : undefined;
  const certificate = certificateOf(world, requisition);
  const withItems = view === 'items' || view === 'extended';
  return {
    id: requisition.id,
    previous_requisition_id: world.requisitionBefore(requisition)?.id ?? null,
    project_id: requisition.project_id,
    billing_date: requisition.billing_date,
    created_at: isoSeconds(requisition.created_at),
    updated_at: isoSeconds(requisition.updated_at),
    commitment_id: requisition.contract_id,
    commitment_type: contract ? COMMITMENT_CLASS[contract.kind] : null,
    contract_name: contract?.title ?? '',
    deletable:
      world.isLastRequisition(requisition) &&
      requisition.origin_id === null &&
      !isApprovedStatus(requisition.status),
    final: requisition.final,
    vendor_name: vendor?.name ?? '',
    vendor_id: vendor?.id ?? null,
    invoice_number: requisition.invoice_number,
    invoice_type: 'progress',
    origin_data: requisition.origin_data,
    origin_id: requisition.origin_id,
    payment_date: requisition.payment_date,
    percent_complete: `${percentText(certificate.toDate, certificate.original + certificate.changes)}%`,
    period_id: requisition.period_id,
    requisition_start: requisition.requisition_start,
    requisition_end: requisition.requisition_end,
    status: requisition.status,
    erp_status: requisition.erp_status,
    number: requisition.number,
    submitted_at: requisition.submitted_at,
    total_claimed_amount: invoiceMoney(requisition.items.reduce((sum, item) => sum + item.claimed, 0n)),
    electronic_signature_id: null,
    move_materials_to_previous_work_completed: requisition.moves_materials,
    summary: summaryView(requisition, certificate),
    created_by: creatorView(world, requisition),
    custom_fields: {},
    currency_configuration: currency(world, requisition.company_id),
    attachments: requisition.file_ids.map((id) => attachmentView(world, id, origin)),
    ...(view === 'extended' ? { summary_text: summaryTextView(world, requisition) } : {}),
    ...(withItems
      ? { items: itemViews(world, requisition), item_packages: packageViews(world, requisition) }
      : {}),
  };
}

function itemViews(world: World, requisition: Requisition): View[] {
  const sheet = sheetOf(world, requisition);
  return requisition.items.flatMap((item) => {
    const columns = sheet.get(item.id);
    return columns ? [invoiceItemView(world, requisition, item, columns)] : [];
  });
}

/** The certificate as text, as the tutorial prints it. */
export function summaryView(requisition: Requisition, certificate: Certificate): View {
  const { original, changes, toDate, workRetainage, storedRetainage, changeOrders } = certificate;
  const earned = certificate.earnedLessRetainage;
  const totals = (name: 'all' | 'fresh' | 'earlier', sign: 'plus' | 'minus') =>
    invoiceMoney(changeOrders[name][sign]);
  return {
    original_contract_sum: invoiceMoney(original),
    net_change_by_change_orders: invoiceMoney(changes),
    contract_sum_to_date: invoiceMoney(original + changes),
    total_completed_and_stored_to_date: invoiceMoney(toDate),
    completed_work_retainage_percent: percentText(workRetainage, certificate.workBase),
    completed_work_retainage_amount: invoiceMoney(workRetainage),
    stored_materials_retainage_percent: percentText(storedRetainage, certificate.storedBase),
    stored_materials_retainage_amount: invoiceMoney(storedRetainage),
    total_retainage: invoiceMoney(workRetainage + storedRetainage),
    total_earned_less_retainage: invoiceMoney(earned),
    less_previous_certificates_for_payment: invoiceMoney(certificate.previousCertificates),
    tax_applicable_to_this_payment: '0.00',
    current_payment_due: invoiceMoney(earned - certificate.previousCertificates),
    balance_to_finish_including_retainage: invoiceMoney(original + changes - earned),
    positive_change_order_item_total: totals('all', 'plus'),
    positive_new_change_order_item_total: totals('fresh', 'plus'),
    positive_previous_change_order_item_total: totals('earlier', 'plus'),
    negative_change_order_item_total: totals('all', 'minus'),
    negative_new_change_order_item_total: totals('fresh', 'minus'),
    negative_previous_change_order_item_total: totals('earlier', 'minus'),
    formatted_period: `${shortDate(requisition.requisition_start)} - ${shortDate(requisition.requisition_end)}`,
    new_materials: invoiceMoney(certificate.newMaterials),
    stored_materials: invoiceMoney(certificate.storedBase - certificate.newMaterials),
  };
}

function shortDate(date: string | null): string {
  const [year = '', month = '', day = ''] = (date ?? '').split('-');
  return date === null ? '' : `${month}/${day}/${year.slice(2)}`;
}

function summaryTextView(world: World, requisition: Requisition): View {
  const contract = world.contracts.get(requisition.contract_id);
  const vendor = contract?.vendor_id ? world.vendors.get(contract.vendor_id) : undefined;
  const project = world.projects.get(requisition.project_id);
  const address = (name: string): unknown => vendor?.details[name] ?? null;
  return {
    project_name: project?.name ?? '',
    project_number: project?.details.project_number ?? null,
    to_general_contractor: world.companies.get(requisition.company_id)?.name ?? '',
    requisition_period_start: requisition.requisition_start,
    requisition_period_end: requisition.requisition_end,
    subcontractor_name: vendor?.name ?? '',
    subcontractor_street: address('address'),
    subcontractor_city: address('city'),
    subcontractor_state_code: address('state_code'),
    subcontractor_zip: address('zip'),
    subcontractor_country_code: address('country_code'),
    application_number: requisition.invoice_number ?? String(requisition.number),
    contract_for: contract?.title ?? '',
    contract_date: contract?.details.signed_contract_received_date ?? null,
  };
}

function creatorView(world: World, requisition: Requisition): View {
  const user = world.users.get(requisition.created_by_id);
  return {
    id: requisition.created_by_id,
    name: user?.name ?? '',
    login: user?.login ?? '',
    company_name: world.companies.get(requisition.company_id)?.name ?? '',
  };
}

/** The contract itself and every change order that the invoice bills. */
function packageViews(world: World, requisition: Requisition): View[] {
  const contract = world.contracts.get(requisition.contract_id);
  const changeOrderIds = new Set(requisition.items.flatMap((item) => item.change_order_id ?? []));
  const own = {
    id: requisition.contract_id,
    contract_id: requisition.contract_id,
    change_order_id: null,
    number: contract?.number ?? null,
    title: contract?.title ?? null,
    status: contract?.status ?? '',
    position: 1,
    change_order_acronym_number: null,
  };
  const changes = [...changeOrderIds].map((id, index) => {
    const changeOrder = world.changeOrders.get(id);
    return {
      id,
      contract_id: requisition.contract_id,
      change_order_id: id,
      number: changeOrder?.number ?? null,
      title: changeOrder?.title ?? null,
      status: changeOrder?.status ?? '',
      position: index + 2,
      change_order_acronym_number: `CCO #${changeOrder?.number ?? ''}`,
    };
  });
  return [own, ...changes];
}

/** The ground truth of an application: what it was given and everything that follows from it. */
export function requisitionTruth(world: World, requisition: Requisition): View {
  const sheet = sheetOf(world, requisition);
  const { items, history, ...header } = requisition;
  return {
    ...header,
    summary: summaryView(requisition, certificateOf(world, requisition)),
    items: items.flatMap((item) => {
      const columns = sheet.get(item.id);
      if (!columns) return [];
      const { origin_id, origin_code, origin_data } = item;
      return [{ ...invoiceItemView(world, requisition, item, columns), origin_id, origin_code, origin_data }];
    }),
    history: history.length,
  };
}
