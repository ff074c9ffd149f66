import type { Operation, VendorLinkBody } from '../../domain/documents.ts';
import { type MappingRow, mappingHash } from '../../domain/mapping.ts';
import { matchVendor, type VendorCandidate, vendorKeys } from '../../domain/masters/vendor-match.ts';
import type { VendorRecord } from '../../domain/records.ts';
import { canonicalOf, contentHash } from '../../domain/values/canonical.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument } from '../../store/documents/document.ts';
import { documentsOf, openLinksOf } from '../../store/documents/document-lists.ts';
import type { DocumentPlan } from '../../store/documents/document-row.ts';
import { addLinks, linkedSource } from '../../store/documents/link.ts';
import { joinPlans } from '../../store/documents/plan-lock.ts';
import { cancelPostings } from '../../store/documents/posting.ts';
import { expireReviews, expireSubject, openReview } from '../../store/documents/review.ts';
import { findByMatchKeys, findRecord, type StoredRecord } from '../../store/records/record.ts';
import { mappingsFor, scopeOfCompany } from '../../store/settings/mapping.ts';
import { declinedMatches } from '../../store/settings/vendor-matching.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { askAboutLinks } from './ask.ts';
import { passGate } from './pass-gate.ts';
import { wakeWaiting } from './wake.ts';

/**
 * Finds what a Procore vendor is in the home company, and plans to write its code to Procore. Where more than one could be
 * meant, a person chooses; one that the ERP does not have is created only where somebody exports it.
 */
export async function planVendor(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  vendor: StoredRecord<VendorRecord>,
): Promise<void> {
  const erp = await engine.systems.homeOf(hub.tenant);
  // Adopting releases what waits for the vendor, which waits for running plans: two vendors that had both joined
  // them first would wait for each other.
  if (await linkedOrAdopted(engine, tx, hub, erp, vendor)) return;
  await joinPlans(tx);
  if (await linkedOrAdopted(engine, tx, hub, erp, vendor)) return;
  // Imported from another company: it is linked there, and the home company is none of its matter.
  if ((await companyShown(engine, tx, hub.tenant, vendor.body)) !== null) return;
  if (vendor.body.originId !== null) return askForeign(engine, tx, vendor);
  const chosen =
    (await mappingsFor(tx, erp, '')).find((row) => row.kind === 'vendor' && row.key === vendor.nativeId) ??
    null;
  const keys = chosen === null ? vendorKeys(vendor.body) : [];
  const targets = chosen === null ? await findByMatchKeys<VendorRecord>(tx, erp.id, 'vendor', keys) : [];
  const declined = await declinedMatches(tx, matchSubject(erp, vendor.nativeId));
  const candidates = matchVendor(
    vendor.body,
    targets.map(({ body }) => body),
  ).filter((candidate) => !declined.has(candidate.vendor.id));
  const certain = candidates.find((candidate) => candidate.certain) ?? null;
  const code = chosen?.value.code ?? certain?.vendor.id ?? null;
  if (code === null)
    return candidates.length === 0 ? undefined : askMatch(engine, tx, erp, vendor, candidates, 'to-link');
  await planLink(engine, tx, hub, erp, {
    vendor,
    code,
    chosen,
    evidence: certain?.evidence ?? ['chosen by a person'],
  });
}

/** The one company besides the home company that has a vendor under the code that Procore shows. */
export async function companyShown(
  { systems }: Pick<Engine, 'systems'>,
  tx: Tx,
  tenant: string,
  { originId }: VendorRecord,
): Promise<string | null> {
  if (originId === null) return null;
  const holders: OpenConnection[] = [];
  for (const erp of await systems.erpsOf(tenant)) {
    const found = await findRecord(tx, { connection: erp.id, object: 'vendor', nativeId: originId });
    if (found !== null && !found.gone) holders.push(erp);
  }
  const [only, ...others] = holders;
  return only === undefined || only.isHome || others.length > 0 ? null : only.id;
}

/** Whether the vendor has its link; where Procore already shows the code of an ERP vendor it gets it here. */
async function linkedOrAdopted(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  vendor: StoredRecord<VendorRecord>,
): Promise<boolean> {
  const linked = await linkedSource(tx, erp.id, {
    targetConnection: hub.id,
    targetObject: 'vendor',
    targetId: vendor.nativeId,
  });
  if (linked !== null) {
    await withdrawLinks(engine, tx, hub, vendor.nativeId, null);
    return true;
  }
  const { originId } = vendor.body;
  if (originId === null) return false;
  const key = { connection: erp.id, object: 'vendor', nativeId: originId };
  const standing = await findRecord<VendorRecord>(tx, key);
  if (standing === null) return false;
  const why = 'the origin id in Procore is this code';
  await adoptLink(engine, tx, { hub, erp }, vendor, standing.nativeId, why);
  await withdrawLinks(engine, tx, hub, vendor.nativeId, null);
  return true;
}

/** Links of this vendor that nobody means any more: it got another one, or somebody chose another code. */
async function withdrawLinks(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  vendorId: string,
  except: string | null,
): Promise<void> {
  for (const document of await openLinksOf(tx, hub.id, vendorId)) {
    if (document.sourceId === except || !(await cancelPostings(tx, document, 'plan'))) continue;
    await moveDocument(tx, document, { state: 'withdrawn', reasons: [] });
    await expireReviews(tx, document.id, []);
    const body = { why: 'the vendor is linked another way', code: document.sourceId };
    await appendAudit(tx, [
      { kind: 'document-withdrawn', actor: 'tiebeam', document: document.id, at: engine.clock.now(), body },
    ]);
  }
}

