import { isContextObject } from '../../domain/context-record.ts';
import { NotServed, Stop, Unreadable } from '../../domain/posting/outcomes.ts';
import type { CommitmentRecord } from '../../domain/records.ts';
import type { CommitmentRef } from '../../procore/hub.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals, waitingHints } from '../../store/intake/signal.ts';
import { findRecord, markGone, noteShown } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import { wakePlaces } from '../../store/work/sweep-place.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { laneParts } from '../lanes.ts';
import { planCommitment } from '../plan/plan-commitment.ts';
import { planPayment } from '../plan/plan-payment.ts';
import { planTargetSetup } from '../plan/plan-target-setup.ts';
import { hubOf, isGone, missingSubject, notThere } from '../plan/visibility.ts';
import { stageRecords } from '../requests/staging.ts';
import { syncCodes } from '../requests/sync-codes.ts';
import { takeRequest } from '../requests/take-request.ts';
import { leaveUnserved } from '../requests/unserved.ts';
import { workItem } from '../requests/work-item.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { showInsurances } from '../watch/show-insurances.ts';
import { readOrderFiles } from './read-files.ts';
import { resolveBudget } from './resolve-budget.ts';
import { resolveChangeOrder } from './resolve-change-order.ts';
import { resolveContext } from './resolve-context.ts';
import { resolveContractPayment } from './resolve-contract-payment.ts';
import { resolveCostCode, resolveCostCodeList } from './resolve-cost-codes.ts';
import { resolveDirectCost } from './resolve-direct-cost.ts';
import { resolveOwnerInvoice } from './resolve-owner-invoice.ts';
import { resolveInsurance, resolvePaymentReadiness } from './resolve-payment-readiness.ts';
import { resolvePrimeChangeOrder } from './resolve-prime-change-order.ts';
import { resolvePrimeContract } from './resolve-prime-contract.ts';
import { resolveProject } from './resolve-project.ts';
import { resolveProjectCodes } from './resolve-project-codes.ts';
import { resolveSubInvoice } from './resolve-sub-invoice.ts';
import { resolveSubJob } from './resolve-sub-job.ts';
import { resolveVendor } from './resolve-vendor.ts';

/** Works one source record from its signals to its documents: fetch the present state, keep it, plan. */
export async function resolveSource(engine: Engine, lane: Lane): Promise<void> {
  const { connection, rest } = laneParts(lane.id);
  const [object = '', nativeId = ''] = rest;
  const at = await engine.systems.get(lane.tenant, connection);
  try {
    await resolveRecord(engine, lane, at, object, nativeId);
  } catch (error) {
    if (!(error instanceof NotServed || error instanceof Unreadable)) throw error;
    await leaveUnserved(engine, at, { object, nativeId }, error);
  }
}

