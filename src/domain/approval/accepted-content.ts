import type { CodeRef, DecimalText } from '../records.ts';
import { contentHash } from '../values/canonical.ts';
import { formatDecimal, parseDecimal } from '../values/decimal.ts';

// What an approver accepts, as one hash: made of the request that carries it, and again of the record that is posted.

type OrderedLine = {
  readonly id: string;
  readonly amount: DecimalText;
  readonly costCode: Pick<CodeRef, 'code'> | null;
  readonly costType: Pick<CodeRef, 'code'> | null;
};

/** Of an order or a change of it: its vendor, its currency, and what each line costs and is coded to. */
export function acceptedOrder(
  vendorId: string | null,
  currency: string,
  lines: readonly OrderedLine[],
): string {
  const rows = lines.map(({ id, amount, costCode, costType }) => {
    return [id, plain(amount), costCode?.code ?? '', costType?.code ?? ''];
  });
  return contentOf({ vendorId, currency }, rows);
}

/** What one line of an application moves: gross, and of retainage what is kept, paid out, and held on materials. */
export type AcceptedBilling = {
  readonly id: string;
  readonly gross: DecimalText;
  readonly retained: DecimalText;
  readonly released: DecimalText;
  readonly heldOnStored: DecimalText;
  readonly heldOnStoredBefore: DecimalText;
};

type BilledContract = Readonly<Record<'contractId' | 'invoiceNumber' | 'billingDate', string | null>>;

/** Of a pay application: whose contract it bills, under which number, and what each line moves. */
export function acceptedBilling(
  { contractId, invoiceNumber, billingDate }: BilledContract,
  currency: string,
  lines: readonly AcceptedBilling[],
): string {
  const rows = lines.map(({ id, gross, retained, released, heldOnStored, heldOnStoredBefore }) => {
    return [id, ...[gross, retained, released, heldOnStored, heldOnStoredBefore].map(plain)];
  });
  // Lines that move nothing are listed by one side and left out by the other.
  return contentOf(
    { contractId, invoiceNumber, billingDate, currency },
    rows.filter(([, ...amounts]) => amounts.some((amount) => amount !== '0')),
  );
}

/** Of a bill: its vendor and number, and what each line costs which project. Its codes come with the request alone. */
export function acceptedBill(
  { vendorId, invoiceNumber }: Readonly<Record<'vendorId' | 'invoiceNumber', string | null>>,
  currency: string,
  lines: readonly { readonly id: string; readonly amount: DecimalText; readonly projectId: string }[],
): string {
  const rows = lines.map(({ id, amount, projectId }) => [id, plain(amount), projectId]);
  return contentOf({ vendorId, invoiceNumber, currency }, rows);
}

function contentOf(
  of: Readonly<Record<string, string | null>>,
  rows: readonly (readonly string[])[],
): string {
  return contentHash({ ...of, rows: rows.toSorted((a, b) => (a.join() < b.join() ? -1 : 1)) });
}

/** One amount is printed with more noughts or fewer. */
function plain(amount: DecimalText): string {
  const text = formatDecimal(parseDecimal(amount));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
