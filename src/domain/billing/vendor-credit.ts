import type { DirectInvoiceBody } from '../documents.ts';
import { parseDecimal } from '../values/decimal.ts';
import { formatMoney, negate, parseMoney } from '../values/money.ts';

/** Whether a direct cost is what a vendor gives back: as a whole it is below zero. */
export function isVendorCredit({ total }: { readonly total: string }): boolean {
  return parseDecimal(total).units < 0n;
}

/** As a credit memo says it. A document keeps the signs of its source; an ERP takes what comes back as above zero. */
export function givenBack(body: DirectInvoiceBody): DirectInvoiceBody {
  const turned = (amount: string) => formatMoney(negate(parseMoney(amount, body.currency)));
  const lines = body.lines.map((line) => ({ ...line, amount: turned(line.amount) }));
  return { ...body, lines, total: turned(body.total) };
}
