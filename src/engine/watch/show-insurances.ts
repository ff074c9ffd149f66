import type { Operation } from '../../domain/documents.ts';
import { type InsuranceRecord, type OwnedInsurance, planInsurances } from '../../domain/masters/insurance.ts';
import type { Posting } from '../../domain/posting/posting.ts';
import { postingDone } from '../../domain/states.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import { MAX_INSURANCES } from '../../procore/masters/insurances.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { linkedSource, linkedTarget } from '../../store/documents/link.ts';
import { addPostings, isUnderWay, type StoredPosting } from '../../store/documents/posting.ts';
import { findByMatchKeys } from '../../store/records/record.ts';
import { expireRefusedCalls } from '../../store/requests/staging.ts';
import { wakeLane, wakeLanes } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane, sourceLane } from '../lanes.ts';
import { step } from '../step.ts';
import { insuranceOf } from './keep-record.ts';

/**
 * Writes to Procore what the ERP's certificates of a vendor say, as they stand. Looked at when one of them changed, when
 * the vendor was linked, and once its calls ended, because more may have changed meanwhile.
 */
export async function showInsurances(engine: Engine, hub: OpenConnection, vendorId: string): Promise<void> {
  const known = await step(engine, hub.tenant, (tx) => ownedOf(engine, tx, hub, vendorId));
  if (known.length === 0) return;
  const shown = await hub.hub!.shownInsurances(vendorId);
  engine.failPoint('after-fetch');
  if (shown === null)
    return engine.log.warn({ vendorId }, 'Procore does not show the insurances of a vendor');
  await step(engine, hub.tenant, async (tx) => {
    const root = `insurances:${vendorId}`;
    // Its end looks here again.
    if (await isUnderWay(tx, hub.id, root)) return;
    await expireRefusedCalls(tx, hub.id, root);
    const owned = await ownedOf(engine, tx, hub, vendorId);
    const rows = planInsurances(owned, shown, utcDate(engine.clock.now())).slice(0, MAX_INSURANCES);
    if (rows.length === 0) return;
    const operation: Operation = { kind: 'sync-insurances', vendorId, rows };
    const writes = hub.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
    await addPostings(tx, { document: null, connection: hub.id, root, operation }, writes);
    await wakeLane(tx, postLane(hub, root));
  });
  engine.failPoint('after-plan');
}

/** A call ended: what is held for a certificate is looked at again. Refused alone is no reason for another. */
export async function concludeInsurances(
  tx: Tx,
  hub: OpenConnection,
  { operation, state }: StoredPosting & Posting,
): Promise<void> {
  if (operation.kind !== 'sync-insurances') return;
  if (!postingDone.has(state) && state !== 'refused') return;
  const { vendorId, rows } = operation;
  // The echo of a write of ours is no news; one that is new has no id yet, and stands for all that are held.
  const ids = new Set(rows.map(({ id, originId }) => id ?? originId));
  await wakeLanes(
    tx,
    [...ids].map((id) => sourceLane(hub, 'insurance', id)),
  );
  if (postingDone.has(state)) await wakeLane(tx, insurancesLane(hub, vendorId));
}

/** Where the certificates of a vendor of Procore are compared with the ERP's. */
export function insurancesLane(hub: OpenConnection, vendorId: string) {
  return sourceLane(hub, 'vendor-insurances', vendorId);
}

/** A certificate of the ERP changed: its vendor's are compared, as soon as it is linked to one. */
export async function wakeInsurances(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  { vendorId }: InsuranceRecord,
): Promise<void> {
  const hub = await engine.systems.hubOf(erp.tenant);
  const vendor = { sourceConnection: erp.id, sourceObject: 'vendor', sourceId: vendorId };
  const link = await linkedTarget(tx, hub.id, vendor);
  if (link !== null) await wakeLane(tx, insurancesLane(hub, link.targetId));
}

/** A vendor was linked: what an ERP knew of its insurances before is shown now. */
export async function wakeInsurancesOf(
  engine: Engine,
  tx: Tx,
  tenant: string,
  vendorId: string,
): Promise<void> {
  const erps = await engine.systems.erpsOf(tenant);
  if (erps.some(({ connection }) => connection.pull.insurance !== undefined))
    await wakeLane(tx, insurancesLane(await engine.systems.hubOf(tenant), vendorId));
}

/** What every ERP says of the vendors that stand for this one. */
async function ownedOf(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  vendorId: string,
): Promise<OwnedInsurance[]> {
  const owned: OwnedInsurance[] = [];
  const vendor = { targetConnection: hub.id, targetObject: 'vendor', targetId: vendorId };
  for (const erp of await engine.systems.erpsOf(hub.tenant)) {
    const link = await linkedSource(tx, erp.id, vendor);
    if (link === null) continue;
    const keys = [insuranceOf(link.sourceId)];
    const records = await findByMatchKeys<InsuranceRecord>(tx, erp.id, 'insurance', keys, MAX_INSURANCES);
    for (const { body } of records) {
      const { object: _, id, vendorId: __, ...facts } = body;
      owned.push({ ...facts, originId: `${erp.code}-${id}` });
    }
  }
  return owned;
}
