import type { Operation, OperationKind } from '../documents.ts';

const COST: ReadonlySet<OperationKind> = new Set([
  'show-direct-costs',
  'show-cost-documents',
  'show-job-costs',
]);

/**
 * What a write needs to be allowed: documents follow the phase. Cost that is only shown has a switch of its own, so
 * that it can be shown while nothing may be posted anywhere.
 */
export function permitOf({ kind }: Pick<Operation, 'kind'>): 'phase' | 'job-costs' {
  return COST.has(kind) ? 'job-costs' : 'phase';
}
