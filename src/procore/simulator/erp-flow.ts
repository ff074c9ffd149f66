import { fieldErrors } from './errors.ts';
import type { ErpStatus } from './records.ts';

type Exportable = { id: number; erp_status: ErpStatus };

/** Puts things into Ready to Export, all of them or none. */
export function markReady(things: readonly Exportable[]): void {
  for (const { id, erp_status } of things)
    if (!['not_in_erp', 'failed_to_export', 'rejected', 'invalid'].includes(erp_status))
      throw fieldErrors(422, { erp_status: [`of ${id} is ${erp_status}`] });
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

/** An origin id makes a thing synced, whatever it was before; without one it is not in the ERP any more. */
export function followOrigin(thing: Exportable & { origin_id: string | null }): void {
  if (thing.origin_id !== null) thing.erp_status = 'synced';
  else if (thing.erp_status === 'synced') thing.erp_status = 'not_in_erp';
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
