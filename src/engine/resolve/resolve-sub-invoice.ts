import type { SubInvoiceRecord } from '../../domain/records.ts';
import type { SubInvoiceRef } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import { findRecord, markGone, noteShown, type RecordKey } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { askAboutBilling } from '../plan/ask-billing.ts';
import { lookAtOrder } from '../plan/order-in-erp.ts';
import { keepReadiness, readReadiness } from '../plan/payment-readiness.ts';
import { planSubInvoice } from '../plan/plan-sub-invoice.ts';
import { hubOf, isGone, missingSubject, notThere } from '../plan/visibility.ts';
import { wakeLaterApplications } from '../plan/wake.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { readFiles } from './read-files.ts';

/** Works one pay application: its present state, its files, what the ERP says of its order, its plan. */
export async function resolveSubInvoice(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const hub = hubOf(at);
  const key = { connection: at.id, object: 'sub-invoice', nativeId: id };
  const ref = await step(engine, lane.tenant, (tx) => subInvoiceRef(tx, key));
  if (ref === null) return notThere(engine, lane, at, key.object, id);
  const pulled = await hub.fetchSubInvoice(ref);
  engine.failPoint('after-fetch');
  if (pulled === null && !(await isGone(engine, lane, at, key)))
    return notThere(engine, lane, at, key.object, id);
  const known = await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    if (pulled === null) await markGone(tx, key);
    else {
      const kept = await keepRecord(tx, at.id, pulled);
      if (kept.changed) await wakeLaterApplications(engine, tx, lane.tenant, pulled.record);
      await noteShown(tx, key);
      await expireSubject(tx, 'quarantined', missingSubject(key));
    }
    return findRecord<SubInvoiceRecord>(tx, key);
  });
  if (known === null) return;
  if (pulled !== null) {
    await lookAtPayment(engine, at, known.body);
    const { projectId } = known.body;
    await readFiles(engine, lane, known, (file) => hub.fetchSubInvoiceFile({ id, projectId }, file));
  }
  const seen = await lookAtOrder(engine, at, known.body);
  await step(engine, lane.tenant, (tx) => planSubInvoice(engine, tx, at, id, seen));
  await askAboutBilling(engine, at, { object: 'sub-invoice', id });
  engine.failPoint('after-plan');
}

/** An application that is not approved is paid by nobody, and costs no calls. */
async function lookAtPayment(engine: Engine, at: OpenConnection, invoice: SubInvoiceRecord): Promise<void> {
  const pulled = invoice.approved ? await readReadiness(engine, at, invoice) : null;
  if (pulled !== null) await step(engine, at.tenant, (tx) => keepReadiness(tx, at, pulled));
}

async function subInvoiceRef(tx: Tx, key: RecordKey): Promise<SubInvoiceRef | null> {
  const { connection, object, nativeId: id } = key;
  const known = await findRecord<SubInvoiceRecord>(tx, key);
  const projectId =
    known?.body.projectId ?? (await newestItem(tx, connection, object, id))?.projectId ?? null;
  return projectId === null ? null : { id, projectId };
}
