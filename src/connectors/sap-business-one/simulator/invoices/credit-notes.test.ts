import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  lineBody,
  openCompany,
  orderBody,
  refusalOf,
  type TestCompany,
  valuesOf,
} from '../company/test-company.ts';
import { isRecord } from '../odata/json.ts';

let company: TestCompany;
beforeEach(async () => {
  company = await openCompany();
});
afterEach(() => company.stop());

const credit = (more: Record<string, unknown> = {}) =>
  company.call('POST', 'PurchaseCreditNotes', {
    ...orderBody({ NumAtCard: 'CM-9', Project: 'P1' }),
    DocumentLines: [lineBody({ LineTotal: 100.1 }), lineBody({ LineTotal: -0.35 })],
    ...more,
  });

test('a credit memo has keys of its own and is booked with the sides changed over', async () => {
  const invoiced = { ...orderBody(), DocumentLines: [lineBody({ LineTotal: 7 })] };
  const invoice = await company.call('POST', 'PurchaseInvoices', invoiced);
  const made = await credit();
  expect(made.status, made.text).toBe(201);
  expect(made.body).toMatchObject({
    ...{ DocEntry: invoice.body.DocEntry, DocObjectCode: 'oPurchaseCreditNotes', DocTotal: 99.75 },
  });
  const journals = valuesOf(await company.call('GET', 'JournalEntries?$orderby=JdtNum'));
  const journal = journals.find(({ JdtNum }) => JdtNum === made.body.TransNum);
  expect(journal).toMatchObject({ OriginalJournal: 'ttAPCreditNote', Original: made.body.DocEntry });
  const lines = Array.isArray(journal?.JournalEntryLines) ? journal.JournalEntryLines.filter(isRecord) : [];
  expect(lines.map(({ AccountCode, Debit, Credit }) => [AccountCode, Debit, Credit])).toEqual([
    ['5100', 0, 99.75],
    ['2000', 99.75, 0],
  ]);
});

test('is never below zero, draws on nothing here, and stands once under its number where the company blocks that', async () => {
  const below = await credit({ DocumentLines: [lineBody({ LineTotal: -1 })] });
  expect(refusalOf(below)).toContain('may not be negative');
  const drawn = await credit({ DocumentLines: [lineBody({ BaseType: 18, BaseEntry: 1, BaseLine: 0 })] });
  expect(refusalOf(drawn)).toContain('[RPC1.BaseEntry]');
  await company.settings({ duplicateVendorReference: 'block' });
  const numbered = { ...orderBody({ NumAtCard: 'CM-9' }), DocumentLines: [lineBody({ LineTotal: 7 })] };
  expect((await company.call('POST', 'PurchaseInvoices', numbered)).status).toBe(201);
  expect((await credit()).status).toBe(201);
  expect(refusalOf(await credit())).toContain('[ORPC.NumAtCard]');
});

test('waits as a draft of its kind where it needs an approval, and takes attachments but no other amount', async () => {
  await company.settings({ approvalProcedure: 'creditNotes' });
  await credit();
  const [draft] = valuesOf(await company.call('GET', 'Drafts'));
  expect(draft).toMatchObject({
    DocObjectCode: 'oPurchaseCreditNotes',
    AuthorizationStatus: 'dasPending',
  });
  await company.act({ action: 'approve_draft', docEntry: Number(draft?.DocEntry) });
  const [posted] = valuesOf(await company.call('GET', 'PurchaseCreditNotes'));
  const path = `PurchaseCreditNotes(${String(posted?.DocEntry)})`;
  expect((await company.call('PATCH', path, { Comments: 'seen' })).status).toBe(204);
  expect(refusalOf(await company.call('PATCH', path, { CardCode: 'V200' }))).not.toBe('');
});
