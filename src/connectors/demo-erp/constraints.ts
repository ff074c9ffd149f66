import type { BudgetBody } from '../../domain/budget/budget.ts';
import type { DocumentBody, Operation, PurchaseOrderBody } from '../../domain/documents.ts';
import type { FieldError } from '../../domain/posting/outcomes.ts';
import { fitsScale, parseDecimal } from '../../domain/values/decimal.ts';
import type { Constraint } from '../connector.ts';
import { fileErrors } from './attach-files.ts';
import { billErrors } from './bill.ts';
import { invoiceErrors } from './invoice-preflight.ts';
import { salesInvoiceErrors } from './sales-invoice.ts';
import { vendorPaymentErrors } from './vendor-payments.ts';

const source = 'Ledgerline import format, chapter Columns';
const line = { 'lines.key': 40, 'lines.description': 80 };
const widths = {
  budget: { reference: 20, number: 30, title: 120, sourceUrl: 500, ...line },
  'purchase-order': { reference: 20, number: 30, title: 120, sourceUrl: 500, ...line },
  'ap-invoice': { reference: 20, invoiceNumber: 30, sourceUrl: 500, ...line },
  'ar-invoice': { reference: 20, invoiceNumber: 30, sourceUrl: 500, ...line },
  'contract-change': { reference: 20, number: 30, title: 120, sourceUrl: 500, ...line },
};

export const constraints: readonly Constraint[] = Object.entries(widths).flatMap(([object, fields]) => [
  ...Object.entries(fields).map(([field, limit]): Constraint => {
    return { object, field, rule: 'max-length', limit, source };
  }),
  { object, field: 'invoiceNumber' in fields ? 'invoiceNumber' : 'number', rule: 'required', source },
  { object, field: 'lines.amount', rule: 'max-decimals', limit: 2, source },
]);

const master = { reference: 20, code: 12, name: 80 };
const masterWidths = {
  vendor: { ...master, taxId: 24 },
  project: master,
  'cost-code': master,
  'sub-job': master,
};

/** What Ledgerline would refuse of vendors and projects. It numbers a vendor without a code, never a project. */
export const masterConstraints: readonly Constraint[] = [
  ...Object.entries(masterWidths).flatMap(([object, fields]) => [
    ...Object.entries(fields).map(([field, limit]): Constraint => {
      return { object, field, rule: 'max-length', limit, source };
    }),
    { object, field: 'name', rule: 'required', source } as const,
  ]),
  ...['project', 'cost-code', 'sub-job'].map((object): Constraint => {
    return { object, field: 'code', rule: 'required', source };
  }),
];

/** What Ledgerline would refuse, and what an order change cannot express. */
export function preflight(operation: Operation): FieldError[] {
  if (operation.kind === 'create-invoice')
    return [...broken(operation.body), ...invoiceErrors(operation.body, operation.orderLines)];
  if (operation.kind === 'attach-files') return fileErrors(operation.files);
  if (operation.kind === 'create-vendor-payment') return vendorPaymentErrors(operation.body);
  if (operation.kind === 'create-direct-invoice' || operation.kind === 'create-vendor-credit')
    return [...broken(operation.body), ...billErrors(operation.body)];
  if (operation.kind === 'create-contract-change') return broken(operation.body);
  if (operation.kind === 'create-ar-invoice')
    return [...broken(operation.body), ...salesInvoiceErrors(operation.body)];
  if (operation.kind === 'create-budget') return [...broken(operation.body), ...unbookable(operation.body)];
  if (isMaster(operation)) return broken(operation.body, masterConstraints);
  if (!isOrdering(operation)) return [];
  const { body } = operation;
  const errors = [...broken(body), ...unbookable(body)];
  return operation.kind === 'update-order' ? [...errors, ...unchangeable(operation)] : errors;
}

/** A requisition is told by the rules of the order that it asks for. */
function isOrdering(
  operation: Operation,
): operation is Extract<Operation, { kind: 'create-order' | 'create-requisition' | 'update-order' }> {
  return ['create-order', 'create-requisition', 'update-order'].includes(operation.kind);
}

function broken(body: DocumentBody, table = constraints): FieldError[] {
  return table
    .filter(({ object }) => object === body.kind)
    .flatMap((constraint) =>
      textsOf(body, constraint.field).flatMap(({ field, text }) => {
        const message = complaint(constraint, text);
        return message === null ? [] : [{ field, message, code: constraint.rule }];
      }),
    );
}

function unbookable({ lines }: Pick<PurchaseOrderBody | BudgetBody, 'lines'>): FieldError[] {
  const message = 'Ledgerline books lines to accounts only: map this cost code to an account.';
  return lines
    .filter(({ coding }) => coding.kind === 'item')
    .map(({ key }) => ({ field: `lines[${key}].coding`, message, code: 'coding-kind' }));
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

type NewMaster = Extract<
  Operation,
  { kind: 'create-vendor' | 'create-project' | 'create-cost-code' | 'create-sub-job' }
>;

function isMaster(operation: Operation): operation is NewMaster {
  return 'body' in operation && Object.hasOwn(masterWidths, operation.body.kind);
}

type Texts = Readonly<Record<string, string | readonly Readonly<Record<string, string>>[]>>;

/** The texts behind a field, of each line where it is a field of lines. */
function textsOf(body: object, field: string): { field: string; text: string }[] {
  const [name = '', part = ''] = field.split('.');
  const value = (body as Texts)[name] ?? '';
  if (typeof value === 'string') return [{ field, text: value }];
  return value.map((each) => ({ field: `${name}[${each.key}].${part}`, text: each[part] ?? '' }));
}

function complaint({ rule, limit = 0 }: Constraint, text: string): string | null {
  if (rule === 'required') return text.trim() === '' ? 'Ledgerline needs this field.' : null;
  if (rule === 'max-decimals')
    return fitsScale(parseDecimal(text), limit) ? null : `Ledgerline takes at most ${limit} decimals here.`;
  if ([...text].length <= limit) return null;
  return `Ledgerline takes at most ${limit} characters here: shorten it in the source.`;
}