/** Nothing has to be written, only noted: both sides already agree, or Procore has no room for this company's code. */
export async function adoptLink(
  engine: Engine,
  tx: Tx,
  { hub, erp }: { readonly hub: OpenConnection; readonly erp: OpenConnection },
  vendor: StoredRecord<VendorRecord>,
  code: string,
  evidence: string,
): Promise<void> {
  const refused = await addLinks(tx, [
    {
      sourceConnection: erp.id,
      sourceObject: 'vendor',
      sourceId: code,
      sourceLine: '',
      targetConnection: hub.id,
      targetObject: 'vendor',
      targetId: vendor.nativeId,
      targetLine: '',
    },
  ]);
  if (refused.length > 0) return askAboutLinks(engine, tx, vendor.body.name, refused);
  await expireSubject(tx, 'vendor-match', matchSubject(erp, vendor.nativeId));
  await wakeWaiting(engine, tx, hub.tenant, 'vendor', vendor.nativeId);
  await appendAudit(tx, [
    {
      kind: 'vendor-linked',
      actor: 'tiebeam',
      at: engine.clock.now(),
      body: { vendor: vendor.nativeId, company: erp.id, code, evidence },
    },
  ]);
}

type Chosen = {
  readonly vendor: StoredRecord<VendorRecord>;
  readonly code: string;
  readonly chosen: MappingRow | null;
  readonly evidence: readonly string[];
};

async function planLink(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  { vendor, code, chosen, evidence }: Chosen,
): Promise<void> {
  const key = {
    sourceConnection: erp.id,
    sourceObject: 'vendor',
    sourceId: code,
    targetConnection: hub.id,
    kind: 'vendor-link',
    part: vendor.nativeId,
  } as const;
  await withdrawLinks(engine, tx, hub, vendor.nativeId, code);
  const open = (await documentsOf(tx, key)).at(-1) ?? null;
  if (open !== null && ['posting', 'posted', 'confirmed', 'conflict'].includes(open.state)) return;
  // What a person took back comes again when something of it changed, and not before.
  const mappings = chosen === null ? [] : [chosen];
  const isSame = open?.recordVersion === vendor.version && open.mappingHash === mappingHash(mappings);
  if (open?.state === 'withdrawn' && isSame) return;
  if (open !== null && !(await cancelPostings(tx, open, 'plan'))) return;
  const body: VendorLinkBody = {
    kind: 'vendor-link',
    vendorId: vendor.nativeId,
    vendorName: vendor.body.name,
    originId: code,
    originCode: code,
  };
  const operation: Operation = { kind: 'link-vendor', body };
  const draft: DocumentPlan = {
    ...key,
    id: open?.id ?? engine.newId(),
    revision: 1,
    root: `vendor:${vendor.nativeId}`,
    state: 'planned',
    projectId: null,
    vendorId: vendor.nativeId,
    vendorName: vendor.body.name,
    number: code,
    title: `${vendor.body.name} (${evidence.join(', ')})`,
    amountMinor: null,
    currency: null,
    exposureMinor: 0n,
    accountingDate: null,
    recordVersion: vendor.version,
    recordHash: vendor.hash,
    body,
    operation,
    payloadHash: contentHash(canonicalOf(operation)),
    mappings,
    mappingHash: mappingHash(mappings),
    gate: null,
    reasons: [],
    requester: null,
    requestKey: null,
  };
  await expireSubject(tx, 'vendor-match', matchSubject(erp, vendor.nativeId));
  await passGate(engine, tx, { erp, hub, draft, exposure: null, before: null });
}

/** What the question about a vendor's match is about: in the home company, or in another one. */
export function matchSubject(erp: Pick<OpenConnection, 'id' | 'isHome'>, vendorId: string): string {
  return erp.isHome ? `vendor:${vendorId}` : `vendor:${vendorId}@${erp.id}`;
}

/** The vendor of such a question. */
export function vendorOfMatch(subject: string): string {
  return subject.replace('vendor:', '').split('@')[0] ?? '';
}

/** Asks which of some ERP vendors this is; who says none of them is not asked about those again. */
export async function askMatch(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  vendor: StoredRecord<VendorRecord>,
  candidates: readonly VendorCandidate[],
  why: 'to-link' | 'before-creating',
): Promise<void> {
  const where = erp.isHome ? 'ERP vendors' : `vendors of ${erp.name}`;
  const which =
    candidates.length === 1 ? 'Is this the same company?' : `Which of these ${where} is this company?`;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'vendor-match',
    subject: matchSubject(erp, vendor.nativeId),
    document: null,
    title: vendor.body.name,
    question:
      why === 'to-link'
        ? which
        : `${which} It was sent to the ERP to be created: reject this if it is none of them, and a new one is proposed.`,
    evidence: {
      asks: [{ kind: 'vendor', key: vendor.nativeId, label: vendor.body.name, scopeId: scopeOfCompany(erp) }],
      suggestions: candidates.map(({ vendor: { id, name }, evidence }) => ({
        code: id,
        name,
        why: evidence.join(', '),
      })),
    },
    role: 'accountant',
  });
}

/** Another integration's key is never overwritten. */
async function askForeign(engine: Engine, tx: Tx, vendor: StoredRecord<VendorRecord>): Promise<void> {
  await openReview(tx, {
    id: engine.newId(),
    kind: 'conflict',
    subject: `foreign-origin:vendor:${vendor.nativeId}`,
    document: null,
    title: vendor.body.name,
    question: `Procore already holds the origin id "${vendor.body.originId}" for this vendor, which is no ERP vendor of ours. It is never overwritten; unlink it in Procore if it is stale.`,
    evidence: { originId: vendor.body.originId },
    role: 'engineer',
  });
}
