import { z } from 'zod';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Read } from '../../domain/posting/writes.ts';
import type { CanonicalRecord } from '../../domain/records.ts';
import { type CalendarDate, utcDate } from '../../domain/values/calendar-date.ts';
import type { Connection, Pulled, PullPage } from '../connector.ts';
import type { PaymentSetting, TaxSetting } from './config.ts';
import { accountRecord } from './journals/accounts.ts';
import { periodRecord } from './journals/periods.ts';
import { pullJournals } from './journals/pull-journals.ts';
import { customerRecord } from './masters/customers.ts';
import { projectRecord } from './masters/projects.ts';
import { taxCodeRecord, vatGroupRecord } from './masters/tax-codes.ts';
import { vendorRecord } from './masters/vendors.ts';
import { goodsReceiptRecord } from './orders/goods-receipts.ts';
import { paymentFields, pullPayments, pullReceipts } from './payments/pull-payments.ts';
import { readStop } from './service-layer/errors.ts';
import { keyOf, type Query, quoted, readPage } from './service-layer/odata.ts';
import { SYSTEM } from './service-layer/vendor-error.ts';
import {
  ACCOUNT_FIELDS,
  GOODS_RECEIPT_FIELDS,
  PROJECT_FIELDS,
  page,
  type Row,
  readAccount,
  readGoodsReceipt,
  readPeriod,
  readPeriodCategory,
  readProject,
  readTaxCode,
  readVatGroup,
  readVendor,
  TAX_CODE_FIELDS,
  VAT_GROUP_FIELDS,
  VENDOR_FIELDS,
} from './service-layer/wire.ts';

/**
 * Where a reader stands: `since` is the lower bound of this cycle, `after` the last key read, `high` the newest
 * change seen. An empty page ends a cycle; its cursor begins the next one.
 */
const cursorSchema = z.strictObject({
  since: z.string().max(10).nullable(),
  after: z.string().max(100).nullable(),
  high: z.string().max(10).nullable(),
});
type Cursor = z.infer<typeof cursorSchema>;

const START: Cursor = { since: null, after: null, high: null };

type Feed = {
  readonly query: Query;
  readonly record: (row: Row) => CanonicalRecord;
  /** The day of the last change, where the set tells one: only newer rows are read then. */
  readonly changedOn?: (row: Row) => string;
};

const FEEDS = {
  vendor: {
    query: {
      set: 'BusinessPartners',
      filter: "CardType eq 'cSupplier'",
      select: VENDOR_FIELDS,
      key: { name: 'CardCode', kind: 'text' },
    },
    record: (row) => vendorRecord(readVendor(row.fields)),
    changedOn: (row) => readVendor(row.fields).UpdateDate.slice(0, 10),
  },
  customer: {
    query: {
      set: 'BusinessPartners',
      filter: "CardType eq 'cCustomer'",
      select: VENDOR_FIELDS,
      key: { name: 'CardCode', kind: 'text' },
    },
    record: (row) => customerRecord(readVendor(row.fields)),
    changedOn: (row) => readVendor(row.fields).UpdateDate.slice(0, 10),
  },
  // What an invoice draws from a receipt changes the receipt, and its day with it (inferred).
  'goods-receipt': {
    query: {
      set: 'PurchaseDeliveryNotes',
      select: GOODS_RECEIPT_FIELDS,
      key: { name: 'DocEntry', kind: 'number' },
    },
    record: (row) => goodsReceiptRecord(readGoodsReceipt(row.fields)),
    changedOn: (row) => readGoodsReceipt(row.fields).UpdateDate.slice(0, 10),
  },
  // Projects and accounts tell no change date: each cycle reads all of them and compares contents.
  project: {
    query: { set: 'Projects', select: PROJECT_FIELDS, key: { name: 'Code', kind: 'text' } },
    record: (row) => projectRecord(readProject(row.fields)),
  },
  account: {
    query: { set: 'ChartOfAccounts', select: ACCOUNT_FIELDS, key: { name: 'Code', kind: 'text' } },
    record: (row) => accountRecord(readAccount(row.fields)),
  },
} as const satisfies Record<string, Feed>;

/** Taxes stand in one of two sets, by the localization of the company; they tell no change date either. */
function taxFeed(set: Exclude<TaxSetting['taxCodes'], 'off'>, today: CalendarDate): Feed {
  const key = { name: 'Code', kind: 'text' } as const;
  return set === 'sales-tax-codes'
    ? {
        query: { set: 'SalesTaxCodes', select: TAX_CODE_FIELDS, key },
        record: (row) => taxCodeRecord(readTaxCode(row.fields)),
      }
    : {
        query: { set: 'VatGroups', select: VAT_GROUP_FIELDS, key },
        record: (row) => vatGroupRecord(readVatGroup(row.fields), today),
      };
}

