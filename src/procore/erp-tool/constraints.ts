import type { Constraint } from '../../connectors/connector.ts';
import type { Operation } from '../../domain/documents.ts';
import type { FieldError } from '../../domain/posting/outcomes.ts';
import { changeOrderRows } from '../commitments/change-order-origins.ts';
import { type OriginRow, wantedRows } from './external-data.ts';

/** What Procore would refuse of our write-backs. */
export const procoreConstraints: readonly Constraint[] = [
  { object: 'vendor-link', field: 'origin_id', rule: 'required', source: 'tutorials/using_sync_actions' },
  { object: 'vendor-link', field: 'origin_id', rule: 'max-length', limit: 255, source: 'inferred' },
  { object: 'vendor-link', field: 'origin_code', rule: 'max-length', limit: 255, source: 'inferred' },
  { object: 'external-data', field: 'origin_id', rule: 'required', source: 'erp_external_data_details' },
  { object: 'external-data', field: 'origin_id', rule: 'max-length', limit: 255, source: 'inferred' },
  { object: 'external-data', field: 'origin_code', rule: 'max-length', limit: 255, source: 'inferred' },
  { object: 'payment', field: 'origin_id', rule: 'required', source: 'tutorials/tutorial_financial_tools' },
  { object: 'payment', field: 'origin_id', rule: 'max-length', limit: 255, source: 'inferred' },
  { object: 'payment', field: 'amount', rule: 'required', source: 'inferred' },
  { object: 'payment', field: 'check_number', rule: 'max-length', limit: 255, source: 'inferred' },
  { object: 'payment', field: 'invoice_number', rule: 'max-length', limit: 255, source: 'inferred' },
];

/** Field errors of an operation, known before anything is sent. */
export function procorePreflight(operation: Operation): readonly FieldError[] {
  switch (operation.kind) {
    case 'link-vendor':
      return checked('vendor-link', {
        origin_id: operation.body.originId,
        origin_code: operation.body.originCode,
      });
    case 'confirm-order':
      return checkedRows(wantedRows(operation));
    case 'confirm-change-order':
      return checkedRows(changeOrderRows(operation));
    case 'confirm-invoice':
      return checked('external-data', { origin_id: operation.originId, origin_code: operation.originCode });
    case 'record-payment':
      return checked('payment', {
        origin_id: operation.notice.originId,
        amount: operation.notice.amount,
        check_number: operation.notice.methodNumber ?? '',
        invoice_number: operation.notice.invoiceNumber ?? '',
      });
    default:
      return [];
  }
}

function checkedRows(rows: readonly OriginRow[]): FieldError[] {
  return rows.flatMap((row) =>
    checked('external-data', { origin_id: row.originId, origin_code: row.originCode ?? '' }),
  );
}

function checked(object: string, values: Readonly<Record<string, string>>): FieldError[] {
  return procoreConstraints
    .filter((constraint) => constraint.object === object)
    .flatMap(({ field, rule, limit = 0 }): FieldError[] => {
      const value = values[field] ?? '';
      if (rule === 'required' && value.trim() === '') return [{ field, message: 'must not be empty' }];
      if (rule === 'max-length' && value.length > limit)
        return [{ field, message: `is ${value.length} characters long, at most ${limit} fit` }];
      return [];
    });
}
