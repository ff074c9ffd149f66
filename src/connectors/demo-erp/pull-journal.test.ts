import { expect, it } from 'vitest';
import { journalEntry, journalRecord } from './pull-journal.ts';

const line = { account: null, project: null, sub_job: null, cost_code: null, order_line: null };
const entry = (more: object, ...lines: object[]) =>
  journalEntry.parse({
    ...{ change: 9, code: 'LJ-1', kind: 'invoice', document: 'LI-1', order: 'LO-1', memo: 'October' },
    ...{ vendor: 'V1', vendor_number: '17', currency: 'USD', date: '2026-10-31', ...more },
    lines: lines.map((each, index) => ({ ...line, line: index + 1, ...each })),
  });

it('tells of an invoice what it cost the project, and of its document all that it says', () => {
  const record = journalRecord(
    entry(
      {},
      { role: 'work', account: '5100', project: 'P1', cost_code: '05-100', order_line: 2, amount: '60.00' },
      { role: 'retainage', account: '2050', project: 'P1', amount: '-6.00' },
      { role: 'payables', amount: '-54.00' },
    ),
  );
  expect(record.lines).toEqual([
    { key: '1', account: '5100', project: 'P1', amount: '60.00', dimensions: ['05-100'] },
    { key: '2', account: '2050', project: 'P1', amount: '-6.00', dimensions: [] },
  ]);
  expect(record.document).toMatchObject({
    id: 'LI-1',
    bill: { vendorCode: 'V1', number: '17' },
    lines: [
      { line: '1', base: { object: 'order', id: 'LO-1', line: '2' } },
      { line: '2', base: null },
    ],
  });
});

it('keeps what a bill says of no project with its document, and makes no cost of it', () => {
  const office = { role: 'work', account: '5100', amount: '1.00' };
  const bolts = { role: 'work', account: '5100', project: 'P1', amount: '9.00' };
  const record = journalRecord(entry({ kind: 'bill', order: null }, bolts, office));
  expect(record.lines.map(({ key }) => key)).toEqual(['1']);
  expect(record.document!.lines.map(({ project, base }) => [project, base])).toEqual([
    ['P1', null],
    ['', null],
  ]);
});

it('names no document for what people booked by hand', () => {
  const byHand = { kind: 'manual', document: null, order: null, vendor: null, vendor_number: null };
  const typed = { role: 'typed', account: '5100', project: 'P1', amount: '5.00' };
  expect(journalRecord(entry(byHand, typed))).toMatchObject({ document: null, lines: [{ amount: '5.00' }] });
});
