import type { Operation, PostedBase, PurchaseOrderBody, PurchaseOrderLine } from '../../domain/documents.ts';
import { documentFields, typedErrors } from '../../domain/planning/document-fields.ts';
import type { FieldError } from '../../domain/posting/outcomes.ts';
import { formatDecimal, parseDecimal, rescale } from '../../domain/values/decimal.ts';
import { exponentOf } from '../../domain/values/money.ts';
import type { FieldSetting, PaymentSetting } from './config.ts';
import { amountErrors, lengthErrorsOf } from './constraints.ts';
import { fileErrors } from './files/attach-files.ts';
import { invoiceErrors } from './invoices/invoice-preflight.ts';
import { tidy } from './orders/order-form.ts';
import { vendorPaymentErrors } from './payments/vendor-payments.ts';

const lengthErrors = lengthErrorsOf('purchase-order');

/** What SAP Business One would refuse about an operation, told before anything is approved. */
export function preflight(
  operation: Operation,
  setting: PaymentSetting & Partial<FieldSetting> = {},
): FieldError[] {
  const fields = documentFields(setting.documentFields ?? []);
  return [...typedErrors(fields, operation), ...documentErrors(operation, setting)];
}

function documentErrors(operation: Operation, setting: PaymentSetting): FieldError[] {
  if (operation.kind === 'create-order' || operation.kind === 'create-requisition')
    return orderErrors(operation.body);
  if (operation.kind === 'update-order') {
    const { body, base } = operation;
    return [...newErrors(body, base.body), ...unchangeable(body, base)];
  }
  if (operation.kind === 'create-invoice') return invoiceErrors(operation.body, operation.orderLines);
  if (isUnordered(operation)) return invoiceErrors(operation.body);
  if (operation.kind === 'create-vendor-payment') return vendorPaymentErrors(operation.body, setting);
  if (operation.kind === 'attach-files') return fileErrors(operation.files);
  return [];
}

type Unordered = Extract<
  Operation,
  { kind: 'create-direct-invoice' | 'create-vendor-credit' | 'create-ar-invoice' }
>;

/** What draws on no order. */
function isUnordered(operation: Operation): operation is Unordered {
  return ['create-direct-invoice', 'create-vendor-credit', 'create-ar-invoice'].includes(operation.kind);
}

function orderErrors(body: PurchaseOrderBody): FieldError[] {
  return [
    ...lengthErrors('reference', body.reference, 'reference', 'Our reference'),
    ...lengthErrors('revision', String(body.revision), 'revision', 'The revision'),
    ...lengthErrors('number', tidy(body.number), 'number', 'The number of the commitment'),
    ...lengthErrors('vendorCode', body.vendorCode, 'vendorCode', 'The vendor code'),
    ...lengthErrors('projectCode', body.projectCode, 'projectCode', 'The project code'),
    ...lengthErrors('currency', body.currency, 'currency', 'The currency'),
    ...lengthErrors('sourceUrl', body.sourceUrl, 'sourceUrl', 'The link to the source'),
    ...body.lines.flatMap((line, index) => lineErrors(line, index, body.currency)),
    ...shapeErrors(body),
  ];
}

/** What stood in the order before, such as one without a number that somebody typed, is not sent and not refused. */
function newErrors(body: PurchaseOrderBody, base: PurchaseOrderBody): FieldError[] {
  const stood = new Set(orderErrors(base).map(({ field, message }) => `${field} ${message}`));
  return orderErrors(body).filter(({ field, message }) => !stood.has(`${field} ${message}`));
}

function lineErrors(line: PurchaseOrderLine, index: number, currency: string): FieldError[] {
  const at = `lines[${line.key}]`;
  const name = `Line ${index + 1}`;
  const errors = [
    ...lengthErrors(
      'lines.description',
      tidy(line.description),
      `${at}.description`,
      `${name}: the description`,
    ),
    ...lengthErrors(
      `lines.${line.coding.kind}`,
      line.coding.code,
      `${at}.coding`,
      `${name}: the ${line.coding.kind}`,
    ),
    ...amountErrors(line.amount, currency, `${at}.amount`, name),
  ];
  if (line.coding.code === '') {
    errors.push({ field: `${at}.coding`, message: `${name} has no ${line.coding.kind}.`, code: 'required' });
  }
  return errors;
}

function shapeErrors(body: PurchaseOrderBody): FieldError[] {
  if (body.lines.length === 0) {
    return [{ field: 'lines', message: 'An order needs at least one line.', code: 'required' }];
  }
  const errors: FieldError[] = [];
  if (new Set(body.lines.map((line) => line.coding.kind)).size > 1) {
    const message =
      'Some lines are coded to accounts and some to items; an order of SAP Business One is either a service or ' +
      'an item document. Code all lines the same way.';
    errors.push({ field: 'lines', message, code: 'mixed-coding' });
  }
  const exponent = exponentOf(body.currency);
  const units = body.lines.reduce(
    (sum, line) => sum + rescale(parseDecimal(line.amount), exponent, 'half-up'),
    0n,
  );
  if (units !== rescale(parseDecimal(body.total), exponent, 'half-up')) {
    const lines = formatDecimal({ units, scale: exponent });
    const message = `The lines add up to ${lines}, the total says ${body.total}.`;
    errors.push({ field: 'total', message, code: 'total' });
  }
  if (units < 0n) {
    const message = 'The order adds up to less than zero, which SAP Business One does not take.';
    errors.push({ field: 'total', message, code: 'negative' });
  }
  return errors;
}

/** A posted order keeps its vendor, currency and document type: the ERP fixes them with the first line. */
function unchangeable(body: PurchaseOrderBody, { body: base }: PostedBase): FieldError[] {
  const fixed: [string, string, string, string][] = [
    ['vendorCode', 'vendor', base.vendorCode, body.vendorCode],
    ['currency', 'currency', base.currency, body.currency],
    ['lines', 'kind of coding', kindsOf(base), kindsOf(body)],
  ];
  return fixed
    .filter(([, , was, is]) => was !== is)
    .map(([field, name, was, is]) => ({
      field,
      message: `The ${name} of a posted order cannot change from ${was} to ${is}: close the order and send a new one.`,
      code: 'fixed',
    }));
}

function kindsOf(body: PurchaseOrderBody): string {
  return [...new Set(body.lines.map((line) => line.coding.kind))].sort().join(' and ');
}
