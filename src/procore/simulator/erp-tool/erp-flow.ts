import { fieldErrors } from '../http/errors.ts';
import type { ErpStatus } from '../records.ts';

export type Exportable = { id: number; erp_status: ErpStatus };

export const SENDABLE: readonly ErpStatus[] = ['not_in_erp', 'failed_to_export', 'rejected', 'invalid'];
export const SENDABLE_AGAIN: readonly ErpStatus[] = [...SENDABLE, 'synced'];

/** Puts things into Ready to Export, all of them or none. */
export function markReady(things: readonly Exportable[], allowed = SENDABLE): void {
  for (const { id, erp_status } of things)
    if (!allowed.includes(erp_status)) throw fieldErrors(422, { erp_status: [`of ${id} is ${erp_status}`] });
  for (const thing of things) thing.erp_status = 'ready_to_export';
}

/** The approver exports what is ready, and tries again what failed. */
export function assertReady(things: readonly Exportable[]): void {
  for (const { id, erp_status } of things)
    if (!['ready_to_export', 'failed_to_export'].includes(erp_status))
      throw fieldErrors(422, { erp_status: [`of ${id} is ${erp_status}`] });
}

/** The approver sends them back to the project. */
export function rejectAll(things: readonly Exportable[]): number[] {
  for (const { id, erp_status } of things)
    if (erp_status !== 'ready_to_export')
      throw fieldErrors(422, { erp_status: [`of ${id} is ${erp_status}`] });
  for (const thing of things) thing.erp_status = 'not_in_erp';
  return things.map(({ id }) => id);
}

/** What a closed request detail says about the thing that was on its way. */
export function settleExport(
  thing: Exportable & { origin_id: string | null },
  outcome: 'success' | 'failed',
): void {
  if (thing.erp_status !== 'exportging') return;
  if (outcome === 'failed') thing.erp_status = 'failed_to_export';
  else thing.erp_status = thing.origin_id === null ? 'invalid' : 'synced';
}
