import type { JournalRecord } from '../../domain/actuals/journal.ts';
import {
  type CostDocumentSheet,
  DOCUMENTS_PER_SHEET,
  ROWS_PER_CALL,
} from '../../domain/masters/job-cost-sheets.ts';
import type { VendorRecord } from '../../domain/records.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, money } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { linkedTarget } from '../../store/documents/link.ts';
import { findRecord } from '../../store/records/record.ts';
import type { Engine } from '../engine.ts';
import { costOrigin, type Place, type PlacedRow, tell } from './tell-cost.ts';

type NamedRow = PlacedRow & { readonly name: string };
type Told = {
  readonly document: CostDocumentSheet['documents'][number];
  readonly rows: readonly NamedRow[];
};

/** Entries of the ledger, each as a direct cost under its own number, in calls of many. */
export async function tellDocuments(
  engine: Engine,
  tx: Tx,
  place: Place,
  rows: readonly PlacedRow[],
): Promise<void> {
  const { project, journals } = place.actuals;
  const entries = new Map(journals.map((journal) => [journal.id, journal]));
  const told: Told[] = [];
  for (const [entry, some] of Map.groupBy(rows, (row) => row.entry))
    told.push(await documentOf(tx, place, entries.get(entry), some));
  for (const sheet of inSheets(told)) {
    const operation = {
      kind: 'show-cost-documents',
      sheet: { projectId: project.nativeId, documents: sheet.map(({ document }) => document) },
    } as const;
    const named = sheet.flatMap((each) => each.rows);
    await tell(engine, tx, place, `job-costs:${project.nativeId}:documents`, operation, named, 1);
  }
}

/**
 * What people see of an entry: a vendor and a number where a bill made it, else its number in the ledger and nothing
 * that was typed there, because a payroll is an entry as well.
 */
async function documentOf(
  tx: Tx,
  { hub, erp, actuals }: Place,
  journal: JournalRecord | undefined,
  rows: readonly PlacedRow[],
): Promise<Told> {
  const { entry, period } = rows[0]!;
  const originId = `${costOrigin(erp, actuals.project.nativeId)}-J${entry}`;
  const named = rows.map((row) => ({ ...row, name: `${originId}|${row.costCode}|${row.costType}` }));
  const bill = journal?.document?.bill;
  const key = { connection: erp.id, object: 'vendor', nativeId: bill?.vendorCode ?? '' };
  const vendor = bill === undefined ? null : await findRecord<VendorRecord>(tx, key);
  const source = { sourceConnection: erp.id, sourceObject: 'vendor', sourceId: key.nativeId };
  const link = bill === undefined ? null : await linkedTarget(tx, hub.id, source);
  const isBill = bill !== undefined && bill.number !== '' && link !== null;
  const said = `entry ${entry} in ${erp.name}`;
  const name = vendor?.body.name ?? bill?.vendorCode;
  return {
    rows: named,
    document: {
      originId,
      description: bill === undefined ? capital(said) : `Bill ${bill.number} of ${name}, ${said}`,
      date: journal?.date ?? calendarDate(`${period}-01`),
      ...(hub.hub!.jobCosts.grain === 'document' ? {} : { retired: true }),
      bill: isBill ? { vendorId: link.targetId, number: bill.number } : null,
      lines: named.map(({ costCodeId, costTypeId, costCode, costType, name: line, amountMinor }) => ({
        originId: line,
        costCodeId,
        costTypeId,
        description: `${costCode} ${costType}`,
        amount: formatMoney(money(amountMinor, actuals.currency)),
      })),
    },
  };
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

// The calls for lines that an operation has room for.
const LINES_PER_SHEET = 9 * ROWS_PER_CALL;

function inSheets(told: readonly Told[]): Told[][] {
  const sheets: Told[][] = [];
  let lines = 0;
  for (const each of told) {
    const sheet = sheets.at(-1);
    lines += each.rows.length;
    if (sheet === undefined || sheet.length === DOCUMENTS_PER_SHEET || lines > LINES_PER_SHEET) {
      sheets.push([each]);
      lines = each.rows.length;
    } else sheet.push(each);
  }
  return sheets;
}
