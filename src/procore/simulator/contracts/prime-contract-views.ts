import { paymentView } from '../billing/payment-store.ts';
import { vendorView } from '../directory/directory-views.ts';
import { decimalText, MONEY_SCALE, moneyText } from '../http/decimals.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Line } from '../records.ts';
import type { World } from '../state.ts';
import { changeOrderRef, currency, lineView } from './contract-views.ts';
import { type PrimeContract, primeAmounts } from './prime-contract-store.ts';

type View = Record<string, unknown>;

const DATES = [
  'actual_completion_date',
  'approval_letter_date',
  'contract_date',
  'contract_estimated_completion_date',
  'contract_start_date',
  'contract_termination_date',
  'execution_date',
  'issued_on_date',
  'letter_of_intent_date',
  'returned_date',
  'signed_contract_received_date',
] as const;

/** The contract with the owner as its list shows it. */
export function primeListView(world: World, contract: PrimeContract): View {
  const { original, approved } = primeAmounts(world, contract);
  const given = (name: string): unknown => contract.details[name] ?? null;
  const vendor = contract.vendor_id === null ? undefined : world.vendors.get(contract.vendor_id);
  const creator = world.users.get(contract.created_by_id ?? -1);
  return {
    id: contract.id,
    accounting_method: contract.accounting_method,
    approved_change_orders: moneyText(approved),
    created_at: isoSeconds(contract.created_at),
    deleted_at: null,
    description: given('description'),
    executed: contract.executed,
    exclusions: given('exclusions'),
    grand_total: moneyText(original),
    inclusions: given('inclusions'),
    number: contract.number,
    origin_code: contract.origin_code,
    origin_data: contract.origin_data,
    origin_id: contract.origin_id,
    private: contract.details.private === true,
    retainage_percent: decimalText(contract.retainage, MONEY_SCALE),
    show_line_items_to_non_admins: false,
    status: contract.status,
    title: contract.title,
    updated_at: isoSeconds(contract.updated_at),
    architect: null,
    attachments: [],
    contractor: null,
    created_by: creator ? { id: creator.id, login: creator.login, name: creator.name } : null,
    vendor: vendor ? primeVendor(vendorView(vendor)) : null,
    currency_configuration: currency(world, contract.company_id),
    ...Object.fromEntries(DATES.map((name) => [name, given(name)])),
  };
}

/** Fields that the directory's own page has and the vendor within a prime contract has not. */
function primeVendor(view: View): View {
  const { business_id: _1, is_connected: _2, company_vendor: _3, ...shown } = view;
  return shown;
}

/** Its own page adds amounts, lines and change orders, and leaves out the code of the ERP. */
export function primeShowView(world: World, contract: PrimeContract): View {
  const { original, approved, pending, draft } = primeAmounts(world, contract);
  const { origin_code: _code, ...header } = primeListView(world, contract);
  return {
    ...header,
    allow_comments: false,
    allow_markups: true,
    allow_payment_applications: true,
    allow_payments: true,
    draft_change_orders_amount: moneyText(draft),
    line_items_extended_total: moneyText(original),
    line_items_total: moneyText(original),
    pending_change_orders_amount: moneyText(pending),
    pending_revised_contract_amount: moneyText(original + approved + pending),
    revised_contract_amount: moneyText(original + approved),
    type: 'PrimeContract',
    change_order_packages: world
      .contractChangeOrders(contract)
      .map((changeOrder) => changeOrderRef(world, changeOrder)),
    change_order_requests: [],
    line_items: world.contractLines(contract).map((line) => primeLineView(world, contract, line)),
    potential_change_orders: [],
    payments_received: world
      .contractPayments(contract.id)
      .map((payment) => receivedView(paymentView(payment), currency(world, contract.company_id))),
  };
}

/** A payment as the contract shows it: the ids of what it hangs on are left out. */
function receivedView(payment: View, currency_configuration: unknown): View {
  const { id, amount, check_number, created_at, date, draw_request_number, invoice_number, notes } = payment;
  const { payment_number, attachments, origin_id, origin_data } = payment;
  return {
    ...{ id, amount, check_number, created_at, date, draw_request_number, invoice_number, notes },
    ...{ payment_number, attachments, origin_id, origin_data, currency_configuration },
  };
}

/** One line of its schedule; unlike those of commitments, its cost code does not name the ERP's job. */
export function primeLineView(world: World, contract: PrimeContract, line: Line): View {
  const shown = lineView(world, contract, line);
  return { ...shown, cost_code: withoutBillerOrigin(shown.cost_code) };
}

export function withoutBillerOrigin(code: unknown): View | null {
  if (typeof code !== 'object' || code === null) return null;
  const { biller_origin_id: _origin, ...rest } = code as View;
  return rest;
}
