import type { DocumentRow } from '../../api/types.ts';

const heads = [
  'kind',
  'number',
  'title',
  'project',
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

/** The rows on screen as a file. Amounts are the exact decimals, not the formatted ones. */
export function csvOf(rows: readonly DocumentRow[]): string {
  const lines = rows.map((row) =>
    [
      row.kind,
      row.number,
      row.title,
      row.project?.name ?? '',
      row.vendor ?? '',
      row.state,
      row.waitsFor,
      row.amount ?? '',
      row.currency ?? '',
      row.accountingDate ?? '',
      row.source.id,
      row.target.number ?? '',
      row.target.id ?? '',
    ]
      .map(csvCell)
      .join(','),
  );
  return `${[heads.join(','), ...lines].join('\r\n')}\r\n`;
}

export function downloadCsv(rows: readonly DocumentRow[]): void {
  const address = URL.createObjectURL(new Blob(['\uFEFF', csvOf(rows)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'tiebeam-documents.csv';
  link.click();
  URL.revokeObjectURL(address);
}

/** A spreadsheet runs a cell that starts like a formula; a vendor's name must not. Amounts may start with "-". */
function csvCell(text: string): string {
  const isAmount = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isAmount && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
