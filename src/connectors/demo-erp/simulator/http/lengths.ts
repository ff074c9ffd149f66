/**
 * Widths of Ledgerline's fields, from its (imaginary) import format, chapter "Columns". Written down here a
 * second time on purpose: the connector's constraints are held against what this file makes the server refuse.
 */
export const LENGTHS = {
  reference: 20,
  number: 30,
  vendor_number: 30,
  code: 12,
  name: 80,
  tax_id: 24,
  title: 120,
  note: 500,
  hold: 200,
  'lines.description': 80,
  'lines.key': 40,
} as const;

export const MAX_DOCUMENTS_PER_GROUP = 100;
export const MAX_LINES_PER_DOCUMENT = 2_000;
