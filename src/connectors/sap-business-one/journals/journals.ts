import type { JournalDocumentLine, JournalLine, JournalRecord } from '../../../domain/actuals/journal.ts';
import { calendarDate } from '../../../domain/values/calendar-date.ts';
import { formatDecimal, parseDecimal } from '../../../domain/values/decimal.ts';
import { type InvoiceSet, idIn } from '../invoices/sent-invoice.ts';
import { plainAmount } from '../orders/order-form.ts';
import type { CostDocumentEntity, JournalEntity, JournalEntityLine } from '../service-layer/wire.ts';

/** Where documents stand that make entries of cost. */
export type CostSet = Exclude<InvoiceSet, 'Invoices'> | 'PurchaseDeliveryNotes';
export type CostDocument = { readonly set: CostSet; readonly entity: CostDocumentEntity };

/**
 * The sign of a document's lines in the ledger: the mirror of an invoice takes back what the invoice booked, a credit memo
 * gives back, and the mirror of one bills again.
 */
type Booked = CostDocument & { readonly sign: 1 | -1 };

const BASES: Readonly<Record<string, 'order' | 'receipt' | 'invoice'>> = {
  '18': 'invoice',
  '20': 'receipt',
  '22': 'order',
};

/**
 * An entry with its lines that name a project. Debit and credit are of the company's own currency; lines of a
 * business partner go to a control account and are never cost, whatever project they carry along.
 */
export function journalRecord(
  entity: JournalEntity,
  document: Booked | null,
  currency: string,
): JournalRecord {
  return {
    object: 'journal',
    id: entity.JdtNum,
    date: calendarDate(entity.ReferenceDate.slice(0, 10)),
    memo: entity.Memo,
    currency,
    lines: entity.JournalEntryLines.flatMap((line, place) =>
      isOnProject(line) ? [lineOf(line, place)] : [],
    ),
    ...madeOf(document),
  };
}

/** Nobody is owed by a receipt: it is no bill. */
function madeOf(made: Booked | null): Pick<JournalRecord, 'document' | 'receipt'> {
  if (made === null) return { document: null };
  const { set, entity, sign } = made;
  const lines = entity.DocumentLines.map((line) => toldBy(line, sign));
  if (set === 'PurchaseDeliveryNotes') return { receipt: { id: entity.DocEntry, lines }, document: null };
  return {
    document: {
      id: idIn(set, entity.DocEntry),
      ...(set === 'PurchaseCreditNotes' ? { credit: true } : {}),
      lines,
      bill: { vendorCode: entity.CardCode, number: entity.NumAtCard },
      ...(entity.DocTotal !== null && { payable: signed(entity.DocTotal, sign) }),
    },
  };
}

const MADE_BY: Readonly<Record<string, CostSet>> = {
  ttAPInvoice: 'PurchaseInvoices',
  ttAPCreditNote: 'PurchaseCreditNotes',
  ttPurchaseDeliveryNote: 'PurchaseDeliveryNotes',
};

/** The document that an entry says it was made by, to be looked at: nothing is believed of it yet. */
export function madeBy({ OriginalJournal, Original }: JournalEntity): { set: CostSet; key: string } | null {
  const set = MADE_BY[OriginalJournal];
  return set === undefined || Original === '' ? null : { set, key: Original };
}

/** Both sides must name each other; what the two fields mean is told by no page of the vendor. */
export function bookedBy(entry: JournalEntity, document: CostDocument | undefined): Booked | null {
  if (document === undefined || document.entity.TransNum !== entry.JdtNum) return null;
  const isMirror = document.entity.CancelStatus === 'csCancellation';
  return { ...document, sign: isMirror === (document.set === 'PurchaseCreditNotes') ? 1 : -1 };
}

export function isOnProject({ ProjectCode, AccountCode, ShortName }: JournalEntityLine): boolean {
  return ProjectCode !== '' && (ShortName === '' || ShortName === AccountCode);
}

function lineOf(line: JournalEntityLine, place: number): JournalLine {
  const [debit, credit] = [line.Debit, line.Credit].map((side) => parseDecimal(plainAmount(side ?? '0')));
  const scale = Math.max(debit!.scale, credit!.scale);
  const scaled = ({ units, scale: own }: { units: bigint; scale: number }) =>
    units * 10n ** BigInt(scale - own);
  return {
    key: line.Line_ID === '' ? String(place) : line.Line_ID,
    account: line.AccountCode,
    project: line.ProjectCode,
    amount: formatDecimal({ units: scaled(debit!) - scaled(credit!), scale }),
    dimensions: dimensionsOf(line),
  };
}

function toldBy(line: CostDocumentEntity['DocumentLines'][number], sign: 1 | -1): JournalDocumentLine {
  const object = BASES[line.BaseType];
  return {
    line: line.LineNum,
    account: line.AccountCode,
    project: line.ProjectCode,
    amount: signed(line.LineTotal ?? '0', sign),
    dimensions: dimensionsOf(line),
    base: object === undefined ? null : { object, id: line.BaseEntry, line: line.BaseLine },
  };
}

function signed(amount: string, sign: 1 | -1): string {
  const { units, scale } = parseDecimal(plainAmount(amount));
  return formatDecimal({ units: sign === 1 ? units : -units, scale });
}

type Dimensions = Pick<
  JournalEntityLine,
  'CostingCode' | 'CostingCode2' | 'CostingCode3' | 'CostingCode4' | 'CostingCode5'
>;

function dimensionsOf(line: Dimensions): string[] {
  const { CostingCode, CostingCode2, CostingCode3, CostingCode4, CostingCode5 } = line;
  return [CostingCode, CostingCode2, CostingCode3, CostingCode4, CostingCode5].filter((code) => code !== '');
}
