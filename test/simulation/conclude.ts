import type { Posting } from '../../src/domain/posting/posting.ts';
import { move, postingDone } from '../../src/domain/states.ts';
import type { DocumentRow, PostingRow } from './database.ts';
import { addPosting, ask, closeAs, failItem, isClosed, movedOn, moveItem, wakePlanner } from './planner.ts';
import type { World } from './world.ts';

/** What a posting's new state means for its document, in the same transaction. */
export function conclude(world: World, posting: PostingRow, after: Posting, foreign: boolean): void {
  if (after.state === posting.state) return;
  const { db } = world;
  const document = posting.document === null ? undefined : db.documents.get(posting.document);
  const why = after.reason ?? '';
  if (document === undefined) {
    if (after.state === 'exception' || after.state === 'refused') askEngineer(world, posting, why);
    return;
  }
  const isEffect = posting.system === 'erp';
  if (postingDone.has(after.state)) {
    if (isEffect) posted(world, document, after);
    else if (isLastOfConfirmation(world, posting)) confirmed(world, document);
  } else if (after.state === 'refused') {
    if (isEffect) refused(world, document, why);
    else askEngineer(world, posting, 'the source refused the confirmation');
  } else if (after.state === 'exception') {
    if (isEffect && foreign) conflict(world, document, why);
    else askEngineer(world, posting, why);
  }
}

function posted(world: World, before: DocumentRow, { targetId }: Posting): void {
  const { db } = world;
  const state = move('document', before.state === 'ready' ? 'posting' : before.state, 'posted');
  const document: DocumentRow = { ...before, state, targetId, reason: null };
  db.documents.put(document.id, document);
  confirm(world, document);
  if (movedOn(world, document)) wakePlanner(world, document.source);
  // A change order waits for this.
  for (const { source, root } of world.hub.commitments.values())
    if (root === document.root && source !== document.source) wakePlanner(world, source);
}

/** Tells the source: our id on the record, and the request closed with success. */
function confirm(world: World, document: DocumentRow): void {
  const { id, source, root } = document;
  const originId = `ER-${document.targetId}`;
  addPosting(world, {
    system: 'hub',
    root,
    document: id,
    operation: { kind: 'origin', document: id, source, originId },
    reference: `external-data/${source}/${originId}`,
    targetHash: originId,
    group: null,
  });
  const item = document.item === null ? undefined : world.db.items.get(document.item);
  if (item !== undefined && !isClosed(item)) closeAs(world, item, 'success', id);
}

function isLastOfConfirmation({ db }: World, posting: PostingRow): boolean {
  for (const other of db.postings.rows.values())
    if (
      other.document === posting.document &&
      other.system === 'hub' &&
      other.id !== posting.id &&
      other.state !== 'cancelled' &&
      !postingDone.has(other.state)
    )
      return false;
  return true;
}

function confirmed(world: World, document: DocumentRow): void {
  const item = document.item === null ? undefined : world.db.items.get(document.item);
  if (document.state !== 'posted') return;
  if (item !== undefined && !isClosed(item)) moveItem(world, item, 'succeeded');
  world.db.documents.put(document.id, { ...document, state: 'confirmed' });
}

function refused(world: World, document: DocumentRow, why: string): void {
  const { db } = world;
  db.documents.put(document.id, {
    ...document,
    state: move('document', document.state, 'refused'),
    reason: why,
  });
  ask(world, {
    subject: `refused:${document.id}`,
    document: document.id,
    kind: 'refused',
    role: 'accountant',
    why,
  });
  const item = document.item === null ? undefined : db.items.get(document.item);
  if (item !== undefined) failItem(world, item, document.id);
  wakePlanner(world, document.source);
}

function conflict(world: World, document: DocumentRow, why: string): void {
  const from = document.state === 'ready' ? 'posting' : document.state;
  world.db.documents.put(document.id, {
    ...document,
    state: move('document', from, 'conflict'),
    reason: why,
  });
  ask(world, {
    subject: `conflict:${document.id}`,
    document: document.id,
    kind: 'conflict',
    role: 'accountant',
    why,
  });
}

function askEngineer(world: World, { id, document }: PostingRow, why: string): void {
  ask(world, { subject: `exception:${id}`, document, kind: 'exception', role: 'engineer', why });
}
