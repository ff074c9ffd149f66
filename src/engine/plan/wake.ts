import { type Wait, waitKeys } from '../../domain/reasons.ts';
import type { CanonicalRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { nextToBill } from '../../store/documents/billing-line.ts';
import {
  type Planned,
  unpostedByPolicy,
  unpostedUsing,
  waitingFor,
} from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import type { RecordKey } from '../../store/records/record.ts';
import { exportsOfProject } from '../../store/requests/request-item.ts';
import { ordersWait } from '../../store/requests/staging.ts';
import { type LaneKey, wakeLane, wakeLanes } from '../../store/work/lane.ts';
import type { Engine } from '../engine.ts';
import { primeContractRoot, sourceLane, WAITING_ORDERS } from '../lanes.ts';
import { wakeInsurancesOf } from '../watch/show-insurances.ts';

/** Wakes the lanes of everything that waits for a key: the only way a waiting document is released. */
export async function wakeWaiting(
  engine: Engine,
  tx: Tx,
  tenant: string,
  kind: Wait['kind'],
  key: string,
): Promise<void> {
  await outlastPlans(tx);
  await wakeReleased(engine, tx, tenant, kind, key);
}

/** The same where this transaction holds a lock that a plan takes before it reads what it would wait for. */
export async function wakeReleased(
  engine: Engine,
  tx: Tx,
  tenant: string,
  kind: Wait['kind'],
  key: string,
): Promise<void> {
  if (kind === 'billing') return wakeLine(engine, tx, tenant, key);
  await wakeAll(engine, tx, tenant, (after) => waitingFor(tx, kind, key, after));
  if (kind === 'vendor') await wakeInsurancesOf(engine, tx, tenant, key);
  if (mayBeLacked(kind, key) && (await ordersWait(tx))) {
    const hub = await engine.systems.hubOf(tenant);
    await wakeLane(tx, sourceLane(hub, 'staging', WAITING_ORDERS));
  }
}

/**
 * Applications of one contract are billed one after the other. The next one looks at once, the others a while later and
 * once for all that happened until then: if each invoice had all of them look, their looks would grow by the square.
 */
async function wakeLine(engine: Engine, tx: Tx, tenant: string, contract: string): Promise<void> {
  // All of them in one order first, so that two who wake the same ones never block each other.
  const all = (after: string | null) => waitingFor(tx, 'billing', contract, after);
  await wakeAll(engine, tx, tenant, all, engine.pace.sweepEveryMs);
  await wakeAll(engine, tx, tenant, (after) => nextToBill(tx, contract, after));
}

/** Orders of the ERP that cannot be offered yet have no document that waits: any of these may be what they lack. */
function mayBeLacked(kind: Wait['kind'], key: string): boolean {
  return kind === 'mapping' || kind === 'vendor' || (kind === 'record' && key.startsWith('project:'));
}

/** A pay application says something else: those of its commitment that wait for an earlier one look again. */
export async function wakeLaterApplications(
  engine: Engine,
  tx: Tx,
  tenant: string,
  record: CanonicalRecord,
): Promise<void> {
  if (record.object === 'sub-invoice')
    await wakeWaiting(engine, tx, tenant, 'billing', waitKeys.billing(record.commitmentId));
  if (record.object === 'owner-invoice')
    await wakeWaiting(engine, tx, tenant, 'billing', waitKeys.billing(primeContractRoot(record.contractId)));
}

/** A changed mapping row: those who wait for it, and unposted documents that already used it. */
export async function wakeMapping(
  engine: Engine,
  tx: Tx,
  tenant: string,
  kind: string,
  key: string,
): Promise<void> {
  await wakeWaiting(engine, tx, tenant, 'mapping', `${kind}:${key}`);
  await wakeAll(engine, tx, tenant, (after) => unpostedUsing(tx, kind, key, after));
}

/** Another policy: what it may let go or hold up otherwise, which is all that has not left yet. */
export async function wakePolicy(engine: Engine, tx: Tx, tenant: string): Promise<void> {
  await outlastPlans(tx);
  await wakeAll(engine, tx, tenant, (after) => unpostedByPolicy(tx, after));
}

/** What was exported from a project and waited to hear where it goes. */
export async function wakeExports(engine: Engine, tx: Tx, tenant: string, projectId: string): Promise<void> {
  const hub = await engine.systems.hubOf(tenant);
  const waiting = await exportsOfProject(tx, hub.id, projectId);
  await wakeLanes(
    tx,
    waiting.map(({ object, nativeId }) => sourceLane(hub, object, nativeId)),
  );
}

/** However many there are: whoever is left out would wait for something that is already there. */
async function wakeAll(
  engine: Engine,
  tx: Tx,
  tenant: string,
  pageAfter: (document: string | null) => Promise<readonly Planned[]>,
  afterMs = 0,
): Promise<void> {
  let page = await pageAfter(null);
  while (page.length > 0) {
    await wakeLanes(tx, await Promise.all(page.map((record) => laneOf(engine, tenant, record))), afterMs);
    page = await pageAfter(page.at(-1)!.document);
  }
}

/** Has a document planned again from what its source says now. */
export async function wakePlanner(
  engine: Engine,
  tx: Tx,
  tenant: string,
  document: Pick<
    StoredDocument,
    'kind' | 'sourceConnection' | 'sourceObject' | 'sourceId' | 'targetConnection' | 'part'
  >,
): Promise<void> {
  const { sourceConnection, sourceObject, sourceId, targetConnection, part } = document;
  const own = { connection: sourceConnection, object: sourceObject, nativeId: sourceId };
  // A vendor link brings the ERP's code to Procore: it is the vendor in Procore that is looked at.
  const linked = { connection: targetConnection, object: sourceObject, nativeId: part };
  await wakeLanes(tx, [await laneOf(engine, tenant, document.kind === 'vendor-link' ? linked : own)]);
}

async function laneOf(engine: Engine, tenant: string, record: RecordKey): Promise<LaneKey> {
  const at = await engine.systems.get(tenant, record.connection);
  return sourceLane(at, record.object, record.nativeId);
}
