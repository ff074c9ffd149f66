import type { ProbeResult, Read, Write } from '../../../domain/posting/writes.ts';
import { contentHash } from '../../../domain/values/canonical.ts';
import { classifyFailure, readStop } from '../service-layer/errors.ts';
import { bodyOf, readOrder } from '../service-layer/wire.ts';

/** Cancels an order that nothing was received or invoiced for; it stays in the books as cancelled. */
export function cancelOrder(id: string, reference: string): Write {
  return {
    name: 'cancel-purchase-order',
    kind: 'set',
    object: 'purchase-order',
    reference,
    targetHash: contentHash({ id, cancelled: true }),
    encode: () => ({ method: 'POST', path: `/PurchaseOrders(${id})/Cancel` }),
    probe: (read) => whetherCancelled(read, id),
    classify: (response) =>
      response.status === 204 || response.status === 200 ? { kind: 'posted', id } : classifyFailure(response),
  };
}

async function whetherCancelled(read: Read, id: string): Promise<ProbeResult> {
  const response = await read({ method: 'GET', path: `/PurchaseOrders(${id})` });
  if (response.status !== 200) throw readStop(response, 'the purchase order');
  const { Cancelled } = readOrder(bodyOf(response));
  return { kind: 'standing', standing: Cancelled === 'tYES' ? 'at-target' : 'at-base', id };
}
