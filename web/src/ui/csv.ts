import { saveFile } from './save-file.ts';

/** Rows as the text of a file. Amounts are the exact decimals, not the formatted ones. */
export function csvText(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = rows.map((cells) => cells.map(csvCell).join(','));
  return `${[heads.join(','), ...lines].join('\r\n')}\r\n`;
}

/** Hands a file to whoever reads the page. */
export function saveCsv(name: string, text: string): void {
  saveFile(name, new Blob(['\uFEFF', text], { type: 'text/csv' }));
}

/** A spreadsheet runs a cell that starts like a formula; a vendor's name must not. Amounts may start with "-". */
function csvCell(text: string): string {
  const isAmount = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isAmount && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
