import type { SubInvoiceRecord } from '../../domain/records.ts';
import { documentWaits } from '../../domain/states.ts';
import { documentsFrom } from '../../store/documents/document-lists.ts';
import { heldInvoices } from '../../store/documents/held-invoice.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import { findByMatchKeys, findRecord } from '../../store/records/record.ts';
import { type Lane, wakeLane, wakeLanes } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { sourceLane } from '../lanes.ts';
import { keepReadiness, readReadiness } from '../plan/payment-readiness.ts';
import { followHolds } from '../post/payment-hold.ts';
import { step } from '../step.ts';
import { certificate } from '../watch/keep-record.ts';

/** Looks again whether one pay application may be paid, and has its posted invoices follow. */
export async function resolvePaymentReadiness(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const key = { connection: at.id, object: 'sub-invoice', nativeId: id };
  const invoice = await step(engine, lane.tenant, (tx) => findRecord<SubInvoiceRecord>(tx, key));
  if (invoice === null || invoice.gone) return;
  const pulled = await readReadiness(engine, at, invoice.body);
  engine.failPoint('after-fetch');
  const erp = await findErp(engine, lane.tenant, invoice.body.projectId);
  await step(engine, lane.tenant, async (tx) => {
    const isNews = pulled !== null && (await keepReadiness(tx, at, pulled));
    const documents = await documentsFrom(tx, at.id, 'sub-invoice', id, erp.id);
    for (const document of documents) await followHolds(engine, tx, erp, document);
    // What is not posted yet is planned again with what holds it now.
    const waits = documents.some(({ state }) => documentWaits.has(state));
    if (isNews && waits) await wakeLane(tx, sourceLane(at, 'sub-invoice', id));
  });
  engine.failPoint('after-plan');
}

/**
 * A certificate of insurance was entered or changed: the invoices that it was looked at for are looked at again. One
 * that is new may be what held invoices wait for. The others come in their turn.
 */
export async function resolveInsurance(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const erps = (await engine.systems.erpsOf(lane.tenant)).map((erp) => erp.id);
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, 'insurance', id);
    const known = await findByMatchKeys(tx, at.id, 'payment-readiness', [certificate(id)]);
    const ids = known.length > 0 ? known.map(({ nativeId }) => nativeId) : await heldInvoices(tx, erps);
    await wakeLanes(
      tx,
      ids.map((invoiceId) => sourceLane(at, 'payment-readiness', invoiceId)),
    );
  });
}
