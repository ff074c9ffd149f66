import type { TaxCodeRecord } from '../../../domain/masters/job-cost-masters.ts';
import type { CalendarDate } from '../../../domain/values/calendar-date.ts';
import { formatDecimal, parseDecimal } from '../../../domain/values/decimal.ts';
import type { SalesTaxCodeEntity, VatGroupEntity } from '../service-layer/wire.ts';

/** A tax of the Americas: one rate, whenever it is used. */
export function taxCodeRecord({ Code, Name, Rate, Inactive }: SalesTaxCodeEntity): TaxCodeRecord {
  return taxRecord(Code, Name, Rate, Inactive !== 'tYES');
}

/** A tax of elsewhere: the rate is that of the day. One whose first rate is yet to come is not in use. */
export function vatGroupRecord(
  { Code, Name, Inactive, VatGroups_Lines: lines }: VatGroupEntity,
  today: CalendarDate,
): TaxCodeRecord {
  const begun = lines
    .map((line) => ({ from: line.Effectivefrom.slice(0, 10), rate: line.Rate }))
    .filter(({ from }) => from <= today)
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  const rate = begun.at(-1)?.rate ?? null;
  return taxRecord(Code, Name, rate, Inactive !== 'tYES' && rate !== null);
}

function taxRecord(code: string, name: string, rate: string | null, active: boolean): TaxCodeRecord {
  return {
    object: 'tax-code',
    id: code,
    name: name.trim() === '' ? code : name.trim(),
    rate: rate === null ? '0' : formatDecimal(parseDecimal(rate)),
    active,
  };
}
