import { inTenant, type Tx } from '../store/database/transaction.ts';
import type { Engine } from './engine.ts';

/**
 * One business step: one transaction of one tenant. No call to an outside system runs inside, so that the whole
 * of it may run again after a deadlock.
 */
export function step<T>(
  engine: Pick<Engine, 'pools'>,
  tenant: string,
  run: (tx: Tx) => Promise<T>,
): Promise<T> {
  return inTenant(engine.pools.app, tenant, run, { retry: true });
}
