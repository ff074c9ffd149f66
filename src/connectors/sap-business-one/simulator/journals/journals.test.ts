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

const invoice = () =>
  company.call('POST', 'PurchaseInvoices', {
    ...orderBody({ NumAtCard: '77', Project: 'P1' }),
    DocumentLines: [
      lineBody({ LineTotal: 1500.1 }),
      lineBody({ LineTotal: 0.25 }),
      lineBody({ LineTotal: -150, ProjectCode: null }),
    ],
  });

async function journals(after = 0): Promise<Record<string, unknown>[]> {
  const filter = encodeURIComponent(`JdtNum gt ${after}`);
  return valuesOf(await company.call('GET', `JournalEntries?$filter=${filter}&$orderby=JdtNum`));
}

const booked = (journal: Record<string, unknown> | undefined) =>
  (Array.isArray(journal?.JournalEntryLines) ? journal.JournalEntryLines : [])
    .filter(isRecord)
    .map(({ AccountCode, ShortName, ProjectCode, Debit, Credit }) => [
      AccountCode,
      ShortName,
      ProjectCode,
      Debit,
      Credit,
    ]);

test('an invoice is booked gross by account, with what it holds back and what is owed', async () => {
  const made = await invoice();
  expect(made.status, made.text).toBe(201);
  const [journal, ...others] = await journals();
  expect(others).toEqual([]);
  expect(made.body.TransNum).toBe(journal?.JdtNum);
  expect(journal).toMatchObject({ OriginalJournal: 'ttAPInvoice', Original: made.body.DocEntry });
  expect(booked(journal)).toEqual([
    ['5100', '5100', 'P1', 1500.35, 0],
    ['5100', '5100', null, 0, 150],
    ['2000', 'V100', 'P1', 0, 1350.35],
  ]);
});

test('a cancelled invoice is booked back by its mirror, and neither entry changes afterwards', async () => {
  const made = await invoice();
  const before = await journals();
  await company.call('POST', `PurchaseInvoices(${String(made.body.DocEntry)})/CreateCancellationDocument`);
  const [first, mirror] = await journals();
  expect(first).toEqual(before[0]);
  expect(booked(mirror)[0]).toEqual(['5100', '5100', 'P1', 0, 1500.35]);
});

test('an entry by hand must balance, and is reversed by one of its own', async () => {
  const lines = [
    { account: '5100', debit: '10.05', project: 'P1' },
    { account: '2000', credit: '10.05' },
  ];
  expect(
    (await company.act({ action: 'post_journal', lines: lines.slice(0, 1).concat(lines.slice(0, 1)) }))
      .status,
  ).toBe(409);
  const { body } = await company.act({ action: 'post_journal', date: '2026-08-20', lines });
  await company.act({ action: 'reverse_journal', jdtNum: Number(body.jdtNum) });
  const [entry, reversal] = await journals();
  expect(booked(entry)[0]).toEqual(['5100', '5100', 'P1', 10.05, 0]);
  expect(booked(reversal)[0]).toEqual(['5100', '5100', 'P1', 0, 10.05]);
  expect(await journals(Number(body.jdtNum))).toHaveLength(1);
  expect(refusalOf(await company.call('POST', 'JournalEntries', {}))).toContain('POST JournalEntries');
});
