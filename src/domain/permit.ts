import type { Operation } from './documents.ts';

/**
 * What a write needs to be allowed: documents follow the phase. Cost that is only shown has a switch of its own, so
 * that it can be shown while nothing may be posted anywhere.
 */
export function permitOf({ kind }: Pick<Operation, 'kind'>): 'phase' | 'job-costs' {
  return kind === 'show-direct-costs' || kind === 'show-job-costs' ? 'job-costs' : 'phase';
}
