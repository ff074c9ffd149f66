import type { PayableInvoice } from '../../domain/payments/vendor-payment.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { invoicesPaidBy, planVendorPaymentOf } from '../plan/plan-vendor-payment.ts';
import { hubOf, missingSubject, notThere } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';

/** Works one payment that was entered in the source: what it says now, what the ERP says of its invoices, its plan. */
export async function resolveContractPayment(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const hub = hubOf(at);
  const key = { connection: at.id, object: 'contract-payment', nativeId: id };
  const item = await step(engine, lane.tenant, (tx) => newestItem(tx, at.id, key.object, id));
  if (item === null) return;
  const ref = { id, requestId: item.requestId };
  const pulled = await hub.fetchContractPayment(ref);
  engine.failPoint('after-fetch');
  if (pulled === null) return notThere(engine, lane, at, key.object, id);
  const invoices = await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    await keepRecord(tx, at.id, pulled);
    await expireSubject(tx, 'quarantined', missingSubject(key));
    return invoicesPaidBy(tx, at, id);
  });
  const { record } = pulled;
  const projectId = record.object === 'contract-payment' ? record.projectId : null;
  const erp = await findErp(engine, at.tenant, projectId);
  const payable = new Map<string, PayableInvoice | null>();
  for (const invoiceId of invoices)
    payable.set(invoiceId, (await erp.connection.payments?.payable(invoiceId)) ?? null);
  await step(engine, lane.tenant, (tx) => planVendorPaymentOf(engine, tx, at, ref, payable));
  engine.failPoint('after-plan');
}
