import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SubInvoiceRecord } from '../records.ts';
import { input } from '../testing/invoice-plans.ts';
import { applicationHistories } from '../testing/pay-application-histories.ts';
import { text } from '../testing/pay-applications.ts';
import { parseMoney } from '../values/money.ts';
import { type InvoicePlan, planInvoice } from './plan-invoice.ts';
import { type InvoicePlanInput, safestInvoicePolicy } from './plan-invoice-input.ts';
import type { PostedInvoice } from './sub-invoice-sequence.ts';

describe('over any course of a contract', () => {
  const bytes = (plan: InvoicePlan) =>
    JSON.stringify(plan, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  const minor = (amount: string) => parseMoney(amount, 'USD').minor;

  /** Posts one invoice after the other until none is left, and gives what became payable; null where one may not go. */
  function settle(at: InvoicePlanInput, posted: PostedInvoice[]): bigint | null {
    let due = 0n;
    for (let turn = 0; turn < 2; turn += 1) {
      const plan = planInvoice({ ...at, posted });
      if (plan.kind === 'nothing') break;
      const { body, reasons } = plan.documents[0]!;
      if (body === null || reasons.length > 0) return null;
      const amounts = [...body.lines, ...body.retainage].map(({ amount }) => minor(amount));
      expect(amounts.reduce((a, b) => a + b, 0n)).toBe(minor(body.total));
      due += minor(body.total);
      posted.push({ recordId: at.record.id, body });
    }
    return due;
  }

  const wideInput: InvoicePlanInput = {
    ...input,
    policy: { ...safestInvoicePolicy, overbilling: 'allow' },
  };

  it('what was posted adds up to line 6, each application to its line 8, and the same input to the same bytes', () => {
    fc.assert(
      fc.property(applicationHistories, fc.nat(), (records, turn) => {
        const posted: PostedInvoice[] = [];
        let paid = 0n;
        for (const [index, record] of records.entries()) {
          const at = { ...wideInput, record, previous: records[index - 1] ?? null, posted: [...posted] };
          const plan = planInvoice(at);
          const turned = [...record.lines.slice(turn % 3), ...record.lines.slice(0, turn % 3)];
          expect(bytes(planInvoice({ ...at, record: { ...record, lines: turned } }))).toBe(bytes(plan));
          expect(bytes(planInvoice({ ...at, posted: posted.toReversed() }))).toBe(bytes(plan));
          const due = settle(at, posted);
          // A deductive line may outweigh the others: such a contract goes no further by itself.
          if (due === null) return;
          expect(due).toBe(minor(record.currentDue));
          paid += due;
          expect(paid).toBe(minor(record.earnedLessRetainage));
          expect(planInvoice({ ...at, posted })).toEqual({ kind: 'nothing', why: 'unchanged' });
        }
      }),
    );
  });

  it('one cent more or less in any figure keeps the invoice back, and says where', () => {
    const figures = ['previous', 'thisPeriod', 'stored', 'toDate'] as const;
    const header = ['earnedLessRetainage', 'previouslyCertified', 'currentDue', 'retainageHeld'] as const;
    const kinds = ['workRetainage', 'storedRetainage'] as const;
    const columns = ['previouslyHeld', 'retained', 'released', 'held'] as const;
    const cent = fc.constantFrom(1n, -1n);
    const off = (amount: string, by: bigint) => text(minor(amount) + by);
    const spoil = (record: SubInvoiceRecord, at: number, by: bigint): SubInvoiceRecord => {
      const place =
        at % (header.length + record.lines.length * (figures.length + kinds.length * columns.length));
      const name = header[place];
      if (name !== undefined) return { ...record, [name]: off(record[name], by) };
      const inLine = (place - header.length) % (figures.length + kinds.length * columns.length);
      const index = Math.floor((place - header.length) / (figures.length + kinds.length * columns.length));
      const line = record.lines[index]!;
      const figure = figures[inLine];
      const kind = kinds[Math.floor((inLine - figures.length) / columns.length)];
      const column = columns[(inLine - figures.length) % columns.length];
      const spoilt =
        figure !== undefined
          ? { ...line, [figure]: off(line[figure], by) }
          : { ...line, [kind!]: { ...line[kind!], [column!]: off(line[kind!][column!], by) } };
      return { ...record, lines: record.lines.with(index, spoilt) };
    };
    fc.assert(
      fc.property(applicationHistories, fc.nat(), cent, (records, at, by) => {
        const posted: PostedInvoice[] = [];
        for (const [index, record] of records.entries()) {
          const facts = { ...wideInput, previous: records[index - 1] ?? null, posted: [...posted] };
          const spoilt = planInvoice({ ...facts, record: spoil(record, at, by) });
          expect(spoilt.kind).toBe('documents');
          if (spoilt.kind === 'documents')
            for (const { reasons } of spoilt.documents)
              expect(reasons.map(({ code }) => code)).toContain('amounts-disagree');
          if (settle({ ...facts, record }, posted) === null) return;
        }
      }),
    );
  });
});
