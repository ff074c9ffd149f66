import type { SimState } from '../company/state.ts';
import { actOnOrder, ORDER_ACTIONS } from '../documents/document-actions.ts';
import type { Row } from '../documents/rows.ts';
import { actOnInvoice, INVOICE_ACTIONS } from '../invoices/invoice-actions.ts';
import { cancelPayment, PAYMENT_ACTIONS } from '../payments/payments.ts';

/** Does what was asked to one record; a row that comes back is a record that it made. */
type SetAction = (state: SimState, row: Row) => Row | null;

/** The bound actions of an entity set, by their names. */
export function actionsOf(set: string): ReadonlyMap<string, SetAction> {
  return ACTIONS.get(set) ?? new Map();
}

const ACTIONS: ReadonlyMap<string, ReadonlyMap<string, SetAction>> = new Map([
  ...['PurchaseRequests', 'PurchaseOrders'].map(
    (set) =>
      [
        set,
        bound(ORDER_ACTIONS, (state, row, name) => {
          actOnOrder(state, row, name);
          return null;
        }),
      ] as const,
  ),
  ['PurchaseInvoices', bound(INVOICE_ACTIONS, actOnInvoice)],
  ...['VendorPayments', 'IncomingPayments'].map(
    (set) =>
      [
        set,
        bound(PAYMENT_ACTIONS, (state, row) => {
          cancelPayment(state, row);
          return null;
        }),
      ] as const,
  ),
]);

function bound<Name extends string>(
  names: readonly Name[],
  act: (state: SimState, row: Row, name: Name) => Row | null,
): ReadonlyMap<string, SetAction> {
  return new Map(names.map((name) => [name, (state, row) => act(state, row, name)]));
}
