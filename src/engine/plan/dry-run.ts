import { matchVendor, vendorKeys } from '../../domain/masters/vendor-match.ts';
import { type OrderPlan, planOrder } from '../../domain/orders/plan-order.ts';
import type { WireRequest } from '../../domain/posting/writes.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { CommitmentRecord, VendorRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { ordersOfRoot } from '../../store/documents/document-lists.ts';
import { findByMatchKeys, findRecord, listRecords, type StoredRecord } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor, projectWithoutCompany } from '../erp-companies.ts';
import { commitmentRoot } from '../lanes.ts';
import { step } from '../step.ts';
import { standingOrder } from './order-in-erp.ts';
import { ownOf, planInput, revisionOf } from './plan-commitment.ts';
import { orderedAs } from './plan-requisition.ts';

export type DryRun = {
  readonly record: CommitmentRecord;
  readonly plan: OrderPlan;
  readonly requests: readonly (WireRequest & { readonly write: string })[];
};

/** What every approved commitment would become, request by request, as if it had been exported. Writes nothing. */
export async function* dryRun(
  engine: Engine,
  tenant: string,
  project: string | null,
): AsyncGenerator<DryRun> {
  const at = await engine.systems.hubOf(tenant);
  const records = await step(engine, tenant, (tx) =>
    listRecords<CommitmentRecord>(tx, at.id, 'commitment', 100_000),
  );
  for (const record of records) {
    if (project !== null && record.body.projectId !== project) continue;
    const { erp, plan } = await step(engine, tenant, (tx) => planWhereItGoes(engine, tx, at, record));
    const operation = plan.kind === 'document' ? plan.operation : null;
    const writes = operation === null ? [] : erp.connection.writes(operation);
    yield {
      record: record.body,
      plan,
      requests: writes.map((write) => ({ write: write.name, ...write.encode({ earlierIds: {} }) })),
    };
  }
}

async function planWhereItGoes(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  record: StoredRecord<CommitmentRecord>,
): Promise<{ readonly erp: OpenConnection; readonly plan: OrderPlan }> {
  const { projectId } = record.body;
  const erp = await erpFor(engine, tx, at.tenant, projectId);
  const plan = await planOne(engine, tx, at, erp, record);
  const isUnsaid = (await projectWithoutCompany(engine, tx, at.tenant, [projectId])) !== null;
  const isHeld = isUnsaid && plan.kind === 'document';
  return { erp, plan: isHeld ? { ...plan, operation: null, reasons: [COMPANY_UNKNOWN] } : plan };
}

const COMPANY_UNKNOWN: Reason = {
  code: 'company-unknown',
  owner: 'accountant',
  message: 'Nobody has said yet to which ERP company its project belongs.',
  remedy:
    'Answer that in Review once something of it was exported, or name the project in the connection file.',
};

async function planOne(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  record: StoredRecord<CommitmentRecord>,
): Promise<OrderPlan> {
  const written = await ordersOfRoot(tx, erp.id, commitmentRoot(record.nativeId));
  const { kind, documents } = await orderedAs(tx, at, erp, record.nativeId, ownOf(written, record));
  const posted = documents.findLast(isStanding) ?? null;
  if (kind === 'purchase-requisition' && posted !== null) return { kind: 'nothing', why: 'unchanged' };
  const item = await newestItem(tx, at.id, 'commitment', record.nativeId);
  const input = await planInput(engine, tx, {
    at,
    erp,
    record,
    kind,
    posted,
    base: standingOrder(written, at.id)?.base ?? null,
    open: null,
    item,
    revision: revisionOf(documents),
  });
  const vendorCode = input.vendorCode ?? (await certainVendor(tx, at, erp, record.body.vendorId));
  return planOrder({
    ...input,
    vendorCode,
    exported: input.exported ?? { erpCode: null, accountingDate: null },
  });
}

/** The vendor that would be linked first: only a match that needs no person counts. */
async function certainVendor(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  vendorId: string | null,
): Promise<string | null> {
  if (vendorId === null) return null;
  const vendor = await findRecord<VendorRecord>(tx, {
    connection: at.id,
    object: 'vendor',
    nativeId: vendorId,
  });
  if (vendor === null) return null;
  const targets = await findByMatchKeys<VendorRecord>(tx, erp.id, 'vendor', vendorKeys(vendor.body));
  // What Procore shows is the code of the home company.
  const byOrigin = erp.isHome ? targets.find(({ nativeId }) => nativeId === vendor.body.originId) : undefined;
  const certain = matchVendor(
    vendor.body,
    targets.map(({ body }) => body),
  ).find((candidate) => candidate.certain);
  return byOrigin?.nativeId ?? certain?.vendor.id ?? null;
}
