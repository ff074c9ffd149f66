import { mayDecide } from '../../domain/approval/may-decide.ts';
import { isVendorCredit } from '../../domain/billing/vendor-credit.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument, savePlan } from '../../store/documents/document.ts';
import { addLinks } from '../../store/documents/link.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import { decideReview, expireReviews, getReview, type StoredReview } from '../../store/documents/review.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { type BillCase, billCase } from '../plan/ask-bill.ts';
import { takeWritesBack } from '../plan/save-plan.ts';
import { wakePayments } from '../post/conclude.ts';
import { step } from '../step.ts';
import type { BillingWish } from './bill-application.ts';
import { type Decided, type Declined, decided, declined, gone } from './person.ts';

const changed = declined(
  409,
  'Changed meanwhile',
  'What this is about changed. Look at it again, then decide.',
);

/** Links a bill again that was posted from here and lost its link to a reset, after it was seen in the ERP. */
export async function linkBill(engine: Engine, wish: BillingWish, id: string): Promise<Decided> {
  const { tenant, reviewId } = wish;
  const hub = await engine.systems.hubOf(tenant);
  const now = await step(engine, tenant, async (tx) => {
    const refused = mayLink(await getReview(tx, reviewId, 'read'), wish);
    return refused ?? (await billCase(engine, tx, hub, id)) ?? changed;
  });
  if ('ok' in now) return now;
  if (now.hash !== wish.payloadHash) return changed;
  const { erp, former } = now;
  const { vendorCode, invoiceNumber } = former.body;
  const { invoicesNumbered, creditsNumbered } = erp.connection;
  const isCredit = isVendorCredit(former.body);
  const shown = await (isCredit ? creditsNumbered : invoicesNumbered)?.(vendorCode, invoiceNumber);
  if (!shown?.some((invoice) => invoice.id === former.targetId && invoice.state === 'posted'))
    return declined(
      409,
      'It does not stand',
      `${erp.name} shows no posted ${isCredit ? 'credit' : 'invoice'} ${invoiceNumber} of ${vendorCode} that is this one. Cancelled there, it is posted anew once its number is free.`,
    );
  const result = await step(engine, tenant, async (tx): Promise<Decided> => {
    // Before anything is locked: a running plan may be waiting for this very answer.
    await outlastPlans(tx);
    const then = await billCase(engine, tx, hub, id);
    if (then?.hash !== wish.payloadHash) return changed;
    const refused = mayLink(await getReview(tx, reviewId), wish);
    return refused ?? link(engine, tx, hub, wish, then);
  });
  engine.failPoint('after-decision');
  return result;
}

function mayLink(review: StoredReview | null, { user, answer }: BillingWish): Declined | null {
  if (review === null) return gone;
  if (review.state !== 'open') return decided(review);
  const item = { kind: review.kind, neededRole: review.role, requester: null, editors: [] };
  const allowed = mayDecide(user, item);
  if (!allowed.ok) return declined(403, 'You may not decide this', allowed.why);
  if (answer === 'standing') return null;
  return declined(422, 'Not one of the answers', 'Choose one of the answers that are shown.');
}

/** Written down as it was posted, as one that stands and that nothing is sent for. */
async function link(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  { user, reviewId, payloadHash }: BillingWish,
  { erp, record, item, former, stopped, revision }: BillCase,
): Promise<Decided> {
  if (stopped.state === 'posting' || !(await takeWritesBack(tx, erp, stopped)))
    return declined(409, 'On its way', 'A write of it is on its way to the ERP.');
  await moveDocument(tx, stopped, { state: 'withdrawn', reasons: [] });
  // But for the question that is being answered.
  await expireReviews(tx, stopped.id, ['billing']);
  const { targetId, targetNumber, lineKeys, postedAt: _, ...posted } = former;
  const plan = {
    ...posted,
    ...{ id: engine.newId(), revision: revision + 1, state: 'confirmed' as const, reasons: [] },
    ...{ recordVersion: record.version, recordHash: record.hash },
    ...{ operation: null, payloadHash: null, gate: null, exposureMinor: 0n },
    ...{ requester: null, requestKey: item?.key ?? null },
  };
  await savePlan(tx, plan, []);
  const number = targetNumber === null ? {} : { targetNumber };
  await moveDocument(tx, plan, { state: 'confirmed', targetId, lineKeys, ...number });
  const whole = {
    ...{
      sourceConnection: hub.id,
      sourceObject: former.sourceObject,
      sourceId: former.sourceId,
      sourceLine: '',
    },
    ...{ targetConnection: erp.id, targetObject: former.kind, targetId, targetLine: '' },
  };
  const inTheWay = await addLinks(tx, [whole]);
  // Nothing may stand half: another decision that linked it at this moment wins.
  if (inTheWay.length > 0) throw new Error(`invoice ${targetId} was linked to another record meanwhile`);
  await wakePayments(tx, erp, { kind: former.kind, targetId });
  const [at, by] = [engine.clock.now(), user.email];
  await decideReview(tx, reviewId, {
    state: 'corrected',
    by,
    at,
    detail: { payloadHash, answer: 'standing' },
  });
  await wakeLane(tx, sourceLane(hub, former.sourceObject, former.sourceId));
  const body = {
    payload: payloadHash,
    review: reviewId,
    target: targetId,
    invoice: targetNumber ?? targetId,
  };
  await appendAudit(tx, [{ kind: 'bill-linked', actor: by, document: plan.id, at, body }]);
  return { ok: true };
}
