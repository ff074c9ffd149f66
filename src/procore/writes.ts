import type { Operation, OperationKind } from '../domain/documents.ts';
import { Stop } from '../domain/posting/outcomes.ts';
import type { Write } from '../domain/posting/writes.ts';
import { paymentWrite, withdrawalWrites } from './billing/contract-payments.ts';
import { budgetWrites } from './budget/budget-origins.ts';
import type { ProcoreConfig } from './config.ts';
import { assignmentWrites, removalWrites } from './costs/cost-assignments.ts';
import { costDocumentWrites } from './costs/cost-documents.ts';
import { directCostWrites, jobCostWrites } from './costs/job-costs.ts';
import { closingWrite } from './erp-tool/closings.ts';
import {
  changeOrderWrites,
  clearOriginWrites,
  externalDataWrites,
  wholeOriginWrites,
} from './erp-tool/external-data.ts';
import { stagedWrites } from './erp-tool/staged.ts';
import { PROCORE } from './http/errors.ts';
import { insuranceWrites } from './masters/insurances.ts';
import { syncedCodeWrites } from './masters/synced-codes.ts';
import { vendorLinkWrite } from './masters/vendor-link.ts';
import { masterOriginWrite } from './masters/vendor-origin.ts';

export const supportedOperations: ReadonlySet<OperationKind> = new Set([
  'link-vendor',
  'confirm-master',
  'stage-records',
  'confirm-order',
  'confirm-change-order',
  'confirm-invoice',
  'confirm-record',
  'confirm-budget',
  'sync-codes',
  'sync-insurances',
  'remove-assignment',
  'assign-cost-types',
  'record-payment',
  'withdraw-payment',
  'show-direct-costs',
  'show-cost-documents',
  'show-job-costs',
  'clear-origins',
  'close-request',
]);

/** The writes that do an operation in Procore, in order. All but a payment are sets: probe, compare, then send. */
export function procoreWrites(operation: Operation, config: ProcoreConfig): readonly Write[] {
  switch (operation.kind) {
    case 'link-vendor':
      return [vendorLinkWrite(operation.body, config)];
    case 'confirm-order':
      // Closing comes last: it tells a person that everything before it stands.
      return [
        ...externalDataWrites(operation, config),
        ...(operation.closing === null ? [] : [closingWrite(operation.closing, config)]),
      ];
    case 'confirm-change-order':
      return [
        ...changeOrderWrites(operation, config),
        ...(operation.closing === null ? [] : [closingWrite(operation.closing, config)]),
      ];
    case 'confirm-invoice':
    case 'confirm-record':
      return [
        ...wholeOriginWrites(operation, config),
        ...(operation.closing === null ? [] : [closingWrite(operation.closing, config)]),
      ];
    case 'confirm-budget':
      return budgetWrites(operation, config);
    case 'confirm-master':
      return [
        masterOriginWrite(operation, config),
        ...(operation.closing === null ? [] : [closingWrite(operation.closing, config)]),
      ];
    case 'stage-records':
      return stagedWrites(operation, config);
    case 'sync-codes':
      return syncedCodeWrites(operation, config);
    case 'sync-insurances':
      return insuranceWrites(operation, config);
    case 'remove-assignment':
      return removalWrites(operation);
    case 'assign-cost-types':
      return assignmentWrites(operation, config);
    case 'record-payment':
      return [paymentWrite(operation.notice, config)];
    case 'withdraw-payment':
      return withdrawalWrites(operation, config);
    case 'show-direct-costs':
      return directCostWrites(operation.sheet, config);
    case 'show-cost-documents':
      return costDocumentWrites(operation.sheet, config);
    case 'show-job-costs':
      return jobCostWrites(operation.sheet, config);
    case 'clear-origins':
      return [
        ...clearOriginWrites(operation, config),
        ...(operation.closing === null ? [] : [closingWrite(operation.closing, config)]),
      ];
    case 'close-request':
      return [closingWrite(operation.closing, config)];
    default:
      throw new Stop('bug', PROCORE, `Procore is not a target of ${operation.kind}`);
  }
}
