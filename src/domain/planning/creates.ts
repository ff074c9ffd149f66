import type { Operation, OperationKind } from '../documents.ts';

/** What makes a document that was not there before; a change of one, or telling the source of it, does not. */
const CREATES: ReadonlySet<OperationKind> = new Set([
  'create-vendor',
  'create-project',
  'create-cost-code',
  'create-sub-job',
  'create-order',
  'create-requisition',
  'create-invoice',
  'create-direct-invoice',
  'create-vendor-credit',
  'create-ar-invoice',
  'create-contract-change',
  'create-vendor-payment',
]);

export function createsDocument(operation: Operation | null): boolean {
  return operation !== null && CREATES.has(operation.kind);
}
