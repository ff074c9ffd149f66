import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../domain/actuals/journal.ts';
import { runningCompany } from '../fixtures/running-company.ts';
import { readCostDocument, readJournal } from '../service-layer/wire.ts';
import { bookedBy } from './journals.ts';

const company = runningCompany();

const act = (body: object) => company.control.post('act', body);
const byHand = (debit: string, project?: string) =>
  act({
    action: 'post_journal',
    date: '2026-08-20',
    lines: [
      { account: '5100', debit, ...(project === undefined ? {} : { project }) },
      { account: '2050', credit: debit },
    ],
  });

async function cycle(from: string | null): Promise<{ records: JournalRecord[]; cursor: string }> {
  const records: JournalRecord[] = [];
  let cursor = from;
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await company.connection.pull.journal!(cursor);
    cursor = page.cursor;
    if (page.records.length === 0) return { records, cursor };
    records.push(...page.records.map(({ record }) => record as JournalRecord));
  }
  throw new Error('the cycle did not end');
}

test('an invoice by hand is read with the order lines that it draws from, its mirror with the invoice', async () => {
  const drawn = { BaseType: 22, BaseEntry: 1, BaseLine: 0, LineTotal: 4.1 };
  const dates = { DocDate: '2026-08-20', TaxDate: '2026-08-20', DocDueDate: '2026-08-31' };
  const head = { CardCode: 'V1000', DocType: 'dDocument_Service', NumAtCard: '77', ...dates };
  await act({ action: 'create_invoice', document: { ...head, DocumentLines: [drawn] } });
  await act({ action: 'cancel_invoice', docEntry: 1 });
  const { records } = await cycle(null);
  expect(records).toMatchObject([
    {
      id: '1',
      currency: 'USD',
      lines: [{ account: '5100', project: 'P-100', amount: '4.1' }],
      document: { id: '1', lines: [{ amount: '4.1', base: { object: 'order', id: '1', line: '0' } }] },
    },
    {
      lines: [{ amount: '-4.1' }],
      document: { id: '2', lines: [{ amount: '-4.1', base: { object: 'invoice', id: '1', line: '0' } }] },
    },
  ]);
});

test('a credit memo is read as one, below zero, and never as the invoice that has its key', async () => {
  const dates = { DocDate: '2026-08-20', TaxDate: '2026-08-20', DocDueDate: '2026-08-31' };
  const head = { CardCode: 'V1000', DocType: 'dDocument_Service', ...dates };
  const row = (LineTotal: number) => ({ AccountCode: '5100', ProjectCode: 'P-100', LineTotal });
  await act({
    action: 'create_invoice',
    document: { ...head, NumAtCard: '77', DocumentLines: [row(4.1)] },
  });
  await act({ action: 'create_credit', document: { ...head, NumAtCard: 'CM-1', DocumentLines: [row(1.5)] } });
  const { records } = await cycle(null);
  expect(records.map(({ document }) => document)).toMatchObject([
    { id: '1', lines: [{ amount: '4.1' }], bill: { number: '77' } },
    { id: 'credit-1', credit: true, lines: [{ amount: '-1.5', base: null }], bill: { number: 'CM-1' } },
  ]);
  expect(records[0]?.document).not.toHaveProperty('credit');
  expect(records[1]?.lines).toMatchObject([{ account: '5100', amount: '-1.5' }]);
});

test('entries without a project are passed over, however many pages they fill', async () => {
  for (let count = 0; count < 201; count += 1) await byHand('1');
  await byHand('2.05', 'P-100');
  const { records } = await cycle(null);
  expect(records.map(({ lines }) => lines)).toMatchObject([[{ account: '5100', amount: '2.05' }]]);
});

test('a cycle reads on from the highest number, and one a day from the first', async () => {
  await byHand('1', 'P-100');
  for (let count = 0; count < 60; count += 1) await byHand('1');
  const first = await cycle(null);
  expect(first.records.map(({ id }) => id)).toEqual(['1']);
  await byHand('3', 'P-100');
  const second = await cycle(first.cursor);
  expect(second.records.map(({ id }) => id)).toEqual(['62']);
  const lastOfDay = JSON.stringify({ ...JSON.parse(second.cursor), round: 287 });
  const { cursor } = await cycle(lastOfDay);
  expect((await cycle(cursor)).records.map(({ id }) => id)).toEqual(['1', '62']);
});

test('a document that names another entry is not believed to have made this one', () => {
  const entry = readJournal({
    JdtNum: '7',
    ReferenceDate: '2026-08-20',
    OriginalJournal: 'ttAPInvoice',
    Original: '3',
    JournalEntryLines: [],
  });
  const document = (TransNum: string) => ({
    set: 'PurchaseInvoices' as const,
    entity: readCostDocument({ DocEntry: '3', TransNum, DocumentLines: [] }),
  });
  expect(bookedBy(entry, document('7'))).not.toBeNull();
  expect(bookedBy(entry, document('8'))).toBeNull();
});
