import { approvalHolds } from '../../src/domain/approval/approval.ts';
import type { Answers } from '../../src/domain/posting/turn.ts';
import type { DocumentRow, PostingRow } from './database.ts';
import {
  bindingOf,
  cancelPostings,
  movedOn,
  openApproval,
  provenanceOf,
  SENT_BACK,
  staleApprovals,
  wakePlanner,
} from './planner.ts';
import { users, type World } from './world.ts';

const PHASE_AGAIN_MS = 60_000;
const DAY_FORGOTTEN = 'the database was restored, and what went that day is not known';

/** The last decision before an intent, in its transaction: phase, period and approval as they are now. */
export function mayIntend(world: World, posting: PostingRow): Answers['intend'] {
  const { db } = world;
  const document = posting.document === null ? undefined : db.documents.get(posting.document);
  const mayWrite = db.installation.phase !== 'read-only';
  if (document === undefined || posting.system === 'hub')
    return mayWrite ? { ok: true } : { ok: false, afterMs: PHASE_AGAIN_MS };
  if (posting.attempt > 0) {
    if (isDayForgotten(world, document) && cancelPostings(world, document.id, 'restore'))
      return backToPlan(world, document, DAY_FORGOTTEN);
    return mayWrite ? { ok: true } : { ok: false, afterMs: PHASE_AGAIN_MS };
  }
  // It was looked for first, perhaps for a long time: what the source says by now is planned.
  const isLookedFor = posting.state !== 'ready' && document.state === 'ready';
  const isElsewhere =
    isLookedFor && posting.writeKind === 'create' && db.records.get(document.source)?.originId != null;
  const why = isElsewhere
    ? 'the source says that it is synced, and it is not there'
    : isLookedFor && movedOn(world, document)
      ? 'the source changed while it was looked for'
      : mayWrite
        ? whatChanged(world, document)
        : 'the phase is read-only';
  if (why === null) {
    if (document.state === 'ready') db.documents.put(document.id, { ...document, state: 'posting' });
    world.books.used(world, document, approvalUsed(world, document.id));
    return { ok: true };
  }
  if (document.state !== 'ready') return { ok: false, afterMs: PHASE_AGAIN_MS };
  return backToPlan(world, document, why);
}

function backToPlan(world: World, document: DocumentRow, why: string): Answers['intend'] {
  const { db } = world;
  if (cancelPostings(world, document.id, 'plan'))
    db.documents.put(document.id, { ...document, state: 'planned', reason: `${SENT_BACK}: ${why}` });
  wakePlanner(world, document.source);
  return { ok: false, afterMs: null };
}

/** It may go because of how little went that day, and a restored database has forgotten some of that. */
function isDayForgotten(world: World, { autoUnder }: DocumentRow): boolean {
  return autoUnder !== null && world.isDayForgotten();
}

function whatChanged(world: World, document: DocumentRow): string | null {
  const { db, faults } = world;
  if (document.revision === 1 && !db.installation.periodOpen) {
    faults.reached('E7');
    return 'the period is closed';
  }
  if (document.state !== 'ready') return null;
  const { autoUnder } = document;
  if (autoUnder !== null && autoUnder !== db.installation.policyVersion) {
    faults.reached('H3');
    return 'the policy changed';
  }
  if (isDayForgotten(world, document)) return DAY_FORGOTTEN;
  if (!document.needsApproval) return null;
  const approval = openApproval(world, document.id);
  if (approval === null) return 'no valid approval';
  const holds = approvalHolds(approval, bindingOf(world, document), provenanceOf(document));
  const isThere = users.some(
    ({ email, roles }) =>
      email === approval.decidedBy && roles.includes(approval.role) && !world.left.has(email),
  );
  if (holds.ok && isThere) {
    db.approvals.put(approval.id, { ...approval, consumed: true, consumedAt: world.now });
    return null;
  }
  faults.reached(holds.ok ? 'H7' : 'H3');
  staleApprovals(world, document.id);
  return holds.ok ? 'whoever approved it has left' : holds.why;
}

/** The approval that this very transaction used up. */
function approvalUsed({ db, now }: World, document: string): string | null {
  for (const { id, document: of, consumedAt } of db.approvals.rows.values())
    if (of === document && consumedAt === now) return id;
  return null;
}
