import fc from 'fast-check';
import { FIGURES } from '../../src/domain/actuals/job-cost-figures.ts';
import type {
  ApInvoiceBody,
  Operation,
  PostedBase,
  PurchaseOrderBody,
  PurchaseOrderLine,
} from '../../src/domain/documents.ts';
import { calendarDate } from '../../src/domain/values/calendar-date.ts';

/** What people type: quotes, line breaks, emoji and other alphabets included. */
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
const code = fc.stringMatching(/^[A-Z0-9-]{1,12}$/);
const procoreId = fc.bigInt({ min: 1n, max: 999_999_999_999_999n }).map(String);
const cents = fc.bigInt({ min: -9_999_999_999_999n, max: 9_999_999_999_999n });
const accountingDate = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => calendarDate(day.toISOString().slice(0, 10)));

function amountText(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0');
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function linesOf(kind: 'account' | 'item') {
  const line = fc.record({ key: procoreId, description: words, minor: cents, code, costCode: code });
  return fc.uniqueArray(line, { selector: ({ key }) => key, minLength: 1, maxLength: 12 }).map((rows) =>
    rows.map(
      ({ minor, code: coding, ...row }): PurchaseOrderLine => ({
        ...row,
        amount: amountText(minor),
        coding: { kind, code: coding },
        costType: 'S',
      }),
    ),
  );
}

const lines = fc.constantFrom('account' as const, 'item' as const).chain(linesOf);

export const orderBodies: fc.Arbitrary<PurchaseOrderBody> = fc.record({
  kind: fc.constant('purchase-order' as const),
  reference: fc.stringMatching(/^T[A-Z2-7]{15}$/),
  revision: fc.integer({ min: 1, max: 999 }),
  number: words,
  title: fc.string({ unit: 'grapheme', maxLength: 400 }),
  vendorCode: code,
  projectCode: code,
  currency: fc.constantFrom('USD', 'CAD'),
  accountingDate,
  total: cents.map(amountText),
  lines,
  sourceUrl: fc.webUrl({ size: 'small' }),
});

/** A posted order and what it should become: some of its lines stay, some change, some go, some are new. */
export const orderUpdates: fc.Arbitrary<{ body: PurchaseOrderBody; base: PostedBase }> = fc
  .tuple(orderBodies, orderBodies, fc.nat(6), fc.integer({ min: 1, max: 2_147_483_647 }))
  .map(([before, after, kept, docEntry]) => {
    const kind = before.lines[0]?.coding.kind ?? 'account';
    const stay = before.lines.slice(0, kept);
    const known = new Set(before.lines.map(({ key }) => key));
    const added = after.lines
      .filter(({ key }) => !known.has(key))
      .map((line) => ({ ...line, coding: { ...line.coding, kind } }));
    const lineKeys = Object.fromEntries(before.lines.map(({ key }, index) => [key, String(index)]));
    return {
      body: { ...after, lines: [...stay, ...added] },
      base: { id: String(docEntry), body: before, lineKeys },
    };
  });

const rowNumber = fc.nat(500).map(String);
const drawn = fc.record({
  key: procoreId,
  description: words,
  amount: cents.map(amountText),
  orderLine: rowNumber,
  coding: fc.record({ kind: fc.constant('account' as const), code }),
});
const retainage = fc.record({
  key: procoreId,
  description: words,
  amount: cents.map(amountText),
  account: code,
});

export const invoiceBodies: fc.Arbitrary<ApInvoiceBody> = fc.record({
  kind: fc.constant('ap-invoice' as const),
  reference: fc.stringMatching(/^T[A-Z2-7]{15}$/),
  revision: fc.integer({ min: 1, max: 999 }),
  purpose: fc.constantFrom('progress' as const, 'retainage-release' as const),
  application: fc.integer({ min: 1, max: 99 }),
  invoiceNumber: words,
  vendorCode: code,
  projectCode: code,
  currency: fc.constantFrom('USD', 'CAD'),
  accountingDate,
  documentDate: accountingDate,
  dueDate: fc.option(accountingDate),
  orderId: fc.integer({ min: 1, max: 2_147_483_647 }).map(String),
  lines: fc.array(drawn, { maxLength: 8 }),
  retainage: fc.array(retainage, { maxLength: 2 }),
  total: cents.map(amountText),
  paymentHold: fc.option(words),
  moves: fc.constant([]),
  sourceUrl: fc.webUrl({ size: 'small' }),
});

const closings = fc.record({
  requestDetailId: procoreId,
  itemId: fc.oneof(procoreId, fc.constant('')),
  status: fc.constantFrom('success' as const, 'failed' as const),
  messages: fc.array(fc.string({ unit: 'grapheme', maxLength: 700 }), { maxLength: 30 }),
});

const paymentNotices = fc.record({
  originId: words,
  projectId: procoreId,
  commitmentId: procoreId,
  subInvoiceId: procoreId,
  amount: cents.map(amountText),
  currency: fc.constantFrom('USD', 'CAD'),
  date: accountingDate,
  method: fc.constantFrom('check' as const, 'electronic' as const),
  methodNumber: fc.option(words),
  invoiceNumber: fc.option(words),
});

const costLine = fc.record({
  originId: words,
  costCodeId: procoreId,
  costTypeId: procoreId,
  description: words,
  amount: cents.map(amountText),
});
const directCostSheets = fc.record({
  projectId: procoreId,
  originId: words,
  description: words,
  date: accountingDate,
  lines: fc.array(costLine, { maxLength: 8 }),
});
const jobCostSheets = fc.record({
  projectId: procoreId,
  jobOriginId: words,
  lines: fc.array(
    fc.record({
      costCodeId: procoreId,
      costTypeId: procoreId,
      jobToDate: cents.map(amountText),
      commitmentInvoiced: cents.map(amountText),
      figures: fc.dictionary(fc.constantFrom(...FIGURES), cents.map(amountText)),
    }),
    { maxLength: 8 },
  ),
});

/** Everything that is ever asked of Procore. */
export const procoreOperations: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    kind: fc.constant('link-vendor' as const),
    body: fc.record({
      kind: fc.constant('vendor-link' as const),
      vendorId: procoreId,
      vendorName: words,
      originId: words,
      originCode: fc.oneof(words, fc.constant('')),
    }),
  }),
  fc.record({
    kind: fc.constant('confirm-order' as const),
    commitmentId: procoreId,
    commitmentType: fc.constantFrom('subcontract' as const, 'purchase-order' as const),
    originId: words,
    originCode: words,
    lines: fc.dictionary(procoreId, fc.nat(200).map(String), { maxKeys: 40 }),
    closing: fc.option(closings),
  }),
  fc.record({
    kind: fc.constant('confirm-change-order' as const),
    changeOrderId: procoreId,
    projectId: procoreId,
    originId: words,
    originCode: words,
    lines: fc.dictionary(procoreId, words, { maxKeys: 40 }),
    closing: fc.option(closings),
  }),
  fc.record({
    kind: fc.constant('confirm-invoice' as const),
    subInvoiceId: procoreId,
    projectId: procoreId,
    originId: words,
    originCode: words,
    closing: fc.option(closings),
  }),
  fc.record({ kind: fc.constant('record-payment' as const), notice: paymentNotices }),
  fc.record({
    kind: fc.constant('withdraw-payment' as const),
    paymentId: procoreId,
    notice: paymentNotices,
  }),
  fc.record({ kind: fc.constant('show-direct-costs' as const), sheet: directCostSheets }),
  fc.record({
    kind: fc.constant('show-cost-documents' as const),
    sheet: fc.record({
      projectId: procoreId,
      documents: fc.array(
        fc.record({
          originId: words,
          description: words,
          date: accountingDate,
          bill: fc.option(fc.record({ vendorId: procoreId, number: words })),
          lines: fc.array(costLine, { maxLength: 4 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  }),
  fc.record({ kind: fc.constant('show-job-costs' as const), sheet: jobCostSheets }),
  fc.record({
    kind: fc.constant('sync-codes' as const),
    list: fc.oneof(
      fc.record({
        object: fc.constant('cost-code' as const),
        listId: procoreId,
        projectId: fc.constant(null),
      }),
      fc.record({
        object: fc.constantFrom('cost-type' as const, 'tax-code' as const),
        listId: fc.constant(null),
        projectId: fc.option(procoreId),
      }),
      fc.record({
        object: fc.constant('project-cost-code' as const),
        listId: fc.constant(null),
        projectId: procoreId,
        projectCode: code,
      }),
    ),
    level: fc.nat({ max: 3 }),
    slice: fc.nat({ max: 3 }),
    rows: fc.array(
      fc.record({
        id: fc.option(procoreId),
        originId: code,
        code,
        name: words,
        parentId: fc.option(procoreId),
        rate: fc.option(fc.constantFrom('8.25', '20')),
        archived: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    figures: fc.constant({ made: 0, changed: 0, linked: 0 }),
    asked: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('assign-cost-types' as const),
    projectId: procoreId,
    rows: fc.array(fc.record({ costCodeId: procoreId, lineItemTypeId: procoreId }), {
      minLength: 1,
      maxLength: 8,
    }),
  }),
  fc.record({ kind: fc.constant('close-request' as const), closing: closings }),
  fc.record({
    kind: fc.constant('sync-insurances' as const),
    vendorId: procoreId,
    rows: fc.array(
      fc.record({
        id: fc.option(procoreId),
        originId: words,
        type: fc.option(words),
        policyNumber: fc.option(words),
        insurer: fc.option(words),
        limit: fc.option(cents.map(amountText)),
        effective: fc.option(accountingDate),
        expires: fc.option(accountingDate),
      }),
      { maxLength: 8 },
    ),
  }),
);
