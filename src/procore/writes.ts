import type { Operation, OperationKind } from '../domain/documents.ts';
import { Stop } from '../domain/outcomes.ts';
import type { Write } from '../domain/writes.ts';
import { budgetWrites } from './budget-origins.ts';
import { closingWrite } from './closings.ts';
import type { ProcoreConfig } from './config.ts';
import { paymentWrite, withdrawalWrites } from './contract-payments.ts';
import { assignmentWrites, removalWrites } from './cost-assignments.ts';
import { costDocumentWrites } from './cost-documents.ts';
import { PROCORE } from './errors.ts';
import {
  changeOrderWrites,
  clearOriginWrites,
  externalDataWrites,
  wholeOriginWrites,
} from './external-data.ts';
import { insuranceWrites } from './insurances.ts';
import { directCostWrites, jobCostWrites } from './job-costs.ts';
import { stagedWrites } from './staged.ts';
import { syncedCodeWrites } from './synced-codes.ts';
import { vendorLinkWrite } from './vendor-link.ts';
import { masterOriginWrite } from './vendor-origin.ts';

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
