import { formatMoney, negate, parseMoney, sum } from '../../domain/values/money.ts';
import type { NumberedInvoice } from '../connector.ts';
import type { Invoice, SalesInvoice } from './wire.ts';

/** An invoice as its number shows it. Retainage is kept back of work and paid out by a release; a credit memo gives back. */
export function numbered(
  {
    id,
    reference,
    status: state,
    currency,
    lines,
    retainage,
  }: Pick<Invoice | SalesInvoice, 'id' | 'reference' | 'status' | 'currency' | 'retainage'> & {
    readonly lines: readonly { readonly amount: string }[];
  },
  type: Invoice['type'] | SalesInvoice['type'],
): NumberedInvoice {
  const kept = retainage === null ? [] : [parseMoney(retainage.amount, currency)];
  const billed = lines.map(({ amount }) => parseMoney(amount, currency));
  const isRelease = type === 'retainage-release' || type === 'sales-release';
  const payable = sum([...billed, ...(isRelease ? kept : kept.map(negate))], currency);
  const amount = formatMoney(type === 'credit-memo' ? negate(payable) : payable);
  return { id, number: id, reference, state, currency, amount };
}
