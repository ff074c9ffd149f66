import { z } from 'zod';
import { Stop } from '../../domain/outcomes.ts';
import type { Read } from '../../domain/writes.ts';
import type { PullPage } from '../connector.ts';
import { keyOf, type Query, readPage } from './odata.ts';
import { paymentRecord } from './payments.ts';
import { SYSTEM } from './vendor-error.ts';
import { PAYMENT_FIELDS, readPayment } from './wire.ts';

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

const TO_VENDORS = "DocType eq 'rSupplier'";
const QUERY: Query = {
  set: 'VendorPayments',
  filter: TO_VENDORS,
  select: PAYMENT_FIELDS,
  key: { name: 'DocEntry', kind: 'number' },
};

export async function pullPayments(read: Read, text: string | null): Promise<PullPage> {
  const cursor = cursorOf(text);
  if (cursor.part === 'cancelled') return cancelledPage(read, cursor);
  const { rows, last } = await readPage(read, after(QUERY, cursor));
  const newest = rows.at(-1);
  if (newest === undefined) return cancelledPage(read, { ...cursor, part: 'cancelled', after: null });
  const high = keyOf(newest, QUERY);
  const next: Cursor = last
    ? { part: 'cancelled', after: null, high }
    : { part: 'booked', after: high, high };
  return pageOf(rows, next);
}

async function cancelledPage(read: Read, cursor: Cursor): Promise<PullPage> {
  const query = { ...QUERY, filter: `${TO_VENDORS} and Cancelled eq 'tYES'` };
  const { rows } = await readPage(read, after(query, cursor));
  const newest = rows.at(-1);
  if (newest !== undefined) return pageOf(rows, { ...cursor, after: keyOf(newest, QUERY) });
  const from = Math.max(Number(cursor.high) - READ_AGAIN, 0);
  return pageOf([], { part: 'booked', after: String(from), high: cursor.high });
}

function after(query: Query, cursor: Cursor): Query {
  return cursor.after === null ? query : { ...query, after: cursor.after };
}

function pageOf(rows: Awaited<ReturnType<typeof readPage>>['rows'], cursor: Cursor): PullPage {
  const records = rows.map(({ fields, raw }) => ({ record: paymentRecord(readPayment(fields)), raw }));
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
