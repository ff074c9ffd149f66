import { mayHandle } from '../../domain/approval/may-decide.ts';
import { requestOver } from '../../domain/posting/begin-posting.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { ProbeResult } from '../../domain/posting/writes.ts';
import { move, postingDone } from '../../domain/states.ts';
import { type AuditEntry, appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import {
  countAsSpent,
  getPosting,
  postingsOf,
  type StoredPosting,
  savePosting,
} from '../../store/documents/posting.ts';
import { decideReview, writeOf } from '../../store/documents/review.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';
import { seesCanary } from '../post/canary.ts';
import { detached, isEffectOf, refused } from '../post/conclude.ts';
import { concludeTelling } from '../post/source-told.ts';
import { step } from '../step.ts';
import { type By, type Decided, type Declined, declined, openQuestion } from './person.ts';

type Wish = By & { readonly reviewId: string; readonly reason: string };
type Stuck = { readonly posting: StoredPosting; readonly document: StoredDocument | null };

/**
 * A person ends a write that could not end by itself. What it was to do in the target must not stand there: that is
 * looked at now, and not taken from anybody's word.
 */
export async function giveUp(engine: Engine, wish: Wish): Promise<Decided> {
  const { tenant, user, reviewId, reason } = wish;
  const before = await step(engine, tenant, (tx) => stuckWrite(tx, reviewId));
  if ('ok' in before) return before;
  if (!mayHandle(user, 'engineer'))
    return declined(403, 'You may not give this up', 'This needs the role engineer.');
  const at = await engine.systems.get(tenant, before.posting.connection);
  const isEffect = before.document !== null && isEffectOf(before.document, before.posting);
  const seen = isEffect ? await seenAtTarget(engine, at, before.posting) : 'absent';
  if (typeof seen !== 'string') return seen;
  return step(engine, tenant, async (tx): Promise<Decided> => {
    const stuck = await stuckWrite(tx, reviewId);
    if ('ok' in stuck) return stuck;
    const { posting, document } = stuck;
    if (posting.attempt !== before.posting.attempt || posting.state !== before.posting.state) return moved;
    if (isEffect && (await partStands(tx, posting))) return stands('a part of it');
    const now = engine.clock.now();
    // It is not there as it was sent; that it never was there nobody knows.
    if (isEffect && document !== null && seen === 'absent') await countAsSpent(tx, document);
    await savePosting(tx, posting, { ...posting, state: move('posting', posting.state, 'cancelled') });
    await decideReview(tx, reviewId, { state: 'rejected', by: user.email, at: now, detail: { reason } });
    const message = `Given up by ${user.email}: ${reason}`;
    const entries =
      document === null
        ? []
        : isEffect
          ? await effectGivenUp(engine, tx, document, { posting, seen, message })
          : await concludeTelling(engine, tx, at, {
              document,
              siblings: await postingsOf(tx, document.id),
              operation: posting.operation,
            });
    await wakeLane(tx, postLane(at, posting.root));
    const body = { reason, review: reviewId, write: posting.writeName, reference: posting.reference, seen };
    await appendAudit(tx, [
      { kind: 'given-up', actor: user.email, document: posting.document, at: now, body },
      ...entries,
    ]);
    return { ok: true };
  });
}

function effectGivenUp(
  engine: Engine,
  tx: Tx,
  document: StoredDocument,
  said: { readonly posting: StoredPosting; readonly seen: Seen; readonly message: string },
): Promise<AuditEntry[]> {
  const why = said.posting.reason === null ? '' : ` (${said.posting.reason})`;
  const message = `${said.message}${why}`;
  return said.seen === 'cancelled'
    ? detached(engine, tx, document, message)
    : refused(engine, tx, document, { message, question: `Nothing of it stands in the target. ${message}` });
}

const moved = declined(409, 'It moved', 'This write went on meanwhile. Look at it again, then decide.');

async function stuckWrite(tx: Tx, reviewId: string): Promise<Stuck | Declined> {
  const found = await openQuestion(tx, reviewId);
  if ('ok' in found) return found;
  const id = writeOf(found.review);
  const posting = id === null ? null : await getPosting(tx, id);
  if (posting === null || (posting.state !== 'exception' && posting.state !== 'refused')) return moved;
  return { posting, document: found.document };
}

/** Of several writes of one document, those that are done cannot be given up with the one that is not. */
async function partStands(tx: Tx, posting: StoredPosting): Promise<boolean> {
  const siblings = posting.document === null ? [] : await postingsOf(tx, posting.document);
  return siblings.some(
    (other) =>
      other.connection === posting.connection &&
      other.operation.kind === posting.operation.kind &&
      postingDone.has(other.state),
  );
}

type Seen = 'absent' | 'cancelled';

async function seenAtTarget(
  engine: Engine,
  at: OpenConnection,
  posting: StoredPosting,
): Promise<Seen | Declined> {
  const rule = at.settle[posting.object];
  const write = at.connection.writes(posting.operation).find(({ name }) => name === posting.writeName);
  if (rule === undefined || write === undefined)
    return declined(422, 'No rule', `${at.name} no longer knows the write ${posting.writeName}.`);
  const over = posting.sentAt === null ? null : requestOver(posting.sentAt, rule);
  if (over !== null && over > engine.clock.now())
    return declined(
      409,
      'Too early to give up',
      `A request that was sent may still take effect until ${over.toISOString()}. Then it can be given up.`,
    );
  try {
    const result = await write.probe(at.connection.read, { earlierIds: {} });
    const seen = standingOf(result);
    if (seen !== 'absent' || result.kind !== 'found') return seen;
    if ((await seesCanary(engine, at, posting)) !== false) return seen;
    return declined(
      409,
      'The look is blind',
      `${at.name} does not show a document that is known to stand there, so "not found" proves nothing. Repair the rights of the service user first.`,
    );
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return declined(409, 'It could not be looked for', `${at.name} could not be asked: ${error.message}`);
  }
}

function standingOf(result: ProbeResult): Seen | Declined {
  if (result.kind === 'standing') return result.standing === 'at-target' ? stands(result.id) : 'absent';
  const standing = result.matches.filter(({ state }) => state !== 'cancelled');
  if (standing.length > 0) return stands(standing.map(({ id }) => id).join(', '));
  return result.matches.length > 0 ? 'cancelled' : 'absent';
}

function stands(what: string): Declined {
  return declined(
    409,
    'It stands in the target',
    `What carries our reference stands there (${what}). Correct it there and look again, or cancel it there; then it can be given up.`,
  );
}
