import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BilledMove } from '../documents.ts';
import type { SubInvoiceRecord } from '../records.ts';
import { applicationHistories } from '../testing/pay-application-histories.ts';
import { payApplications } from '../testing/pay-applications.ts';
import { acceptedApplication } from './accepted-application.ts';
import { billedBy } from './sub-invoice-billed.ts';
import { deltasOf, progressMoves, releaseMoves } from './sub-invoice-delta.ts';
import { readSheet } from './sub-invoice-sheet.ts';

/** What the invoices of an application move on top of what was posted. */
function movesOf(record: SubInvoiceRecord, posted: readonly BilledMove[]): BilledMove[] {
  const read = readSheet(record);
  if (!('sheet' in read)) throw new Error('unreadable');
  const deltas = deltasOf(read.sheet, billedBy(posted, 'USD'));
  return [...progressMoves(deltas), ...releaseMoves(deltas)];
}

const contract = [
  { id: '1', scheduled: 100_000n },
  { id: '2', scheduled: 50_000n },
];
const [one, two] = payApplications(contract, [
  { '1': { worked: 4_000n, retainedOnWork: 400n } },
  { '1': { worked: 1_000n, releasedOnWork: 100n }, '2': { delivered: 70n } },
]) as [SubInvoiceRecord, SubInvoiceRecord];
const first = movesOf(one, []);

describe('what an approver accepts of an application', () => {
  test('is what each of its lines moves, and another thing as soon as any of that is another', () => {
    const accepted = acceptedApplication(two, one, movesOf(two, first));
    expect(accepted).not.toBeNull();
    const [line, ...others] = two.lines;
    const changed = [
      { ...two, currency: 'EUR' },
      { ...two, invoiceNumber: 'A-2' },
      { ...two, commitmentId: '4712' },
      { ...two, lines: [{ ...line!, id: 'contract_item/9' }, ...others] },
    ];
    for (const record of changed)
      expect(acceptedApplication(record, one, movesOf(two, first))).not.toBe(accepted);
  });

  test('is not known where its invoices move something else: one was passed over, edited, or is not there', () => {
    expect(acceptedApplication(two, one, movesOf(two, []))).toBeNull();
    expect(acceptedApplication(two, null, movesOf(two, first))).toBeNull();
    expect(acceptedApplication(two, one, [])).toBeNull();
    const details = two.lines.map((line) => ({ ...line, billedLineId: '1' }));
    expect(acceptedApplication({ ...two, lines: details }, one, movesOf(two, first))).toBeNull();
  });

  test('is known of every application of a course in which each is billed in its turn', () => {
    fc.assert(
      fc.property(applicationHistories, (records) => {
        const posted: BilledMove[] = [];
        for (const [index, record] of records.entries()) {
          const moves = movesOf(record, posted);
          expect(acceptedApplication(record, records[index - 1] ?? null, moves)).not.toBeNull();
          posted.push(...moves);
        }
      }),
    );
  });
});
