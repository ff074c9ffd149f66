import { approvalHolds, type Provenance } from '../../src/domain/approval/approval.ts';
import { type Asked, gate } from '../../src/domain/approval/gate.ts';
import { beginPosting, type ReferenceUse } from '../../src/domain/posting/begin-posting.ts';
import { type DocumentState, move, type RequestItemState } from '../../src/domain/states.ts';
import { money } from '../../src/domain/values/money.ts';
import type {
  ApprovalRow,
  Database,
  DocumentRow,
  ItemRow,
  PostingOperation,
  QuestionRow,
  System,
} from './database.ts';
import type { Commitment, HubItem } from './hub.ts';
import { keyOf } from './names.ts';
import { CURRENCY, postLane, sourceLane, users, type World } from './world.ts';

/** What the source room does with one record, in one transaction: keep it, plan it, bring it to the gate. */
export function takeSource(world: World, commitment: Commitment, items: readonly HubItem[]): void {
  const { db } = world;
  for (const { key, source, requester } of items)
    if (db.items.get(key) === undefined) db.items.put(key, { key, source, requester, state: 'received' });
  const { source, version, amountMinor, originId, gone } = commitment;
  const known = db.records.get(source);
  if (known === undefined || known.version <= version)
    db.records.put(source, {
      source,
      version,
      returns: (known?.returns ?? 0) + (known?.gone === true && !gone ? 1 : 0),
      amountMinor,
      originId,
      gone,
    });
  plan(world, commitment);
}

function plan(world: World, commitment: Commitment): void {
  const { db, faults } = world;
  const { source, root } = commitment;
  const record = db.records.get(source)!;
  const documents = documentsOf(world, source);
  const posted = documents.findLast(({ state }) => state === 'posted' || state === 'confirmed') ?? null;
  const last = documents.at(-1) ?? null;
  const open = last === null || last === posted ? null : last;
  const newest = newestItem(world, source);
  if (newest !== null) closeOlderItems(world, newest, documents);
  if (open?.state === 'posting' || open?.state === 'conflict') return;
  // What its sender was told will not be done is not done by itself later on.
  const item = open === null && posted === null && newest?.state === 'failed' ? null : newest;
  if (open?.state === 'withdrawn' && open.item === (item?.key ?? null)) {
    if (open.recordVersion === record.version && open.recordReturns === record.returns) return;
    // A person said no, and told its sender to export it again: an edit alone does not bring it back.
    if (posted === null && open.reason === TAKEN_BACK) return;
  }
  if (record.gone || (posted === null && item === null) || posted?.recordVersion === record.version) {
    nothingToDo(world, { posted, open, item, gone: record.gone });
    return;
  }
  const revision = (posted?.revision ?? 0) + 1;
  const mapping = posted?.mapping ?? {
    version: db.installation.mappingVersion,
    setBy: db.installation.mappingSetBy,
  };
  const payloadHash = `${source} v${record.version} r${revision} m${mapping.version}`;
  if (open?.state === 'refused' && open.item === (item?.key ?? null) && open.payloadHash === payloadHash)
    return;
  if (open !== null && !takeWritesBack(world, open, 'plan')) return;
  if (item !== null && !isClosed(item)) moveItem(world, item, 'working');
  const draft: DocumentRow = {
    id: open?.id ?? `d${db.nextSerial()}`,
    source,
    root,
    revision,
    state: 'planned',
    recordVersion: record.version,
    recordReturns: record.returns,
    amountMinor: record.amountMinor,
    exposureMinor: posted === null ? record.amountMinor : Math.abs(record.amountMinor - posted.amountMinor),
    vendor: commitment.vendor,
    day: Math.trunc(world.now / 86_400_000),
    payloadHash,
    mapping,
    mappingHash: `m${mapping.version}`,
    requester: item?.requester ?? null,
    item: item?.key ?? null,
    reference: world.reference(source, revision),
    targetId: null,
    baseId: posted?.targetId ?? null,
    baseHash: posted?.payloadHash ?? null,
    needsApproval: false,
    autoUnder: null,
    spentMinor: open?.spentMinor ?? 0,
    asked: null,
    reason: null,
    group: posted === null ? commitment.group : null,
  };
  db.documents.put(draft.id, draft);
  const { parent } = commitment;
  if (parent !== null && !documentsOf(world, parent).some(({ state }) => standsInTarget(state))) {
    faults.reached('E24');
    block(world, draft, 'blocked', 'its order does not stand yet');
  } else if (posted === null && isForeign(world, record.originId, open))
    block(world, draft, 'blocked', `it is synced already, as ${record.originId}`);
  else if (revision === 1 && !db.installation.periodOpen)
    block(world, draft, 'blocked', 'the period is closed');
  else passGate(world, draft, open);
}

