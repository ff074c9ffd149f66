import type { Pulled } from '../../connectors/connector.ts';
import { possibleOwnerNumbers } from '../../domain/owner/owner-invoice.ts';
import type { OwnerInvoiceRecord, ProjectRecord } from '../../domain/records.ts';
import type { Hub, OwnerInvoiceRef } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import { findRecord, listRecords, markGone, noteShown, type RecordKey } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import { type Lane, wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { sourceLane } from '../lanes.ts';
import { askAboutBilling } from '../plan/ask-billing.ts';
import { type NumbersInErp, numbersInErp } from '../plan/numbers-in-erp.ts';
import { planOwnerInvoices } from '../plan/plan-owner-invoice.ts';
import { hubOf, isGone, missingSubject, notThere } from '../plan/visibility.ts';
import { wakeLaterApplications } from '../plan/wake.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { readFiles } from './read-files.ts';

/** Works one owner invoice: its present state, that of the one before it, its number in the ERP, its plan. */
export async function resolveOwnerInvoice(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const hub = hubOf(at);
  const key = { connection: at.id, object: 'owner-invoice', nativeId: id };
  const pulled = await read(engine, lane, hub, key);
  engine.failPoint('after-fetch');
  if (pulled === null && !(await isGone(engine, lane, at, key)))
    return notThere(engine, lane, at, key.object, id);
  const known = await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    if (pulled === null) await markGone(tx, key);
    else await keep(engine, tx, at, key, pulled);
    return findRecord<OwnerInvoiceRecord>(tx, key);
  });
  if (known === null) return;
  if (pulled !== null) {
    const { projectId } = known.body;
    await readFiles(engine, lane, known, (file) => hub.fetchOwnerInvoiceFile({ id, projectId }, file));
  }
  const numbers = await lookAtNumbers(engine, at, known.body);
  await step(engine, lane.tenant, (tx) => planOwnerInvoices(engine, tx, at, id, numbers));
  await askAboutBilling(engine, at, { object: 'owner-invoice', id });
  engine.failPoint('after-plan');
}

/**
 * An export does not say to which project it belongs, and the interface shows an owner invoice only within one: where
 * it was never seen, every project is asked once.
 */
async function read(engine: Engine, lane: Lane, hub: Hub, key: RecordKey): Promise<Pulled | null> {
  const refs = await step(engine, lane.tenant, (tx) => refsOf(tx, key));
  for (const ref of refs) {
    const pulled = await hub.fetchOwnerInvoice(ref);
    if (pulled !== null) return pulled;
  }
  return null;
}

async function refsOf(tx: Tx, key: RecordKey): Promise<readonly OwnerInvoiceRef[]> {
  const { connection, object, nativeId: id } = key;
  const known = await findRecord<OwnerInvoiceRecord>(tx, key);
  const projectId = known?.body.projectId ?? (await newestItem(tx, connection, object, id))?.projectId;
  if (projectId != null) return [{ id, projectId }];
  const projects = await listRecords<ProjectRecord>(tx, connection, 'project');
  return projects.map((project) => ({ id, projectId: project.nativeId }));
}

/** What it says now; the one before it is looked at as well where nobody saw it yet: billing goes on from it. */
async function keep(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  key: RecordKey,
  pulled: Pulled,
): Promise<void> {
  const kept = await keepRecord(tx, at.id, pulled);
  await noteShown(tx, key);
  await expireSubject(tx, 'quarantined', missingSubject(key));
  const { record } = pulled;
  if (!kept.changed || record.object !== 'owner-invoice') return;
  await wakeLaterApplications(engine, tx, at.tenant, record);
  if (record.previousId !== null) await wakeLane(tx, sourceLane(at, key.object, record.previousId));
}

async function lookAtNumbers(
  engine: Engine,
  at: OpenConnection,
  record: OwnerInvoiceRecord,
): Promise<NumbersInErp> {
  const erp = await findErp(engine, at.tenant, record.projectId);
  const rows = await step(engine, at.tenant, (tx) => mappingsFor(tx, erp, record.projectId));
  const customer = rows.find(({ kind, key }) => kind === 'customer' && key === record.contractId)?.value.code;
  const { arInvoicesNumbered } = erp.connection;
  const look =
    customer === undefined ? undefined : (number: string) => arInvoicesNumbered?.(customer, number);
  return numbersInErp(erp, possibleOwnerNumbers(record), look);
}
