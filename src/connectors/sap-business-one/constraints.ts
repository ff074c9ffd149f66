import type { FieldError } from '../../domain/posting/outcomes.ts';
import { fitsScale, parseDecimal } from '../../domain/values/decimal.ts';
import { exponentOf } from '../../domain/values/money.ts';
import type { Constraint } from '../connector.ts';

const COLUMN = 'inferred: width of the column as commonly known; the vendor metadata carries no lengths';
const OWN = 'our own user field, made by prepare-target';
const OBJECT = 'purchase-order';
const INVOICE = 'ap-invoice';

/** What SAP Business One would refuse, as data. */
export const constraints = [
  { object: OBJECT, field: 'number', rule: 'max-length', limit: 100, source: COLUMN },
  { object: OBJECT, field: 'number', rule: 'required', source: 'inferred: people find the order by it' },
  { object: OBJECT, field: 'vendorCode', rule: 'max-length', limit: 15, source: COLUMN },
  { object: OBJECT, field: 'vendorCode', rule: 'required', source: 'field report: -5002 without a partner' },
  { object: OBJECT, field: 'projectCode', rule: 'max-length', limit: 20, source: COLUMN },
  {
    object: OBJECT,
    field: 'projectCode',
    rule: 'required',
    source: 'our rule: the tie-out reads by project',
  },
  { object: OBJECT, field: 'currency', rule: 'max-length', limit: 3, source: COLUMN },
  { object: OBJECT, field: 'sourceUrl', rule: 'max-length', limit: 252, source: COLUMN },
  { object: OBJECT, field: 'reference', rule: 'max-length', limit: 16, source: OWN },
  { object: OBJECT, field: 'revision', rule: 'max-length', limit: 10, source: OWN },
  { object: OBJECT, field: 'lines.description', rule: 'max-length', limit: 100, source: COLUMN },
  {
    object: OBJECT,
    field: 'lines.description',
    rule: 'required',
    source: 'inferred: a row without text is empty',
  },
  { object: OBJECT, field: 'lines.account', rule: 'max-length', limit: 15, source: COLUMN },
  { object: OBJECT, field: 'lines.item', rule: 'max-length', limit: 50, source: COLUMN },
  {
    object: OBJECT,
    field: 'lines.amount',
    rule: 'max-decimals',
    limit: 2,
    source: 'AdminInfo.TotalsAccuracy of most companies; `tiebeam check` reads the real one',
  },
  { object: INVOICE, field: 'invoiceNumber', rule: 'max-length', limit: 100, source: COLUMN },
  {
    object: INVOICE,
    field: 'invoiceNumber',
    rule: 'required',
    source: 'our rule: a vendor’s number names its invoice',
  },
  { object: INVOICE, field: 'vendorCode', rule: 'max-length', limit: 15, source: COLUMN },
  { object: INVOICE, field: 'vendorCode', rule: 'required', source: 'field report: -5002 without a partner' },
  { object: INVOICE, field: 'projectCode', rule: 'max-length', limit: 20, source: COLUMN },
  {
    object: INVOICE,
    field: 'projectCode',
    rule: 'required',
    source: 'our rule: cost is compared by project',
  },
  { object: INVOICE, field: 'currency', rule: 'max-length', limit: 3, source: COLUMN },
  { object: INVOICE, field: 'sourceUrl', rule: 'max-length', limit: 252, source: COLUMN },
  { object: INVOICE, field: 'reference', rule: 'max-length', limit: 16, source: OWN },
  { object: INVOICE, field: 'revision', rule: 'max-length', limit: 10, source: OWN },
  { object: INVOICE, field: 'lines.description', rule: 'max-length', limit: 100, source: COLUMN },
  {
    object: INVOICE,
    field: 'lines.description',
    rule: 'required',
    source: 'inferred: a row without text is empty',
  },
  { object: INVOICE, field: 'lines.account', rule: 'max-length', limit: 15, source: COLUMN },
  {
    object: INVOICE,
    field: 'lines.account',
    rule: 'required',
    source: 'field report: -5002 without an account',
  },
  { object: INVOICE, field: 'lines.item', rule: 'max-length', limit: 50, source: COLUMN },
  { object: INVOICE, field: 'lines.item', rule: 'required', source: 'field report: -5002 without an item' },
] as const satisfies readonly Constraint[];

/** The longest Comments text (column width as commonly known, inferred). The title gives way, never the link. */
export const COMMENTS_CHARS = 254;

// Amounts are IEEE doubles on the wire (1,423 properties, no decimal): 15 digits survive, the 16th may not.
const SAFE_DIGITS = 15;

export type LengthErrors = (field: string, value: string, at: string, name: string) => FieldError[];

/** Checks values of one object against the table; `at` is the path that the message and the field name. */
export function lengthErrorsOf(object: string, table: readonly Constraint[] = constraints): LengthErrors {
  const own = table.filter((rule) => rule.object === object);
  return (field, value, at, name) =>
    own
      .filter((rule) => rule.field === field)
      .flatMap((rule): FieldError[] => {
        if (rule.rule === 'required' && value.trim() === '')
          return [{ field: at, message: `${name} is missing.`, code: 'required' }];
        const { limit = 0 } = rule;
        if (rule.rule !== 'max-length' || value.length <= limit) return [];
        const message = `${name} has ${value.length} characters, SAP Business One stores ${limit}: shorten it at the source.`;
        return [{ field: at, message, code: 'max-length' }];
      });
}

/** Whether an amount survives: every digit of it the double it travels as, and none is below a cent. */
export function amountErrors(amount: string, currency: string, at: string, name: string): FieldError[] {
  if (!fitsScale(parseDecimal(amount), exponentOf(currency))) {
    const message = `${name}: ${amount} has digits below the smallest unit of ${currency}.`;
    return [{ field: at, message, code: 'max-decimals' }];
  }
  const digits = amount.replace(/[^0-9]/g, '').replace(/^0+/, '');
  if (digits.length <= SAFE_DIGITS) return [];
  const message = `${name} has ${digits.length} digits; amounts travel as doubles, which keep ${SAFE_DIGITS}.`;
  return [{ field: at, message, code: 'max-digits' }];
}
