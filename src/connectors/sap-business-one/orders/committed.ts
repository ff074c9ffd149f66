import type { Read } from '../../../domain/posting/writes.ts';
import {
  type Decimal,
  fitsScale,
  formatDecimal,
  parseDecimal,
  rescale,
} from '../../../domain/values/decimal.ts';
import { exponentOf } from '../../../domain/values/money.ts';
import type { CommittedDocument } from '../../connector.ts';
import { quoted } from '../service-layer/odata.ts';
import type { OrderEntity } from '../service-layer/wire.ts';
import { plainAmount } from './order-form.ts';
import { ordersWhere } from './order-probe.ts';

/** Committed cost of a project: orders that are not cancelled, and drafts that wait for approval. */
export async function* committedIn(read: Read, projectCode: string): AsyncIterable<CommittedDocument> {
  const filter = `Project eq ${quoted(projectCode)} and Cancelled eq 'tNO'`;
  for await (const { entity, match } of ordersWhere(read, filter)) {
    // A draft that nobody sent for approval is a note, and a refused one binds nobody.
    if (match.state !== 'posted' && match.state !== 'pending') continue;
    yield {
      id: match.id,
      number: entity.DocNum ?? entity.DocEntry,
      reference: entity.U_TiebeamRef === '' ? null : entity.U_TiebeamRef,
      projectCode: entity.Project,
      vendorCode: entity.CardCode,
      currency: entity.DocCurrency,
      amount: beforeTax(entity),
      ...(isForeign(entity) && entity.DocRate !== null ? { rate: plainAmount(entity.DocRate) } : {}),
      state: match.state,
    };
  }
}

/** Total less tax in the document's currency; the fields ending in Fc are filled only for foreign ones. */
export function beforeTax(entity: OrderEntity): string {
  const foreign = isForeign(entity);
  const total = parseDecimal((foreign ? entity.DocTotalFc : entity.DocTotal) ?? '0');
  const tax = parseDecimal((foreign ? entity.VatSumFc : entity.VatSum) ?? '0');
  const scale = Math.max(total.scale, tax.scale);
  const units =
    total.units * 10n ** BigInt(scale - total.scale) - tax.units * 10n ** BigInt(scale - tax.scale);
  return amountText({ units, scale }, entity.DocCurrency);
}

function isForeign({ DocTotalFc }: OrderEntity): boolean {
  return plainAmount(DocTotalFc ?? '0') !== '0';
}

/** With the decimals of the currency; an amount that has more keeps them, so that nothing is rounded in silence. */
export function amountText(amount: Decimal, currency: string): string {
  const scale = exponentOf(currency);
  return fitsScale(amount, scale)
    ? formatDecimal({ units: rescale(amount, scale, 'down'), scale })
    : formatDecimal(amount);
}
