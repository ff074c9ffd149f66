import type { Operation } from '../../domain/documents.ts';
import { mappingHash } from '../../domain/mapping.ts';
import { planNewVendor as planned } from '../../domain/masters/new-vendor.ts';
import { vendorKeys } from '../../domain/masters/vendor-match.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import type { Reason } from '../../domain/reasons.ts';
import { waitKeys } from '../../domain/reasons.ts';
import type { VendorRecord } from '../../domain/records.ts';
import { documentWaits } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { savePlan } from '../../store/documents/document.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { DocumentPlan, StoredDocument } from '../../store/documents/document-row.ts';
import { linkedSource } from '../../store/documents/link.ts';
import { joinPlans } from '../../store/documents/plan-lock.ts';
import { expireReviews, expireSubject, openReview } from '../../store/documents/review.ts';
import { findByMatchKeys, findRecords, type StoredRecord } from '../../store/records/record.ts';
import { moveItem, newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import { declinedMatches, isLinkUnderWay, isVendorAwaited } from '../../store/settings/vendor-matching.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { closeOlderItems, failRequest, succeedRequest } from '../post/confirm.ts';
import { passGate } from './pass-gate.ts';
import { revisionOf } from './plan-commitment.ts';
import { askMatch, matchSubject } from './plan-vendor.ts';
import { hashOf, isRefusedAlready, staysWithdrawn, takeWritesBack, withdraw } from './save-plan.ts';

/** The export of a record that nobody answered yet. */
export async function openExport(
  tx: Tx,
  at: OpenConnection,
  object: string,
  id: string,
): Promise<StoredRequestItem | null> {
  const item = await newestItem(tx, at.id, object, id);
  return item?.state === 'received' || item?.state === 'working' ? item : null;
}

/** What happens to a vendor that was exported: it is linked, asked about, or proposed to be created in the ERP. */
export async function planNewVendor(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  vendor: StoredRecord<VendorRecord>,
): Promise<void> {
  const item = await openExport(tx, at, 'vendor', vendor.nativeId);
  if (item === null) return;
  const erp = await engine.systems.homeOf(at.tenant);
  // Its rows are locked before it joins the plans: whoever concludes one of them outlasts the plans in that order.
  const documents = await documentsOf(tx, { ...keyOf(at, erp, vendor), kind: 'vendor', part: '' });
  await joinPlans(tx);
  await closeOlderItems(engine, tx, at, item, documents);
  const last = documents.at(-1) ?? null;
  // On its way, or told to Procore just now: that answers it.
  if (last?.state === 'posting' || (last?.state === 'posted' && last.requestKey === item.key)) return;
  const open = last !== null && (documentWaits.has(last.state) || last.state === 'withdrawn') ? last : null;
  const target = { targetConnection: at.id, targetObject: 'vendor', targetId: vendor.nativeId };
  const linked = await linkedSource(tx, erp.id, target);
  if (linked !== null) {
    await withdraw(engine, tx, erp, open, 'the vendor is linked');
    return succeedRequest(engine, tx, at, item, [
      `${erp.name} has it as ${linked.sourceId}; it was linked and not created again.`,
    ]);
  }
  await moveItem(tx, item, 'working');
  // Whoever posts the link looks here again.
  if (await isLinkUnderWay(tx, at.id, vendor.nativeId))
    return withdraw(engine, tx, erp, open, 'it is linked to one that stands there');
  await planCreate(engine, tx, { at, erp, vendor, item, documents, open });
}

/**
 * A vendor that was sent to the home company once has work in another one: what waits for it there asks for it, and
 * nobody exports it twice.
 */
export async function planVendorInCompany(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  vendor: StoredRecord<VendorRecord>,
): Promise<void> {
  const documents = await documentsOf(tx, { ...keyOf(at, erp, vendor), kind: 'vendor', part: '' });
  await joinPlans(tx);
  const last = documents.at(-1) ?? null;
  if (last?.state === 'posting' || last?.state === 'conflict' || last?.state === 'posted') return;
  const open = last !== null && (documentWaits.has(last.state) || last.state === 'withdrawn') ? last : null;
  await expireSubject(tx, 'exception', cannotCome(erp, vendor.nativeId));
  if (!(await isWantedIn(engine, tx, at, erp, vendor.nativeId)))
    return withdraw(engine, tx, erp, open, 'it is linked, or nothing waits for it there');
  if (staysWithdrawn(open, null, { recordVersion: vendor.version, isPosted: false })) return;
  await planCreate(engine, tx, { at, erp, vendor, item: null, documents, open });
}

/** Whether a vendor of the home company is lacking in another one, where something waits for it. */
export async function isWantedIn(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  vendorId: string,
): Promise<boolean> {
  const home = await engine.systems.homeOf(at.tenant);
  const target = { targetConnection: at.id, targetObject: 'vendor', targetId: vendorId };
  return (
    (await linkedSource(tx, erp.id, target)) === null &&
    (await linkedSource(tx, home.id, target)) !== null &&
    (await isVendorAwaited(tx, erp.id, vendorId))
  );
}

type Case = {
  readonly at: OpenConnection;
  readonly erp: OpenConnection;
  readonly vendor: StoredRecord<VendorRecord>;
  /** The export that asked for it; null where work in that company does. */
  readonly item: StoredRequestItem | null;
  readonly documents: readonly StoredDocument[];
  readonly open: StoredDocument | null;
};

async function planCreate(engine: Engine, tx: Tx, facts: Case): Promise<void> {
  const { at, erp, vendor, item, documents, open } = facts;
  if (!erp.connection.supports.has('create-vendor'))
    return refuse(engine, tx, facts, [`${erp.name} takes no new vendors from here: enter it there.`]);
  if (erp.isHome && vendor.body.originId !== null)
    return refuse(engine, tx, facts, [
      `Procore already shows it as "${vendor.body.originId}", which is no vendor of ${erp.name}. Unlink it first if that is stale.`,
    ]);
  const typedCode = item?.erpCode?.trim() || null;
  const revision = revisionOf(documents);
  const plan = planned({
    record: vendor.body,
    typedCode,
    targets: await targetsOf(tx, erp, vendor.body, typedCode),
    declined: await declinedMatches(tx, matchSubject(erp, vendor.nativeId)),
    reference: postingReference(erp.code, {
      tenant: at.tenant,
      connection: erp.id,
      sourceObject: 'vendor',
      sourceId: vendor.nativeId,
      kind: 'vendor',
      part: '',
      revision,
    }),
    revision,
    preflight: erp.connection.preflight,
  });
  if (plan.kind === 'refuse')
    return refuse(
      engine,
      tx,
      facts,
      plan.errors.map(({ field, message }) => `${field}: ${message}`),
    );
  const operation = plan.kind === 'create' ? plan.operation : null;
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const draft = draftOf(engine, facts, revision, operation);
  if (plan.kind === 'create')
    return passGate(engine, tx, { erp, hub: at, draft, exposure: null, before: open });
  await savePlan(tx, { ...draft, state: 'in-review', reasons: [mayStand(erp)] }, [
    { kind: 'mapping', key: waitKeys.mapping('vendor', vendor.nativeId) },
  ]);
  await expireReviews(tx, draft.id, []);
  await askMatch(engine, tx, erp, vendor, plan.candidates, 'before-creating');
}

/** All that share a key with it, however many and blocked or not, and whoever has the code that was typed. */
async function targetsOf(
  tx: Tx,
  erp: OpenConnection,
  vendor: VendorRecord,
  typedCode: string | null,
): Promise<VendorRecord[]> {
  const matched = await findByMatchKeys<VendorRecord>(tx, erp.id, 'vendor', vendorKeys(vendor));
  const coded = typedCode === null ? [] : await findRecords<VendorRecord>(tx, erp.id, 'vendor', [typedCode]);
  const all = [...matched, ...coded].map(({ body }) => body);
  return [...new Map(all.map((body) => [body.id, body])).values()];
}

async function refuse(
  engine: Engine,
  tx: Tx,
  { at, erp, vendor, item, open }: Case,
  messages: readonly string[],
): Promise<void> {
  await withdraw(engine, tx, erp, open, 'it is refused');
  if (item !== null) return failRequest(engine, tx, at, item, messages);
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject: cannotCome(erp, vendor.nativeId),
    document: null,
    title: vendor.body.name,
    question: `It has work in ${erp.name} and cannot be created there: ${messages.join(' ')} Enter it in ${erp.name}: it is linked then, and what waits for it goes on.`,
    evidence: { vendor: vendor.nativeId, company: erp.name },
    role: 'accountant',
  });
}

