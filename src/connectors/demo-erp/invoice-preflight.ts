import type { ApInvoiceBody, OpenOrderLine } from '../../domain/documents.ts';
import type { FieldError } from '../../domain/posting/outcomes.ts';
import { formatMoney, parseMoney, subtract, sum } from '../../domain/values/money.ts';

/** What Ledgerline would refuse of an invoice that its widths say nothing of. */
export function invoiceErrors(
  body: ApInvoiceBody,
  orderLines: readonly OpenOrderLine[] | undefined,
): FieldError[] {
  return [...retainageErrors(body), ...(orderLines === undefined ? [] : drawErrors(body, orderLines))];
}

/** One amount by invoice; an invoice of work only withholds, a release only pays out. */
function retainageErrors({ purpose, retainage, currency }: ApInvoiceBody): FieldError[] {
  const isWork = purpose === 'progress';
  const [first, ...more] = retainage.map(({ amount }) => parseMoney(amount, currency).minor);
  const fits = first === undefined ? isWork : isWork ? first < 0n : first > 0n;
  if (fits && more.length === 0) return [];
  const message = isWork
    ? 'Ledgerline takes one amount of retainage by invoice, and pays out by a release only.'
    : 'Ledgerline pays retainage out by one amount, above zero.';
  return [{ field: 'retainage', message, code: 'retainage' }];
}

/** Several lines may draw from one line of the order: none may go beyond it, nor against it. */
function drawErrors(body: ApInvoiceBody, orderLines: readonly OpenOrderLine[]): FieldError[] {
  const inCurrency = (text: string) => parseMoney(text, body.currency);
  const open = new Map(
    orderLines.filter(({ closed }) => !closed).map(({ key, open }) => [key, inCurrency(open)]),
  );
  return body.lines.flatMap(({ key, description, orderLine, amount: billed, received = [] }) => {
    // What is billed by deliveries was taken from what is open on them.
    const drawnThere = received.map((draw) => inCurrency(draw.amount));
    const onOrder = subtract(inCurrency(billed), sum(drawnThere, body.currency));
    if (received.length > 0 && onOrder.minor === 0n) return [];
    const amount = formatMoney(onOrder);
    const left = open.get(orderLine);
    const refused = (code: string, words: string) => [
      { field: `lines[${key}].amount`, message: `${description}: ${words}`, code },
    ];
    if (left === undefined) return refused('closed', 'its order line is not open in Ledgerline.');
    const [drawn, rest] = [inCurrency(amount), subtract(left, inCurrency(amount))];
    open.set(orderLine, rest);
    if (drawn.minor > 0n ? rest.minor >= 0n : drawn.minor < 0n && rest.minor <= 0n) return [];
    return refused('over-open', `${amount} is billed, and ${formatMoney(left)} of its order line is open.`);
  });
}