/** Another tool may have posted it; after a restore the id may also be our own word, unless it was looked for. */
function isForeign({ db }: World, originId: string | null, open: DocumentRow | null): boolean {
  if (originId === null) return false;
  const mayBeOurs = db.installation.epoch > 1 && originId.startsWith('ER-');
  return !mayBeOurs || (open?.reason?.startsWith(SENT_BACK) ?? false);
}

export const SENT_BACK = 'sent back';
export const TAKEN_BACK = 'withdrawn by a person';

export function standsInTarget(state: DocumentState): boolean {
  return state === 'posted' || state === 'confirmed';
}

export function provenanceOf({ requester, mapping }: DocumentRow): Provenance {
  return { requester, editors: [mapping.setBy] };
}

function passGate(world: World, draft: DocumentRow, open: DocumentRow | null): void {
  const { db, faults } = world;
  const policy = world.policy();
  const before = unapprovedToday(world, draft);
  const verdict = gate({
    kind: 'purchase-order',
    phase: db.installation.phase,
    exposure: money(BigInt(draft.exposureMinor), CURRENCY),
    unapprovedToday: money(BigInt(before), CURRENCY),
    waitsFor: askedBefore(open, draft),
    isDayIncomplete: (open?.reason?.startsWith(SENT_BACK) ?? false) && world.isDayForgotten(),
    policy,
    provenance: provenanceOf(draft),
    users: users.filter(({ email }) => !world.left.has(email)),
  });
  if (verdict.verdict === 'blocked') {
    block(world, draft, 'blocked', verdict.why);
    return;
  }
  if (verdict.verdict === 'auto') {
    makeReady(world, { ...draft, needsApproval: false, autoUnder: verdict.policyVersion ?? null });
    return;
  }
  if (before > 0 && before + draft.exposureMinor >= 5_000_000 && draft.exposureMinor < 5_000_000)
    faults.reached('H4');
  const approval = openApproval(world, draft.id);
  const binding = bindingOf(world, draft);
  if (approval !== null && approvalHolds(approval, binding, provenanceOf(draft)).ok) {
    makeReady(world, { ...draft, needsApproval: true });
    return;
  }
  staleApprovals(world, draft.id);
  const state = move('document', 'planned', 'awaiting-approval');
  db.documents.put(draft.id, { ...draft, state, needsApproval: true, reason: verdict.why, asked: verdict });
  expireQuestions(world, draft.id);
  ask(world, {
    subject: `approval:${draft.id}`,
    document: draft.id,
    kind: 'approval',
    role: verdict.role,
    why: verdict.why,
  });
}

function askedBefore(open: DocumentRow | null, draft: DocumentRow): Asked | null {
  const isSame =
    open?.state === 'awaiting-approval' &&
    open.payloadHash === draft.payloadHash &&
    open.mappingHash === draft.mappingHash;
  return isSame ? open.asked : null;
}

export function bindingOf(world: World, { payloadHash, mappingHash }: DocumentRow) {
  return { payloadHash, mappingHash, policyVersion: world.db.installation.policyVersion };
}

/** What went to the vendor today without a person, what is about to, and what may have. */
function unapprovedToday({ db }: World, draft: DocumentRow): number {
  let sum = 0;
  for (const other of db.documents.rows.values()) {
    if (other.vendor !== draft.vendor || other.day !== draft.day) continue;
    sum += other.spentMinor;
    if (other.id === draft.id || other.needsApproval) continue;
    if (other.state === 'ready' || isSent(other.state)) sum += other.exposureMinor;
  }
  return sum;
}

function isSent(state: DocumentState): boolean {
  return state === 'posting' || state === 'conflict' || standsInTarget(state);
}

function block(world: World, draft: DocumentRow, to: DocumentState, reason: string): void {
  const state = move('document', 'planned', to);
  world.db.documents.put(draft.id, { ...draft, state, reason });
  expireQuestions(world, draft.id);
}

