import {
  type AcceptedBilling,
  acceptedBill,
  acceptedBilling,
  acceptedOrder,
} from '../../domain/approval/accepted-content.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import { asTree, textOf } from '../http/errors.ts';
import type { ErpEvent } from './erp-events.ts';

type Tree = { readonly [key: string]: JsonValue };
type Seen = { readonly row: Tree; readonly tree: Tree; readonly currency: string };

/** What the approver saw of each kind of record; nothing is said of a payload that does not carry all of it. */
const SEEN: Readonly<Record<string, (seen: Seen) => string | null>> = {
  commitment: ({ row, tree, currency }) =>
    orderOf(textOf(asTree(row.vendor)?.id), tree.commitment_items, currency),
  'change-order': ({ tree, currency }) => orderOf(null, tree.change_order_items, currency),
  'sub-invoice': applicationOf,
  'company-direct-cost': billOf,
};

/** What was accepted by an export, and who entered it as far as the request itself says that. */
export function acceptedIn(
  { act, object }: ErpEvent,
  row: Tree,
  tree: Tree,
  usualCurrency: string,
): { readonly content?: string; readonly enteredBy?: string } {
  const read = act === 'export' ? SEEN[object] : undefined;
  if (read === undefined) return {};
  const enteredBy = object === 'company-direct-cost' ? personIn(row.uploaded_by) : null;
  return {
    ...contentIn(read, { row, tree, currency: currencyIn(row, tree) ?? usualCurrency }),
    ...(enteredBy && { enteredBy }),
  };
}

function contentIn(read: (seen: Seen) => string | null, seen: Seen): { readonly content?: string } {
  try {
    const content = read(seen);
    return content === null ? {} : { content };
  } catch {
    // An amount that is none: whatever was accepted, it was not this.
    return {};
  }
}

/** A change order states none itself: it is in that of its commitment, which stands beside it. */
function currencyIn(row: Tree, tree: Tree): string | null {
  const stated =
    asTree(row.currency_configuration) ?? asTree(asTree(tree.commitment)?.currency_configuration);
  const code = textOf(stated?.currency_iso_code) ?? textOf(stated?.base_currency_iso_code);
  return code !== null && /^[A-Z]{3}$/.test(code) ? code : null;
}

function orderOf(vendorId: string | null, listed: JsonValue | undefined, currency: string): string | null {
  if (!Array.isArray(listed)) return null;
  const lines = rowsOf(listed).map((line) => {
    const code = asTree(line.cost_code);
    return {
      id: textOf(line.id) ?? '',
      amount: textOf(line.amount) ?? '',
      costCode: { code: textOf(code?.full_code) ?? textOf(code?.code) ?? '' },
      costType: { code: textOf(asTree(line.line_item_type)?.code) ?? '' },
    };
  });
  return acceptedOrder(vendorId, currency, lines);
}

/** That `amount` is what an item bills in its period is inferred: where it is anything else, nobody accepted it. */
function applicationOf({ row, currency }: Seen): string | null {
  if (!Array.isArray(row.line_items)) return null;
  const lines = rowsOf(row.line_items).map(
    (item): AcceptedBilling => ({
      id: textOf(item.procore_requisition_item_id) ?? '',
      gross: textOf(item.amount) ?? '',
      retained: textOf(item.retainage_work_completed_this_period) ?? '',
      released: textOf(item.released_work_completed_this_period) ?? '',
      heldOnStored: textOf(item.retainage_materials_presently_stored) ?? '',
      heldOnStoredBefore: textOf(item.retainage_materials_previously_stored) ?? '',
    }),
  );
  const of = {
    contractId: textOf(row.contract_id),
    invoiceNumber: textOf(row.invoice_number),
    billingDate: textOf(row.billing_date),
  };
  return acceptedBilling(of, currency, lines);
}

function billOf({ row, currency }: Seen): string | null {
  if (!Array.isArray(row.line_items)) return null;
  const lines = rowsOf(row.line_items).map((line) => ({
    id: textOf(line.id) ?? '',
    amount: textOf(line.total_amount) ?? '',
    projectId: textOf(asTree(line.project)?.id) ?? '',
  }));
  const of = { vendorId: textOf(asTree(row.vendor)?.id), invoiceNumber: textOf(row.invoice_number) };
  return acceptedBill(of, currency, lines);
}

/** No page says what a person looks like here: an id, or something that bears one. */
function personIn(value: JsonValue | undefined): string | null {
  const id = textOf(asTree(value)?.id) ?? textOf(value);
  return id !== null && /^\d{1,20}$/.test(id) ? id : null;
}

function rowsOf(values: readonly JsonValue[]): Tree[] {
  return values.map((value) => asTree(value) ?? {});
}
