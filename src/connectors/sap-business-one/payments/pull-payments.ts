import { z } from 'zod';
import { Stop } from '../../../domain/posting/outcomes.ts';
import type { Read } from '../../../domain/posting/writes.ts';
import type { CanonicalRecord } from '../../../domain/records.ts';
import type { PullPage } from '../../connector.ts';
import type { PaymentSetting } from '../config.ts';
import { REFERENCE_FIELD } from '../orders/order-form.ts';
import { keyOf, type Query, readPage } from '../service-layer/odata.ts';
import { findUserField, PAYMENT_FIELD } from '../service-layer/user-fields.ts';
import { SYSTEM } from '../service-layer/vendor-error.ts';
import { PAYMENT_FIELDS, type PaymentEntity, readPayment } from '../service-layer/wire.ts';
import { paymentRecord, receiptRecord } from './payments.ts';

/**
 * Payments tell no change date. A cycle reads what was booked since the highest key of the last one, then every
 * cancelled payment: those are few, and their keys may be of any age. An empty page ends it.
 */
const cursorSchema = z.strictObject({
  part: z.enum(['booked', 'cancelled']),
  after: z
    .string()
    .regex(/^\d{1,10}$/)
    .nullable(),
  high: z.string().regex(/^\d{1,10}$/),
});
type Cursor = z.infer<typeof cursorSchema>;

const START: Cursor = { part: 'booked', after: null, high: '0' };
// A payment that was being booked while a later one was read already has the lower key of the two.
const READ_AGAIN = 20;

/** Payments to vendors and those of customers are one form in two sets. */
type Side = { readonly query: Query; readonly record: (entity: PaymentEntity) => CanonicalRecord };

const KEY = { select: PAYMENT_FIELDS, key: { name: 'DocEntry', kind: 'number' } } as const;
const TO_VENDORS: Side = {
  query: { set: 'VendorPayments', filter: "DocType eq 'rSupplier'", ...KEY },
  record: paymentRecord,
};
const FROM_CUSTOMERS: Side = {
  query: { set: 'IncomingPayments', filter: "DocType eq 'rCustomer'", ...KEY },
  record: receiptRecord,
};

export function pullPayments(
  read: Read,
  text: string | null,
  select: readonly string[] = PAYMENT_FIELDS,
): Promise<PullPage> {
  return pullSide(read, { ...TO_VENDORS, query: { ...TO_VENDORS.query, select } }, text);
}

/** A field that a company does not have cannot be asked for: it is looked for until it is there. */
export function paymentFields(
  read: Read,
  { payments = 'off' }: PaymentSetting,
): () => Promise<readonly string[]> {
  let own = false;
  return async () => {
    if (payments !== 'off' && !own) own = (await findUserField(read, PAYMENT_FIELD)) !== null;
    return own ? [...PAYMENT_FIELDS, REFERENCE_FIELD] : PAYMENT_FIELDS;
  };
}

export function pullReceipts(read: Read, text: string | null): Promise<PullPage> {
  return pullSide(read, FROM_CUSTOMERS, text);
}

async function pullSide(read: Read, side: Side, text: string | null): Promise<PullPage> {
  const cursor = cursorOf(text);
  if (cursor.part === 'cancelled') return cancelledPage(read, side, cursor);
  const { rows, last } = await readPage(read, after(side.query, cursor));
  const newest = rows.at(-1);
  if (newest === undefined) return cancelledPage(read, side, { ...cursor, part: 'cancelled', after: null });
  const high = keyOf(newest, side.query);
  const next: Cursor = last
    ? { part: 'cancelled', after: null, high }
    : { part: 'booked', after: high, high };
  return pageOf(rows, side, next);
}

async function cancelledPage(read: Read, side: Side, cursor: Cursor): Promise<PullPage> {
  const query = { ...side.query, filter: `${side.query.filter} and Cancelled eq 'tYES'` };
  const { rows } = await readPage(read, after(query, cursor));
  const newest = rows.at(-1);
  if (newest !== undefined) return pageOf(rows, side, { ...cursor, after: keyOf(newest, query) });
  const from = Math.max(Number(cursor.high) - READ_AGAIN, 0);
  return pageOf([], side, { part: 'booked', after: String(from), high: cursor.high });
}

function after(query: Query, cursor: Cursor): Query {
  return cursor.after === null ? query : { ...query, after: cursor.after };
}

function pageOf(
  rows: Awaited<ReturnType<typeof readPage>>['rows'],
  { record }: Side,
  cursor: Cursor,
): PullPage {
  const records = rows.map(({ fields, raw }) => ({ record: record(readPayment(fields)), raw }));
  return { records, cursor: JSON.stringify(cursor) };
}

function cursorOf(text: string | null): Cursor {
  if (text === null) return START;
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Stop('bug', SYSTEM, 'a stored cursor cannot be read', { cause: error });
  }
}
