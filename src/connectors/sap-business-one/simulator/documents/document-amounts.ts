import type { SimState } from '../company/state.ts';
import {
  compare,
  Decimal,
  dividedBy,
  HUNDRED,
  minus,
  ONE,
  plus,
  rounded,
  times,
  ZERO,
} from '../odata/decimal.ts';
import { businessError } from '../odata/errors.ts';
import { amount, decimal, INVOICED, type Row, rows, text } from './rows.ts';
import { taxRateOf } from './taxes.ts';

interface Places {
  totals: number;
  prices: number;
}

function placesOf(state: SimState): Places {
  return { totals: state.company?.totalsPlaces ?? 2, prices: state.company?.pricePlaces ?? 6 };
}

function isForeign(state: SimState, order: Row): boolean {
  return text(order, 'DocCurrency') !== state.company?.currency;
}

/** The header's rate; a foreign document without one is refused, since no rate table is simulated. */
export function applyRate(state: SimState, order: Row): void {
  if (!isForeign(state, order)) {
    order.DocRate = ONE;
    return;
  }
  const rate = decimal(order, 'DocRate');
  if (rate === null || compare(rate, ZERO) <= 0)
    throw businessError('Update the exchange rate  [OPOR.DocRate]');
}

/** Sets a line's amounts from what this request sent of them. */
export function applyLineAmounts(state: SimState, order: Row, line: Row, sent: Row): void {
  const places = placesOf(state);
  const totalField = isForeign(state, order) ? 'RowTotalFC' : 'LineTotal';
  const otherField = totalField === 'LineTotal' ? 'RowTotalFC' : 'LineTotal';
  if (decimal(sent, otherField) !== null) {
    throw businessError(`'${otherField}' does not belong to the currency of the document`);
  }
  const sentTotal = decimal(sent, totalField);
  const byPrice = pricedTotal(order, line, sent, places);
  if (sentTotal !== null && byPrice !== null && !equal(rounded(sentTotal, places.totals), byPrice)) {
    throw businessError(`'${totalField}' disagrees with price and quantity`);
  }
  const total = rounded(sentTotal ?? byPrice ?? amount(line, totalField), places.totals);
  line[totalField] = total;
  if (sentTotal !== null && byPrice === null) spreadTotal(order, line, total, places);
  line.LineTotal = isForeign(state, order)
    ? rounded(times(total, amount(order, 'DocRate')), places.totals)
    : total;
  if (!isForeign(state, order)) line.RowTotalFC = ZERO;
  line.Currency = text(order, 'DocCurrency');
}

function pricedTotal(order: Row, line: Row, sent: Row, places: Places): Decimal | null {
  const unitPrice = decimal(sent, 'UnitPrice') ?? decimal(sent, 'Price');
  const isItem = order.DocType !== 'dDocument_Service';
  const touched = unitPrice !== null || (isItem && (has(sent, 'Quantity') || has(sent, 'DiscountPercent')));
  const known = unitPrice ?? decimal(line, 'UnitPrice');
  if (!touched || known === null) return null;
  const kept = minus(HUNDRED, amount(line, 'DiscountPercent'));
  const price = rounded(times(times(known, kept), new Decimal(1n, 2)), places.prices);
  line.UnitPrice = rounded(known, places.prices);
  line.Price = price;
  return rounded(times(price, quantityOf(order, line)), places.totals);
}

function spreadTotal(order: Row, line: Row, total: Decimal, places: Places): void {
  line.Price = dividedBy(total, quantityOf(order, line), places.prices);
  line.UnitPrice = line.Price;
  line.DiscountPercent = ZERO;
}

function quantityOf(order: Row, line: Row): Decimal {
  return order.DocType === 'dDocument_Service' ? ONE : (decimal(line, 'Quantity') ?? ONE);
}

function has(row: Row, field: string): boolean {
  return decimal(row, field) !== null;
}

/** Recomputes what follows from the lines: tax, totals and what is still open. */
export function applyTotals(state: SimState, order: Row): void {
  const places = placesOf(state);
  const discount = amount(order, 'DiscountPercent');
  let net = ZERO;
  let netFc = ZERO;
  let tax = ZERO;
  for (const line of rows(order, 'DocumentLines')) {
    const kept = times(minus(HUNDRED, discount), new Decimal(1n, 2));
    line.TaxTotal = rounded(
      percent(times(amount(line, 'LineTotal'), kept), taxRate(state, line)),
      places.totals,
    );
    line.OpenAmount = line.LineStatus === 'bost_Open' ? openOf(line) : ZERO;
    net = plus(net, amount(line, 'LineTotal'));
    netFc = plus(netFc, amount(line, 'RowTotalFC'));
    tax = plus(tax, line.TaxTotal);
  }
  order.TotalDiscount = rounded(percent(net, discount), places.totals);
  order.VatSum = tax;
  order.DocTotal = plus(minus(net, order.TotalDiscount), tax);
  order.DocTotalFc = isForeign(state, order)
    ? minus(netFc, rounded(percent(netFc, discount), places.totals))
    : ZERO;
  order.DocTotalSys = order.DocTotal;
  if (compare(order.DocTotal, ZERO) < 0) throw businessError('Document total may not be negative');
}

/** What of a line has not been invoiced yet. */
export function openOf(line: Row): Decimal {
  return minus(amount(line, 'LineTotal'), amount(line, INVOICED));
}

function taxRate(state: SimState, line: Row): Decimal {
  const code = text(line, 'TaxCode') ?? text(line, 'VatGroup');
  return code === null ? ZERO : taxRateOf(state, code);
}

function percent(value: Decimal, rate: Decimal): Decimal {
  return times(times(value, rate), new Decimal(1n, 2));
}

function equal(a: Decimal, b: Decimal): boolean {
  return compare(a, b) === 0;
}
