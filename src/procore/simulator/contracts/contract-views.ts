import type { ContractPayment } from '../billing/billing-records.ts';
import { certificateOf } from '../billing/requisition-sheet.ts';
import { wbsRefById } from '../budget/wbs-code-store.ts';
import { attachmentView } from '../files.ts';
import { decimalText, MONEY_SCALE, moneyText, QUANTITY_SCALE } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { ChangeOrder, Contract, CostCode, Line, LineItemType, Origin } from '../records.ts';
import type { World } from '../state.ts';
import { keptFields } from './contract-fields.ts';

type View = Record<string, unknown>;

const PENDING = new Set(['pending', 'pricing', 'not_pricing', 'revised', 'proceeding']);

/** The contract as its list shows it: money and percents as text, vendor without its origin. */
export function contractListView(world: World, contract: Contract): View {
  const vendor = contract.vendor_id === null ? undefined : world.vendors.get(contract.vendor_id);
  const kept = Object.keys(keptFields[contract.kind]).filter((name) => name !== 'assignee_id');
  const view: View = {
    id: contract.id,
    accounting_method: contract.accounting_method,
    created_at: isoSeconds(contract.created_at),
    deleted_at: null,
    executed: contract.executed,
    number: contract.number,
    origin_id: contract.origin_id,
    origin_code: contract.origin_code,
    origin_data: contract.origin_data,
    private: contract.private,
    project: projectRef(world, contract.project_id),
    requisitions_are_enabled: true,
    retainage_percent: decimalText(contract.retainage, MONEY_SCALE),
    show_line_items_to_non_admins: false,
    status: contract.status,
    title: contract.title,
    updated_at: isoSeconds(contract.updated_at),
    vendor: vendor ? { id: vendor.id, company: vendor.name } : null,
    currency_configuration: currency(world, contract.company_id),
    ...amounts(world, contract),
  };
  for (const name of kept) view[name] = contract.details[name] ?? null;
  if (contract.kind === 'purchase_order_contract') {
    const assignee = contract.details.assignee_id;
    view.assignee = assignee ? { id: assignee } : null;
    view.billing_schedule_of_values_status = 'draft';
  }
  return view;
}

/** The contract as its own page shows it: with lines, change order packages and the vendor's origin. */
export function contractShowView(world: World, contract: Contract, origin = ''): View {
  const files = (contract.file_ids ?? []).map((id) => attachmentView(world, id, origin));
  const vendor = contract.vendor_id === null ? undefined : world.vendors.get(contract.vendor_id);
  const { billing_schedule_of_values_status: _listOnly, ...header } = contractListView(world, contract);
  return {
    ...header,
    // The catalogue types a purchase order's attachments as one object: without any it shows none at all.
    ...(contract.kind === 'work_order_contract'
      ? { attachments: files }
      : files.length > 0
        ? { attachments: files.at(-1) }
        : {}),
    change_order_packages: world
      .contractChangeOrders(contract)
      .map((changeOrder) => changeOrderRef(world, changeOrder)),
    change_order_requests: [],
    created_by_id: contract.created_by_id,
    invoice_contacts: [],
    line_items: world.contractLines(contract).map((line) => lineView(world, contract, line)),
    payments_issued: world.contractPayments(contract.id).map(paymentIssued),
    potential_change_orders: [],
    vendor: vendor
      ? { id: vendor.id, company: vendor.name, origin_data: vendor.origin_data, origin_id: vendor.origin_id }
      : null,
  };
}

function paymentIssued(payment: ContractPayment): View {
  const given = (name: string): unknown => payment.details[name] ?? null;
  return {
    id: payment.id,
    amount: moneyText(payment.amount),
    check_number: given('check_number'),
    created_at: isoSeconds(payment.created_at),
    date: given('date'),
    draw_request_number: given('draw_request_number'),
    invoice_number: given('invoice_number'),
    notes: given('notes'),
    payment_number: payment.payment_number,
    attachments: [],
    origin_id: payment.origin_id,
    origin_data: payment.origin_data,
  };
}

/** What a line hangs on, with the name that the API gives to its kind. */
type LineHolder = Pick<Contract, 'id' | 'company_id' | 'project_id'> & { kind: keyof typeof HOLDER };
const HOLDER = {
  work_order_contract: 'WorkOrderContract',
  purchase_order_contract: 'PurchaseOrderContract',
  prime_contract: 'PrimeContract',
  commitment_change_order: 'ChangeOrderPackage',
  prime_change_order: 'ChangeOrderPackage',
} as const;

