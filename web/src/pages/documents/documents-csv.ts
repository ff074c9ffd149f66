import type { DocumentRow } from '../../api/types.ts';
import { csvText, saveCsv } from '../../ui/csv.ts';

const heads = [
  'kind',
  'number',
  'title',
  'project',
  'erp company',
  'vendor',
  'state',
  'waits for',
  'amount',
  'currency',
  'accounting date',
  'source id',
  'target number',
  'target id',
] as const;

/** The rows on screen as a file. */
export function csvOf(rows: readonly DocumentRow[]): string {
  return csvText(
    heads,
    rows.map((row) => [
      row.kind,
      row.number,
      row.title,
      row.project?.name ?? '',
      row.target.company ?? '',
      row.vendor ?? '',
      row.state,
      row.waitsFor,
      row.amount ?? '',
      row.currency ?? '',
      row.accountingDate ?? '',
      row.source.id,
      row.target.number ?? '',
      row.target.id ?? '',
    ]),
  );
}

export function downloadCsv(rows: readonly DocumentRow[]): void {
  saveCsv('tiebeam-documents.csv', csvOf(rows));
}