async function resolveRecord(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  object: string,
  nativeId: string,
): Promise<void> {
  if (object === 'erp-request') return takeRequest(engine, lane, at, nativeId);
  if (object === 'request-item') return workItem(engine, at, nativeId);
  if (object === 'commitment') return resolveCommitment(engine, lane, at, nativeId);
  if (object === 'budget') return resolveBudget(engine, lane, at, nativeId);
  if (object === 'change-order') return resolveChangeOrder(engine, lane, at, nativeId);
  if (object === 'company-direct-cost') return resolveDirectCost(engine, lane, at, nativeId);
  if (object === 'contract-payment') return resolveContractPayment(engine, lane, at, nativeId);
  if (object === 'prime-contract') return resolvePrimeContract(engine, lane, at, nativeId);
  if (object === 'prime-change-order') return resolvePrimeChangeOrder(engine, lane, at, nativeId);
  if (object === 'owner-invoice') return resolveOwnerInvoice(engine, lane, at, nativeId);
  if (object === 'sub-invoice') return resolveSubInvoice(engine, lane, at, nativeId);
  if (object === 'payment-readiness') return resolvePaymentReadiness(engine, lane, at, nativeId);
  if (object === 'insurance') return resolveInsurance(engine, lane, at, nativeId);
  if (object === 'payment' || object === 'receipt') return resolvePayment(engine, lane, at, object, nativeId);
  if (object === 'vendor') return resolveVendor(engine, lane, at, nativeId);
  if (object === 'project') return resolveProject(engine, lane, at, nativeId);
  if (isContextObject(object)) return resolveContext(engine, lane, at, object, nativeId);
  if (object === 'standard-cost-code-list') return resolveCostCodeList(engine, lane, at, nativeId);
  if (object === 'standard-cost-code') return resolveCostCode(engine, lane, at, nativeId);
  if (object === 'sub-job') return resolveSubJob(engine, lane, at, nativeId);
  if (object === 'project-codes') return resolveProjectCodes(engine, lane, at, nativeId);
  if (object === 'code-sync') return syncCodes(engine, at, nativeId);
  if (object === 'vendor-insurances') return showInsurances(engine, at, nativeId);
  if (object === 'staging') return stageRecords(engine, at, nativeId);
  if (object === 'connection') {
    await step(engine, lane.tenant, (tx) => planTargetSetup(engine, tx, at, { isAsked: false }));
    return;
  }
  throw new Stop('bug', 'tiebeam', `no room resolves the object ${object}`);
}

async function resolveCommitment(engine: Engine, lane: Lane, at: OpenConnection, id: string): Promise<void> {
  const hub = hubOf(at);
  const ref = await step(engine, lane.tenant, (tx) => commitmentRef(tx, at, id));
  if (ref === null) return notThere(engine, lane, at, 'commitment', id);
  const pulled = await hub.fetchCommitment(ref);
  engine.failPoint('after-fetch');
  const key = { connection: at.id, object: 'commitment', nativeId: id };
  if (pulled === null && !(await isGone(engine, lane, at, key)))
    return notThere(engine, lane, at, 'commitment', id);
  if (pulled?.record.object === 'commitment')
    await readOrderFiles(engine, lane, at, pulled.record, (file) => hub.orderFiles.ofCommitment(ref, file));
  await step(engine, lane.tenant, async (tx) => {
    const heard = await takeSignals(tx, at.id, 'commitment', id);
    await wakePlaces(
      tx,
      at.id,
      heard.flatMap(({ projectId }) => projectId ?? []),
      engine.pace.sweepEveryMs,
    );
    if (pulled === null) await markGone(tx, key);
    else {
      await keepRecord(tx, at.id, pulled);
      await noteShown(tx, key);
      await expireSubject(tx, 'quarantined', missingSubject(key));
    }
    await planCommitment(engine, tx, at, id);
  });
  engine.failPoint('after-plan');
}

/** Where to look: the newest request says it, else the record we know, else the webhook's hint. */
async function commitmentRef(tx: Tx, at: OpenConnection, id: string): Promise<CommitmentRef | null> {
  const item = await newestItem(tx, at.id, 'commitment', id);
  if (item !== null && item.projectId !== null && item.type !== null)
    return { id, projectId: item.projectId, type: item.type };
  const known = await findRecord<CommitmentRecord>(tx, {
    connection: at.id,
    object: 'commitment',
    nativeId: id,
  });
  if (known !== null) return { id, projectId: known.body.projectId, type: known.body.type };
  for (const hint of await waitingHints(tx, at.id, 'commitment', id)) {
    const type = hint.type;
    if (hint.projectId && (type === 'subcontract' || type === 'purchase-order'))
      return { id, projectId: hint.projectId, type };
  }
  return null;
}

async function resolvePayment(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  object: 'payment' | 'receipt',
  id: string,
): Promise<void> {
  await step(engine, lane.tenant, (tx) => planPayment(engine, tx, at, object, id));
  engine.failPoint('after-plan');
}
