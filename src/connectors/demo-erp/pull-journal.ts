import { z } from 'zod';
import type { JournalDocumentLine, JournalLine, JournalRecord } from '../../domain/actuals/journal.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, negate, parseMoney } from '../../domain/values/money.ts';
import { amount } from './wire.ts';

const text = z.string();

/** An entry of the journal that names a project; it is never edited, so that each is read once. */
export const journalEntry = z.object({
  change: z.int(),
  code: text,
  kind: z.enum([
    'invoice',
    'retainage-release',
    'bill',
    'credit-memo',
    'delivery',
    'cancellation',
    'payment',
    'void',
    'manual',
    'reversal',
  ]),
  document: text.nullable(),
  order: text.nullable(),
  vendor: text.nullable(),
  vendor_number: text.nullable(),
  currency: text,
  date: text,
  memo: text,
  lines: z.array(
    z.object({
      line: z.int(),
      role: z.enum(['work', 'accrued', 'retainage', 'payables', 'bank', 'typed']),
      account: text.nullable(),
      project: text.nullable(),
      sub_job: text.nullable(),
      cost_code: text.nullable(),
      order_line: z.int().nullable(),
      amount,
    }),
  ),
});
type Entry = z.output<typeof journalEntry>;

/** Lines of control accounts are the vendor's and the bank's; those without a project are the company's own. */
export function journalRecord(entry: Entry): JournalRecord {
  const { code, date, memo, currency, document, vendor, vendor_number: number, lines } = entry;
  const bill = vendor === null || number === null ? {} : { bill: { vendorCode: vendor, number } };
  return {
    object: 'journal',
    id: code,
    date: calendarDate(date),
    memo,
    currency,
    lines: lines.flatMap((line) => lineOf(line) ?? []),
    // Of an order, and without a number of its vendor: what came in.
    ...(document !== null && entry.order !== null && number === null
      ? { receipt: { id: document, lines: lines.flatMap((line) => cameInBy(entry, line) ?? []) } }
      : {}),
    document:
      document === null || (entry.order !== null && number === null)
        ? null
        : {
            id: document,
            ...(entry.kind === 'credit-memo' ? { credit: true } : {}),
            lines: lines.flatMap((line) => documentLineOf(entry, line) ?? []),
            ...bill,
            payable: payableOf(entry),
          },
  };
}

/** A line of a delivery is known by that of its order. */
function cameInBy(entry: Entry, line: Entry['lines'][number]): JournalDocumentLine | null {
  const told = documentLineOf(entry, line);
  return told?.base == null ? null : { ...told, line: told.base.line };
}

/** A control account is credited with what is owed; nothing is owed where all of it is withheld. */
function payableOf({ lines, currency }: Entry): string {
  const owed = lines.find(({ role }) => role === 'payables')?.amount ?? '0.00';
  return formatMoney(negate(parseMoney(owed, currency)));
}

function lineOf({ line, account, project, cost_code, amount }: Entry['lines'][number]): JournalLine | null {
  if (account === null || project === null) return null;
  return {
    ...{ key: String(line), account, project, amount },
    dimensions: cost_code === null ? [] : [cost_code],
  };
}

/** Of the document all that it says, of whatever project: what is withheld of it is a line as well. */
function documentLineOf({ order }: Entry, line: Entry['lines'][number]): JournalDocumentLine | null {
  const { role, account, project, cost_code, order_line: at, amount } = line;
  if (account === null || (role !== 'work' && role !== 'retainage')) return null;
  return {
    ...{ line: String(line.line), account, project: project ?? '', amount },
    dimensions: cost_code === null ? [] : [cost_code],
    base: order === null || at === null ? null : { object: 'order', id: order, line: String(at) },
  };
}
