import { fitsScale, parseDecimal } from '../../domain/decimal.ts';
import type { Operation, PurchaseOrderBody } from '../../domain/documents.ts';
import type { FieldError } from '../../domain/outcomes.ts';
import type { Constraint } from '../connector.ts';

const object = 'purchase-order';
const source = 'Ledgerline import format, chapter Columns';
const width = (field: string, limit: number): Constraint => ({
  object,
  field,
  rule: 'max-length',
  limit,
  source,
});

export const constraints: readonly Constraint[] = [
  width('reference', 20),
  width('number', 30),
  width('title', 120),
  width('sourceUrl', 500),
  width('lines.key', 40),
  width('lines.description', 80),
  { object, field: 'number', rule: 'required', source },
  { object, field: 'lines.amount', rule: 'max-decimals', limit: 2, source },
];

/** What Ledgerline would refuse and what an order change cannot express. */
export function preflight(operation: Operation): FieldError[] {
  if (operation.kind !== 'create-order' && operation.kind !== 'update-order') return [];
  const { body } = operation;
  const errors: FieldError[] = constraints.flatMap((constraint) =>
    textsOf(body, constraint.field)
      .filter(({ text }) => breaks(constraint, text))
      .map(({ field }) => ({ field, message: wording(constraint), code: constraint.rule })),
  );
  for (const line of body.lines)
    if (line.coding.kind === 'item')
      errors.push({
        field: `lines[${line.key}].coding`,
        message: 'Ledgerline books lines to accounts only: map this cost code to an account.',
        code: 'coding-kind',
      });
  return operation.kind === 'create-order' ? errors : [...errors, ...unchangeable(operation)];
}

function unchangeable({ body, base }: Operation & { kind: 'update-order' }): FieldError[] {
  const fixed = (['vendorCode', 'projectCode', 'currency'] as const)
    .filter((field) => body[field] !== base.body[field])
    .map((field) => ({
      field,
      message: `An order change cannot change this: cancel order ${base.id} in Ledgerline and post a new one.`,
      code: 'unchangeable',
    }));
  const unlinked = base.body.lines
    .filter(({ key }) => base.lineKeys[key] === undefined)
    .map(({ key }) => ({
      field: `lines[${key}]`,
      message: `Its line in order ${base.id} is not known: link the order line by line first.`,
      code: 'unlinked',
    }));
  return [...fixed, ...unlinked];
}

function textsOf(body: PurchaseOrderBody, field: string): { field: string; text: string }[] {
  if (field === 'reference' || field === 'number' || field === 'title' || field === 'sourceUrl')
    return [{ field, text: body[field] }];
  const part = field.replace('lines.', '');
  if (part !== 'key' && part !== 'description' && part !== 'amount') return [];
  return body.lines.map((line) => ({ field: `lines[${line.key}].${part}`, text: line[part] }));
}

function breaks({ rule, limit = 0 }: Constraint, text: string): boolean {
  if (rule === 'required') return text.trim() === '';
  return rule === 'max-length' ? [...text].length > limit : !fitsScale(parseDecimal(text), limit);
}

function wording({ rule, limit }: Constraint): string {
  if (rule === 'required') return 'Ledgerline needs this field.';
  return rule === 'max-length'
    ? `Ledgerline takes at most ${limit} characters here: shorten it in the source.`
    : `Ledgerline takes at most ${limit} decimals here.`;
}