function cannotCome(erp: OpenConnection, vendorId: string): string {
  return `vendor-in:${erp.id}:${vendorId}`;
}

function draftOf(
  engine: Engine,
  { at, erp, vendor, item, open }: Case,
  revision: number,
  operation: Operation | null,
): DocumentPlan {
  const { nativeId, body, version, hash } = vendor;
  return {
    ...keyOf(at, erp, vendor),
    kind: 'vendor',
    part: '',
    id: open?.id ?? engine.newId(),
    revision,
    root: `vendor:${nativeId}`,
    state: 'planned',
    projectId: null,
    vendorId: nativeId,
    vendorName: body.name,
    number: item?.erpCode?.trim() || body.name,
    title: erp.isHome ? 'New vendor' : `New vendor in ${erp.name}`,
    amountMinor: null,
    currency: null,
    exposureMinor: 0n,
    accountingDate: null,
    recordVersion: version,
    recordHash: hash,
    body: operation?.kind === 'create-vendor' ? operation.body : null,
    operation,
    payloadHash: hashOf(operation),
    mappings: [],
    mappingHash: mappingHash([]),
    gate: null,
    reasons: [],
    requester: item?.requester ?? null,
    requestKey: item?.key ?? null,
  };
}

function keyOf(at: OpenConnection, erp: OpenConnection, { nativeId }: StoredRecord) {
  const source = { sourceConnection: at.id, sourceObject: 'vendor', sourceId: nativeId };
  return { ...source, targetConnection: erp.id } as const;
}

function mayStand(erp: OpenConnection): Reason {
  return {
    code: 'vendor-may-stand',
    owner: 'accountant',
    message: `${erp.name} may have this vendor already: nothing is created before somebody looked.`,
    remedy: 'Choose it in Review, or reject the question if it is none of them.',
  };
}
