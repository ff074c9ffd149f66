import { mayDecide } from '../../domain/approval/may-decide.ts';
import type { BillingAnswer, BillingQuestion } from '../../domain/billing/billing-question.ts';
import { openingOf } from '../../domain/billing/opening.ts';
import type { InvoicePart } from '../../domain/billing/plan-invoice-input.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { openInvoices, saveBillingDecision } from '../../store/documents/billing-decision.ts';
import { documentsFrom } from '../../store/documents/document-lists.ts';
import { lockBilling, outlastPlans } from '../../store/documents/plan-lock.ts';
import { decideReview, expireSubject, getReview, type StoredReview } from '../../store/documents/review.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine } from '../engine.ts';
import { sourceLane } from '../lanes.ts';
import { billOf } from '../plan/ask-bill.ts';
import {
  type BillingEvidence,
  billingSubject,
  olderOf,
  openBillingQuestion,
  questionOf,
} from '../plan/ask-billing.ts';
import { type BillingCase, billingCase } from '../plan/billing-case.ts';
import { wakePlanner } from '../plan/wake.ts';
import { step } from '../step.ts';
import { findStanding, type Standing } from './find-standing.ts';
import { linkBill } from './link-bill.ts';
import { saveStanding } from './link-invoice.ts';
import { linkOlder } from './link-older-invoices.ts';
import { type By, type Decided, type Declined, decided, declined, gone } from './person.ts';

export type BillingWish = By & {
  readonly reviewId: string;
  readonly payloadHash: string;
  readonly answer: BillingAnswer;
  /** Of an invoice that stands: the number that it bears in the ERP, and the parts of the application that it is. */
  readonly number: string | null;
  readonly part: InvoicePart | null;
  /** By how much it is accepted to differ from what the application bills. */
  readonly difference: string | null;
};

const changed = declined(
  409,
  'Changed meanwhile',
  'What this is about changed after you opened it. Look at the figures again, then decide.',
);

/** Decides what becomes of an application that could not be billed in its turn. Nothing is sent to the ERP. */
export async function billApplication(engine: Engine, wish: BillingWish): Promise<Decided> {
  const { tenant, reviewId } = wish;
  const review = await step(engine, tenant, (tx) => getReview(tx, reviewId, 'read'));
  const bill = review === null ? null : billOf(review.subject);
  if (bill !== null) return linkBill(engine, wish, bill);
  const asked = mayAnswer(review, wish);
  if ('ok' in asked) return asked;
  const hub = await engine.systems.hubOf(tenant);
  const key = { object: asked.object, id: asked.recordId };
  const now = await step(engine, tenant, (tx) => billingCase(engine, tx, hub, key));
  if (now === null) return changed;
  const older = await olderOf(engine, now);
  const question = questionOf(now, older);
  if (question.hash !== asked.hash) {
    if (question.answers.length > 0)
      await step(engine, tenant, (tx) => openBillingQuestion(engine, tx, now, question));
    return changed;
  }
  const standing = wish.answer === 'standing' ? await findStanding(engine, now, question, wish) : null;
  if (standing !== null && 'ok' in standing) return standing;
  const result = await step(engine, tenant, async (tx): Promise<Decided> => {
    // Before anything is locked: a running plan may be waiting for this very answer.
    await outlastPlans(tx);
    await documentsFrom(tx, hub.id, key.object, key.id, now.erp.id);
    await lockBilling(tx, now.erp.id, now.contract.root);
    const then = await billingCase(engine, tx, hub, key);
    if (then === null || questionOf(then, older).hash !== asked.hash) return changed;
    const again = mayAnswer(await getReview(tx, reviewId), wish);
    if ('ok' in again) return again;
    return settle(engine, tx, wish, { of: then, question, standing });
  });
  engine.failPoint('after-decision');
  return result;
}

function mayAnswer(
  review: StoredReview | null,
  { user, payloadHash, answer }: BillingWish,
): BillingQuestion | Declined {
  if (review === null) return gone;
  if (review.kind !== 'billing')
    return declined(422, 'Not about billing', 'This item asks for something else.');
  if (review.state !== 'open') return decided(review);
  const { billing, requester } = review.evidence as unknown as BillingEvidence;
  const item = { kind: review.kind, neededRole: review.role, requester, editors: [] };
  const allowed = mayDecide(user, item);
  if (!allowed.ok) return declined(403, 'You may not decide this', allowed.why);
  if (billing.hash !== payloadHash) return changed;
  return billing.answers.includes(answer)
    ? billing
    : declined(422, 'Not one of the answers', 'Choose one of the answers that are shown.');
}

type Settling = {
  readonly of: BillingCase;
  readonly question: BillingQuestion;
  readonly standing: Standing | null;
};

async function settle(
  engine: Engine,
  tx: Tx,
  { tenant, user, reviewId, answer, payloadHash }: BillingWish,
  { of, question, standing }: Settling,
): Promise<Decided> {
  const { hub, erp, record, contract, item } = of;
  const at = engine.clock.now();
  const by = user.email;
  const opening = answer === 'opening' ? openingOf(record.body, []) : null;
  if (answer === 'opening' && opening === null) return changed;
  const linked = standing === null ? [] : await saveStanding(engine, tx, of, standing);
  if (!Array.isArray(linked)) return linked;
  const older = opening === null ? [] : await linkOlder(tx, hub, erp, question);
  await decideReview(tx, reviewId, { state: 'corrected', by, at, detail: { payloadHash, answer } });
  await saveBillingDecision(tx, contract, {
    object: record.body.object,
    recordId: record.nativeId,
    application: record.body.application,
    verdict: answer,
    moves: opening?.moves ?? null,
    requestKey: item?.key ?? null,
    ...{ by, at },
  });
  for (const { recordId: id } of question.older)
    await expireSubject(tx, 'billing', billingSubject({ object: question.object, id }));
  // What any of them bills follows from all the others.
  for (const document of await openInvoices(tx, contract)) await wakePlanner(engine, tx, tenant, document);
  await wakeLane(tx, sourceLane(hub, record.body.object, record.nativeId));
  const document = linked[0] ?? of.documents.at(-1)?.id ?? null;
  await appendAudit(tx, [
    {
      kind: `billing-${answer}`,
      actor: by,
      document,
      at,
      body: {
        payload: payloadHash,
        review: reviewId,
        object: record.body.object,
        record: record.nativeId,
        application: String(record.body.application),
        invoice: standing?.invoice.number ?? '',
        target: standing?.invoice.id ?? '',
        difference: standing?.difference ?? '',
        billedBefore: opening?.source ?? '',
        billsLinked: older,
      },
    },
  ]);
  return { ok: true };
}