/** Writes the posting of a ready document down and wakes the lane that sends it. */
export function makeReady(world: World, draft: DocumentRow): void {
  const document: DocumentRow = { ...draft, state: 'ready', reason: null };
  world.db.documents.put(document.id, document);
  expireQuestions(world, document.id);
  const { id, baseId, baseHash, root, reference, payloadHash, group } = document;
  const operation: PostingOperation =
    baseId === null || baseHash === null
      ? { kind: 'create', document: id }
      : { kind: 'update', document: id, baseId, baseHash };
  addPosting(world, {
    system: 'erp',
    root,
    document: id,
    operation,
    reference,
    targetHash: payloadHash,
    group,
  });
}

export function addPosting(
  world: World,
  write: {
    readonly system: System;
    readonly root: string;
    readonly document: string | null;
    readonly operation: PostingOperation;
    readonly reference: string;
    readonly targetHash: string;
    readonly group: string | null;
  },
): void {
  const { db } = world;
  const seq = db.nextSerial();
  const writeKind = write.operation.kind === 'create' ? 'create' : 'set';
  const rule = world.erpRule;
  db.postings.put(`p${seq}`, {
    id: `p${seq}`,
    seq,
    ...write,
    epoch: db.installation.epoch,
    writeKind,
    attempt: 0,
    openIntent: false,
    probed: false,
    guard: null,
    targetId: null,
    handle: null,
    emptyProbes: 0,
    giveUpAt: null,
    lineKeys: {},
    wasSent: false,
    doubtSince: null,
    doubtBefore: null,
    ...beginPosting(writeKind, referenceUse(world, write.reference), rule),
  });
  world.wake(write.system, postLane(write.system, write.root));
}

/** What our books say of a reference that a create is about to carry; a restored book says less than happened. */
function referenceUse({ db }: World, reference: string): ReferenceUse {
  let wasSent = false;
  let doubt = db.installation.restoredAt;
  for (const posting of db.postings.rows.values()) {
    if (posting.reference !== reference) continue;
    wasSent ||= posting.wasSent;
    if (posting.doubtSince !== null && (doubt === null || posting.doubtSince > doubt))
      doubt = posting.doubtSince;
  }
  return { wasSent, doubtSince: doubt === null ? null : new Date(doubt) };
}

/** False when anything of it may already have had its effect, unless a person decided about an exception. */
export function cancelPostings(
  world: World,
  document: string,
  by: 'plan' | 'restore' | 'person' | 'decision',
): boolean {
  const { db } = world;
  const own = [...db.postings.rows.values()].filter(
    (posting) => posting.document === document && posting.system === 'erp',
  );
  for (const { state, sentAt, attempt, openIntent } of own) {
    const harmless =
      state === 'ready' ||
      state === 'refused' ||
      state === 'cancelled' ||
      (state === 'exception' && (sentAt === null || by === 'decision')) ||
      ((state === 'settling' || state === 'intended') &&
        attempt === 0 &&
        (by === 'plan' || by === 'restore')) ||
      (state === 'intended' && !openIntent && by === 'restore');
    if (!harmless) return false;
  }
  if (by === 'decision' && own.some(({ state, sentAt }) => state === 'exception' && sentAt !== null))
    countAsSpent(world, document);
  for (const posting of own)
    if (posting.state !== 'cancelled') db.postings.put(posting.id, { ...posting, state: 'cancelled' });
  return true;
}

/** What was sent without a person and ended with one may have had its effect: it goes on counting on its day. */
function countAsSpent({ db }: World, id: string): void {
  const document = db.documents.get(id)!;
  if (document.autoUnder === null) return;
  db.documents.put(id, { ...document, spentMinor: document.spentMinor + document.exposureMinor });
}

/** Takes back what nothing came of, and lets go what waited behind it. */
export function takeWritesBack(world: World, { id, root }: DocumentRow, by: 'plan' | 'person' | 'decision') {
  if (!cancelPostings(world, id, by)) return false;
  world.wake('erp', postLane('erp', root));
  return true;
}

function nothingToDo(
  world: World,
  facts: {
    readonly posted: DocumentRow | null;
    readonly open: DocumentRow | null;
    readonly item: ItemRow | null;
    readonly gone: boolean;
  },
): void {
  const { posted, open, item, gone } = facts;
  if (open !== null && open.state !== 'withdrawn' && takeWritesBack(world, open, 'plan')) {
    world.db.documents.put(open.id, {
      ...open,
      state: move('document', open.state, 'withdrawn'),
      reason: null,
    });
    expireQuestions(world, open.id);
  }
  if (item === null || isClosed(item)) return;
  // What stands already came from it: that answers it.
  if (posted?.state === 'posted' && posted.item === item.key) return;
  if (gone) failItem(world, item, open?.id ?? null);
  else if (posted !== null && item.key !== posted.item) {
    moveItem(world, item, 'working');
    closeAs(world, item, 'success', posted.id);
    moveItem(world, world.db.items.get(item.key)!, 'succeeded');
    world.faults.reached('H6');
  }
}