/** One schedule-of-values line. */
export function lineView(world: World, contract: LineHolder, line: Line): View {
  const code = line.cost_code_id === null ? undefined : world.costCodes.get(line.cost_code_id);
  const type = line.line_item_type_id === null ? undefined : world.lineItemTypes.get(line.line_item_type_id);
  return {
    id: line.id,
    amount: moneyText(line.amount),
    company: { id: contract.company_id, name: world.companies.get(contract.company_id)?.name ?? '' },
    cost_code: code ? { ...costCodeView(world, code), standard_cost_code_list_id: null } : null,
    wbs_code: line.wbs_code_id === null ? null : wbsRefById(world, line.wbs_code_id),
    line_item_type: type ? lineItemTypeView(type) : null,
    description: line.description,
    extended_type: line.extended_type,
    holder: { id: contract.id, holder_type: HOLDER[contract.kind] },
    origin_id: line.origin_id,
    origin_data: line.origin_data,
    position: line.position,
    project: projectRef(world, contract.project_id),
    quantity: decimalText(line.quantity, QUANTITY_SCALE),
    unit_cost: decimalText(line.unit_cost, QUANTITY_SCALE),
    uom: line.uom,
    extended_amount: moneyText(line.amount),
    total_amount: moneyText(line.amount),
    tax_code_id: line.tax_code_id,
    change_event_line_item: null,
    currency_configuration: currency(world, contract.company_id),
    created_at: isoSeconds(line.created_at),
    updated_at: isoSeconds(line.updated_at),
  };
}

/** Codes of a sub job name that one as their biller. */
export function costCodeView(world: World, code: CostCode): View {
  const subJob = code.sub_job_id === null ? undefined : world.subJobs.get(code.sub_job_id);
  const biller = subJob ?? world.projects.get(code.project_id);
  return {
    id: code.id,
    name: code.name,
    code: code.code,
    full_code: code.full_code,
    sortable_code: code.full_code,
    origin_id: code.origin_id,
    origin_data: code.origin_data,
    standard_cost_code_id: code.standard_cost_code_id,
    biller: biller?.name ?? '',
    biller_id: code.sub_job_id ?? code.project_id,
    biller_type: subJob ? 'SubJob' : 'Project',
    biller_origin_id: biller?.origin_id ?? null,
    budgeted: false,
    parent: { id: code.parent_id },
    position: null,
    created_at: isoSeconds(code.created_at),
    updated_at: isoSeconds(code.updated_at),
    deleted_at: code.deleted_at === null ? null : isoSeconds(code.deleted_at),
    line_item_types: code.line_item_type_ids.flatMap((id) => {
      const type = world.lineItemTypes.get(id);
      return type ? [lineItemTypeView(type)] : [];
    }),
  };
}

export function lineItemTypeView(type: LineItemType): View {
  const { id, name, code, base_type, origin_id, origin_data } = type;
  return { id, name, code, base_type, origin_id, origin_data };
}

/** A change order package as it hangs on its contract. */
export function changeOrderRef(world: World, changeOrder: ChangeOrder): View {
  return {
    id: changeOrder.id,
    contract_id: changeOrder.contract_id,
    number: changeOrder.number,
    title: changeOrder.title,
    status: changeOrder.status,
    created_at: isoSeconds(changeOrder.created_at),
    updated_at: isoSeconds(changeOrder.updated_at),
    deleted_at: null,
    due_date: null,
    invoiced_date: null,
    paid_date: null,
    reviewed_at: changeOrder.reviewed_at === null ? null : isoSeconds(changeOrder.reviewed_at),
    ...originView(changeOrder),
    currency_configuration: currency(world, changeOrder.company_id),
  };
}

export function originView(origin: Origin): Pick<Origin, 'origin_id' | 'origin_data'> {
  return { origin_id: origin.origin_id, origin_data: origin.origin_data };
}

export function currency(world: World, companyId: number): View {
  return { currency_iso_code: world.companies.get(companyId)?.currency ?? null };
}

/** Sum of the lines, and what approved, pending and draft change orders make of it. */
export function amounts(world: World, contract: Contract): Record<string, string> {
  let lines = 0n;
  for (const line of world.contractLines(contract)) lines += line.amount;
  let approved = 0n;
  let pending = 0n;
  let draft = 0n;
  for (const changeOrder of world.contractChangeOrders(contract)) {
    if (changeOrder.status === 'approved') approved += changeOrder.grand_total;
    else if (changeOrder.status === 'draft') draft += changeOrder.grand_total;
    else if (PENDING.has(changeOrder.status)) pending += changeOrder.grand_total;
  }
  let paid = 0n;
  for (const payment of world.contractPayments(contract.id)) paid += payment.amount;
  const last = world.contractRequisitions(contract.id).at(-1);
  const invoiced = last ? certificateOf(world, last).earnedLessRetainage : 0n;
  return {
    grand_total: moneyText(lines),
    approved_change_orders: moneyText(approved),
    pending_change_orders: moneyText(pending),
    draft_change_orders_amount: moneyText(draft),
    revised_contract: moneyText(lines + approved),
    pending_revised_contract: moneyText(lines + approved + pending),
    remaining_balance_outstanding: moneyText(lines + approved - paid),
    percentage_paid: decimalText(lines + approved === 0n ? 0n : (paid * 10_000n) / (lines + approved), 2),
    total_draw_requests_amount: '0.0',
    total_payments: moneyText(paid),
    total_requisitions_amount: moneyText(invoiced),
  };
}

function projectRef(world: World, projectId: number): View {
  return { id: projectId, name: world.projects.get(projectId)?.name ?? '' };
}