/** The readers of records, by object. */
export function pulls(read: Read, setting: PaymentSetting & TaxSetting, now: () => Date): Connection['pull'] {
  const fields = paymentFields(read, setting);
  const { taxCodes } = setting;
  return {
    ...(taxCodes === 'off'
      ? {}
      : { 'tax-code': (cursor: string | null) => pullFeed(read, taxFeed(taxCodes, utcDate(now())), cursor) }),
    vendor: (cursor) => pullFeed(read, FEEDS.vendor, cursor),
    customer: (cursor) => pullFeed(read, FEEDS.customer, cursor),
    'goods-receipt': (cursor) => pullFeed(read, FEEDS['goods-receipt'], cursor),
    project: (cursor) => pullFeed(read, FEEDS.project, cursor),
    account: (cursor) => pullFeed(read, FEEDS.account, cursor),
    period: (cursor) => pullPeriods(read, cursor),
    payment: async (cursor) => pullPayments(read, cursor, await fields()),
    receipt: (cursor) => pullReceipts(read, cursor),
    journal: (cursor) => pullJournals(read, cursor),
  };
}

async function pullFeed(read: Read, feed: Feed, text: string | null): Promise<PullPage> {
  const cursor = cursorOf(text);
  const { rows } = await readPage(read, queryOf(feed, cursor));
  const last = rows.at(-1);
  if (!last) return { records: [], cursor: JSON.stringify({ ...START, since: cursor.high ?? cursor.since }) };
  const next: Cursor = { ...cursor, after: keyOf(last, feed.query), high: newest(cursor.high, rows, feed) };
  return { records: rows.map((row) => pulledRow(row, feed.record)), cursor: JSON.stringify(next) };
}

function queryOf(feed: Feed, cursor: Cursor): Query {
  // The bound is a day of the server's own calendar and inclusive: that day is read again, nothing falls between.
  const changed = cursor.since === null ? null : `UpdateDate ge ${quoted(cursor.since)}`;
  const parts = [feed.query.filter, feed.changedOn ? changed : null].filter((part) => part != null);
  return {
    ...feed.query,
    ...(parts.length === 0 ? {} : { filter: parts.join(' and ') }),
    ...(cursor.after === null ? {} : { after: cursor.after }),
  };
}

function newest(high: string | null, rows: readonly Row[], feed: Feed): string | null {
  if (!feed.changedOn) return null;
  const days = rows.map(feed.changedOn).filter((day) => day !== '');
  return [...days, ...(high === null ? [] : [high])].sort().at(-1) ?? null;
}

// A company has a fiscal year per category; forty of them are more than the product is old.
const MAX_CATEGORIES = 100;

/** All posting periods as one page; they are few and tell no change date. */
async function pullPeriods(read: Read, text: string | null): Promise<PullPage> {
  if (cursorOf(text).after !== null) return { records: [], cursor: JSON.stringify(START) };
  const years = await periodRows(read, 'GetPeriods', undefined);
  if (years.length > MAX_CATEGORIES)
    throw new Stop('bug', SYSTEM, `more than ${MAX_CATEGORIES} fiscal years`);
  const records: Pulled[] = [];
  for (const year of years) {
    const AbsoluteEntry = Number(readPeriodCategory(year.fields).AbsoluteEntry);
    const rows = await periodRows(read, 'GetFinancePeriods', { PeriodCategoryParams: { AbsoluteEntry } });
    records.push(...rows.map((row) => pulledRow(row, (one) => periodRecord(readPeriod(one.fields)))));
  }
  return { records, cursor: JSON.stringify({ ...START, after: 'all' }) };
}

export async function periodRows(read: Read, operation: string, body: unknown): Promise<readonly Row[]> {
  const response = await read({
    method: 'POST',
    path: `/CompanyService_${operation}`,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status !== 200) throw readStop(response, 'the posting periods');
  return page(response, operation).rows;
}

function pulledRow(row: Row, record: (row: Row) => CanonicalRecord): Pulled {
  return { record: record(row), raw: row.raw };
}

function cursorOf(text: string | null): Cursor {
  if (text === null) return START;
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Stop('bug', SYSTEM, 'a stored cursor cannot be read', { cause: error });
  }
}