/** An export that a newer one replaced is closed: nothing may stay in progress for ever. */
function closeOlderItems(world: World, newest: ItemRow, documents: readonly DocumentRow[]): void {
  // What a document that is sent or stands came from is answered by what becomes of that document.
  const carried = new Set<string | null>();
  for (const { state, item } of documents)
    if (state === 'posting' || state === 'posted' || state === 'conflict') carried.add(item);
  for (const item of [...world.db.items.rows.values()]) {
    if (item.source !== newest.source || item.key >= newest.key || isClosed(item)) continue;
    if (carried.has(item.key)) continue;
    closeAs(world, item, 'failed', null);
    moveItem(world, item, 'stale');
  }
}

export function failItem(world: World, item: ItemRow, document: string | null): void {
  if (isClosed(item)) return;
  moveItem(world, item, 'working');
  closeAs(world, item, 'failed', document);
  moveItem(world, world.db.items.get(item.key)!, 'failed');
}

export function closeAs(
  world: World,
  item: ItemRow,
  status: 'success' | 'failed',
  document: string | null,
): void {
  const root = world.hub.commitments.get(item.source)!.root;
  const of = document === null ? undefined : world.db.documents.get(document);
  if (of !== undefined && status === 'success') world.books.answered(item.key, keyOf(of));
  addPosting(world, {
    system: 'hub',
    root,
    document,
    operation: { kind: 'close', document, item: item.key, status },
    reference: `request-detail/${item.key}/${status}`,
    targetHash: `${item.key} ${status}`,
    group: null,
  });
}

export function isClosed(item: ItemRow): boolean {
  return item.state === 'succeeded' || item.state === 'failed' || item.state === 'stale';
}

export function moveItem({ db }: World, item: ItemRow, to: RequestItemState): void {
  const from = db.items.get(item.key)!;
  db.items.put(item.key, { ...from, state: move('request-item', from.state, to) });
}

function newestItem({ db }: World, source: string): ItemRow | null {
  let newest: ItemRow | null = null;
  for (const item of db.items.rows.values())
    if (item.source === source && (newest === null || item.key > newest.key)) newest = item;
  return newest;
}

/** Whether the source changed, or was exported again, since this was planned. */
export function movedOn(world: World, document: DocumentRow): boolean {
  const record = world.db.records.get(document.source);
  const newest = newestItem(world, document.source)?.key ?? null;
  return (
    record?.version !== document.recordVersion ||
    record.returns !== document.recordReturns ||
    newest !== document.item
  );
}

export function documentsOf({ db }: World, source: string): DocumentRow[] {
  const own: DocumentRow[] = [];
  for (const document of db.documents.rows.values()) if (document.source === source) own.push(document);
  return own.sort((a, b) => a.revision - b.revision);
}

export function openApproval({ db }: World, document: string): ApprovalRow | null {
  for (const approval of db.approvals.rows.values())
    if (approval.document === document && !approval.consumed && !approval.stale) return approval;
  return null;
}

export function staleApprovals({ db }: World, document: string): void {
  for (const approval of [...db.approvals.rows.values()])
    if (approval.document === document && !approval.consumed && !approval.stale)
      db.approvals.put(approval.id, { ...approval, stale: true });
}

export function ask({ db }: World, question: Omit<QuestionRow, 'state'>): void {
  db.questions.put(question.subject, { ...question, state: 'open' });
}

export function expireQuestions({ db }: World, document: string): void {
  for (const question of [...db.questions.rows.values()])
    if (question.document === document && question.state === 'open' && !isStuck(db, question))
      db.questions.put(question.subject, { ...question, state: 'expired' });
}

/** A question about a write that is stuck goes with the write and not with the plan. */
function isStuck(db: Database, { kind, subject }: QuestionRow): boolean {
  const state = kind === 'exception' ? db.postings.get(subject.slice('exception:'.length))?.state : undefined;
  return state === 'exception' || state === 'refused';
}

export function wakePlanner(world: World, source: string): void {
  world.wake('hub', sourceLane(source));
}
