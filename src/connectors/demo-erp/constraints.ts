import { fitsScale, parseDecimal } from '../../domain/decimal.ts';
import type { Operation, PurchaseOrderBody } from '../../domain/documents.ts';
import type { FieldError } from '../../domain/outcomes.ts';
import type { Constraint } from '../connector.ts';

const object = 'purchase-order';
const source = 'Ledgerline import format, chapter Columns';
const widths = {
  reference: 20,
  number: 30,
  title: 120,
  sourceUrl: 500,
  'lines.key': 40,
  'lines.description': 80,
};

export const constraints: readonly Constraint[] = [
  ...Object.entries(widths).map(([field, limit]): Constraint => {
    return { object, field, rule: 'max-length', limit, source };
  }),
  { object, field: 'number', rule: 'required', source },
  { object, field: 'lines.amount', rule: 'max-decimals', limit: 2, source },
];

/** What Ledgerline would refuse and what an order change cannot express. */
export function preflight(operation: Operation): FieldError[] {
  if (operation.kind !== 'create-order' && operation.kind !== 'update-order') return [];
  const errors: FieldError[] = constraints.flatMap((constraint) =>
    textsOf(operation.body, constraint.field).flatMap(({ field, text }) => {
      const message = complaint(constraint, text);
      return message === null ? [] : [{ field, message, code: constraint.rule }];
    }),
  );
  const message = 'Ledgerline books lines to accounts only: map this cost code to an account.';
  for (const { key, coding } of operation.body.lines)
    if (coding.kind === 'item') errors.push({ field: `lines[${key}].coding`, message, code: 'coding-kind' });
  return operation.kind === 'create-order' ? errors : [...errors, ...unchangeable(operation)];
}

function unchangeable({ body, base }: Operation & { kind: 'update-order' }): FieldError[] {
  const fixed = (['vendorCode', 'projectCode', 'currency'] as const)
    .filter((field) => body[field] !== base.body[field])
    .map((field) => {
      const message = `An order change cannot change this: cancel order ${base.id} in Ledgerline and post a new one.`;
      return { field, message, code: 'unchangeable' };
    });
  const unlinked = base.body.lines
    .filter(({ key }) => base.lineKeys[key] === undefined)
    .map(({ key }) => {
      const message = `Its line in order ${base.id} is not known: link the order line by line first.`;
      return { field: `lines[${key}]`, message, code: 'unlinked' };
    });
  return [...fixed, ...unlinked];
}

function textsOf(body: PurchaseOrderBody, field: string): { field: string; text: string }[] {
  if (field === 'reference' || field === 'number' || field === 'title' || field === 'sourceUrl')
    return [{ field, text: body[field] }];
  const part = field.replace('lines.', '');
  if (part !== 'key' && part !== 'description' && part !== 'amount') return [];
  return body.lines.map((line) => ({ field: `lines[${line.key}].${part}`, text: line[part] }));
}

function complaint({ rule, limit = 0 }: Constraint, text: string): string | null {
  if (rule === 'required') return text.trim() === '' ? 'Ledgerline needs this field.' : null;
  if (rule === 'max-decimals')
    return fitsScale(parseDecimal(text), limit) ? null : `Ledgerline takes at most ${limit} decimals here.`;
  if ([...text].length <= limit) return null;
  return `Ledgerline takes at most ${limit} characters here: shorten it in the source.`;
}
