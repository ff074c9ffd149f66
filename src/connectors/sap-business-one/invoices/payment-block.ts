import type { Operation } from '../../../domain/documents.ts';
import type { ProbeResult, Read, WireRequest, Write } from '../../../domain/posting/writes.ts';
import { contentHash } from '../../../domain/values/canonical.ts';
import type { PaymentBlocking } from '../config.ts';
import { classifyFailure, readStop } from '../service-layer/errors.ts';
import { vendorError } from '../service-layer/vendor-error.ts';
import { bodyOf, type PaymentBlockEntity, readPaymentBlock } from '../service-layer/wire.ts';

type SetHold = Extract<Operation, { kind: 'set-payment-hold' }>;

/** The block as it is sent with a new invoice or onto a posted one. */
export function blockFields({ paymentBlockEntry }: PaymentBlocking): Readonly<Record<string, unknown>> {
  return {
    PaymentBlock: 'tYES',
    ...(paymentBlockEntry === undefined ? {} : { PaymentBlockEntry: paymentBlockEntry }),
  };
}

/**
 * Sets or lifts the payment block of a posted invoice. The block bears no words of ours, so whose it is follows from
 * what was left there, and from its reason where a reason of our own is configured.
 */
export function setPaymentHold(operation: SetHold, blocking: PaymentBlocking): Write {
  const { reference, invoiceId, hold, left } = operation;
  return {
    name: hold === null ? 'lift-payment-block' : 'set-payment-block',
    kind: 'set',
    object: 'payment-block',
    reference,
    targetHash: contentHash({ invoiceId, hold, left }),
    encode: ({ guard }): WireRequest => ({
      method: 'PATCH',
      path: `/PurchaseInvoices(${invoiceId})`,
      ...(guard === undefined ? {} : { headers: { 'if-match': guard } }),
      body: JSON.stringify(hold === null ? { PaymentBlock: 'tNO' } : blockFields(blocking)),
    }),
    probe: (read) => standingOf(read, operation, blocking),
    classify: (response) =>
      response.status === 204 || response.status === 200
        ? { kind: 'posted', id: invoiceId }
        : classifyFailure(response, undefined, 'invoice'),
  };
}

async function standingOf(read: Read, operation: SetHold, blocking: PaymentBlocking): Promise<ProbeResult> {
  const { invoiceId: id } = operation;
  // A full read on purpose: with $select the server gives a constant ETag, which would fail every guarded write.
  const response = await read({ method: 'GET', path: `/PurchaseInvoices(${id})` });
  if (response.status === 404 && vendorError(response)?.code === '-2028')
    return elsewhere(id, 'The invoice is not in SAP Business One any more.');
  if (response.status !== 200) throw readStop(response, 'the A/P invoice');
  const entity = readPaymentBlock(bodyOf(response));
  if (entity.CancelStatus !== 'csNo' && entity.CancelStatus !== '')
    return elsewhere(id, 'The invoice was cancelled in SAP Business One.');
  const standing = comparedWith(operation, entity, blocking);
  if (standing === 'theirs')
    return elsewhere(id, 'The payment block was changed in SAP Business One: it is left as it is.');
  const guard = response.headers.etag;
  return { kind: 'standing', standing, id, ...(guard === undefined ? {} : { guard }) };
}

function comparedWith(
  { hold, left }: SetHold,
  entity: PaymentBlockEntity,
  blocking: PaymentBlocking,
): 'at-target' | 'at-base' | 'theirs' {
  const isBlocked = entity.PaymentBlock === 'tYES';
  const isOurs = isBlocked && hasOurReason(entity, blocking);
  if (hold === null) {
    // Nothing of ours is there: a block that stands is somebody else's.
    if (left === null || !isBlocked) return 'at-target';
    return isOurs ? 'at-base' : 'theirs';
  }
  if (isOurs) return 'at-target';
  return left === null && !isBlocked ? 'at-base' : 'theirs';
}

/** A reason that we did not give is a person's; without one of our own configured we give none. */
function hasOurReason({ PaymentBlockEntry: entry }: PaymentBlockEntity, blocking: PaymentBlocking): boolean {
  const { paymentBlockEntry } = blocking;
  return paymentBlockEntry === undefined
    ? entry === '' || entry === '-1' || entry === '0'
    : entry === String(paymentBlockEntry);
}

function elsewhere(id: string, difference: string): ProbeResult {
  return { kind: 'standing', standing: 'elsewhere', id, difference };
}
