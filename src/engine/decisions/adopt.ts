import { mayApprove } from '../../domain/approval/approval.ts';
import type { Opening } from '../../domain/billing/opening.ts';
import { type AcceptedOrder, acceptedOrder, orderedHash } from '../../domain/orders/adopted-order.ts';
import { evidenceFor, type MatchSource, whyUnusable } from '../../domain/orders/match-order.ts';
import {
  type AdoptionProposal,
  openingsOf,
  pairsOf,
  proposalOf,
} from '../../domain/orders/match-order-proposal.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { CommitmentRecord } from '../../domain/records.ts';
import { moneyWords, parseMoney, subtract } from '../../domain/values/money.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { decideAdoption } from '../../store/documents/adoption.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import { linkedSource, linkedTarget } from '../../store/documents/link.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import { decideReview, getReview, type StoredReview } from '../../store/documents/review.ts';
import { findRecord } from '../../store/records/record.ts';
import { newestItem } from '../../store/requests/request-item.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor } from '../erp-companies.ts';
import { sourceLane } from '../lanes.ts';
import { askAdoption } from '../plan/adopt.ts';
import { readBothSides } from '../plan/adopt-sides.ts';
import { orderKey } from '../plan/adopted.ts';
import { giveWay, releaseAdopted, saveAdopted } from '../plan/save-adopted.ts';
import { wakePayments } from '../post/conclude.ts';
import { tellAdopted } from '../post/confirm.ts';
import { step } from '../step.ts';
import { type Billed, billedBefore, linkBilled } from './adopt-billed.ts';
import { type By, type Decided, type Declined, decided, declined, gone } from './person.ts';

type Wish = By & {
  readonly reviewId: string;
  readonly payloadHash: string;
  /** The order in the ERP that is the commitment's; null: none of those that were shown. */
  readonly order: string | null;
  /** The last application that was billed before; null: nothing was. */
  readonly application: number | null;
};

type Evidence = { readonly proposal: AdoptionProposal; readonly editors: readonly string[] };

/** Everything that a person's choice comes to, read anew in both systems. */
type Chosen = {
  readonly hub: OpenConnection;
  readonly erp: OpenConnection;
  readonly source: MatchSource;
  readonly order: StandingOrder;
  readonly opening: Opening | null;
  readonly billed: readonly Billed[];
};

/**
 * Takes over the order that stands in the ERP for a commitment, exactly as it was shown, or says that none of them is
 * its own. Nothing is sent to the ERP.
 */
export async function adopt(engine: Engine, wish: Wish): Promise<Decided> {
  const { tenant, reviewId } = wish;
  const before = await step(engine, tenant, async (tx) =>
    mayDecide(await getReview(tx, reviewId, 'read'), wish),
  );
  if ('ok' in before) return before;
  if (wish.order === null) return step(engine, tenant, (tx) => separate(engine, tx, wish));
  const chosen = await choose(engine, wish, before);
  if ('ok' in chosen) return chosen;
  const result = await step(engine, tenant, (tx) => takeOver(engine, tx, wish, chosen));
  engine.failPoint('after-decision');
  return result;
}

function mayDecide(review: StoredReview | null, { user, payloadHash }: Wish): Evidence | Declined {
  if (review === null) return gone;
  if (review.kind !== 'adoption')
    return declined(422, 'No order to take over', 'This item asks for something else.');
  if (review.state !== 'open') return decided(review);
  const evidence = review.evidence as Evidence;
  const allowed = mayApprove(user, { requester: null, editors: evidence.editors }, review.role);
  if (!allowed.ok) return declined(403, 'You may not decide this', allowed.why);
  return evidence.proposal.hash === payloadHash ? evidence : changed;
}

const changed = declined(
  409,
  'Changed meanwhile',
  'One of both sides changed after you opened it. Look at the figures again, then decide.',
);

/** Reads both sides again: what was shown must still be so, or the question is asked anew with what is so now. */
async function choose(
  engine: Engine,
  wish: Wish,
  { proposal, editors }: Evidence,
): Promise<Chosen | Declined> {
  const { id, projectId } = proposal.commitment;
  const { hub, erp, sources, orders, applications } = await readBothSides(engine, wish.tenant, projectId);
  const source = sources.find(({ commitment }) => commitment.id === id);
  if (source === undefined)
    return declined(409, 'Not open any more', 'The commitment has an order by now, or is gone.');
  const billings = applications.get(id) ?? [];
  const candidates = proposal.candidates.flatMap(
    (shown) => orders.find((order) => order.id === shown.id && whyUnusable(order) === null) ?? [],
  );
  const now = proposalOf(
    source,
    candidates.map((order) => ({ order, evidence: evidenceFor(source, order, erp.code) })),
    billings,
    proposal.certain,
  );
  if (now.hash !== proposal.hash) {
    await step(engine, wish.tenant, (tx) => askAdoption(engine, tx, erp, now, editors));
    return changed;
  }
  const order = candidates.find((candidate) => candidate.id === wish.order);
  const shown = now.candidates.find((candidate) => candidate.id === wish.order);
  if (order === undefined || shown === undefined)
    return declined(422, 'Not one of them', 'Choose one of the orders that are shown, or none.');
  if (shown.problem !== null) return declined(422, 'It cannot be taken over yet', shown.problem);
  const openings = openingsOf(billings, pairsOf(source, order));
  const opening = openings.find(({ application }) => application === wish.application) ?? null;
  if (opening === null && wish.application !== null)
    return declined(422, 'No such application', 'Choose one of the approved applications that are shown.');
  if (opening === null && openings.length > 0 && parseMoney(shown.invoiced, order.currency).minor !== 0n)
    return declined(
      422,
      'Billing has begun',
      'The order is invoiced in part: choose the last application that was billed, or it would be billed again.',
    );
  const billed = opening === null ? [] : await billedBefore(erp, source, billings, opening.application);
  return { hub, erp, source, order, opening, billed };
}

async function takeOver(engine: Engine, tx: Tx, wish: Wish, chosen: Chosen): Promise<Decided> {
  const { hub, erp, source, order, opening } = chosen;
  const { id } = source.commitment;
  // Before anything is locked: a running plan may be waiting for this very answer.
  await outlastPlans(tx);
  const documents = await documentsOf(tx, orderKey(hub, erp, id));
  const again = mayDecide(await getReview(tx, wish.reviewId), wish);
  if ('ok' in again) return again;
  const record = await findRecord<CommitmentRecord>(tx, {
    connection: hub.id,
    object: 'commitment',
    nativeId: id,
  });
  if (record === null || orderedHash(record.body) !== orderedHash(source.commitment)) return changed;
  if (await isLinked(tx, chosen))
    return declined(409, 'Linked already', 'One of both stands for another record.');
  const last = documents.at(-1) ?? null;
  if (last !== null && !(await giveWay(tx, erp, last)))
    return declined(409, 'On its way', 'A write of this commitment is on its way to the ERP.');
  const newest = await newestItem(tx, hub.id, 'commitment', id);
  const pairs = pairsOf(source, order);
  const accepted: AcceptedOrder = acceptedOrder(record.body, order, pairs, newest?.key ?? null);
  const now = engine.clock.now();
  const by = wish.user.email;
  await decideReview(tx, wish.reviewId, { state: 'approved', by, at: now, detail: detailOf(wish) });
  const key = { sourceConnection: hub.id, commitment: id, targetConnection: erp.id };
  await decideAdoption(tx, key, { state: 'adopted', by, orderId: order.id, accepted, opening });
  const document = await saveAdopted(
    engine,
    tx,
    { hub, erp },
    {
      ...{ record, order, pairs, documents },
      requestKey: accepted.requestKey,
      reasons: acceptedDifference(record.body, order),
    },
  );
  const linked = await linkBilled(tx, hub, erp, chosen.billed);
  for (const { invoiceId: targetId } of chosen.billed)
    await wakePayments(tx, erp, { kind: 'ap-invoice', targetId });
  await tellAdopted(engine, tx, hub, erp, document);
  await releaseAdopted(engine, tx, hub, id);
  const { target, difference } = opening ?? { target: '0', difference: '0' };
  await appendAudit(tx, [
    {
      kind: 'order-adopted',
      actor: by,
      document: document.id,
      at: now,
      body: {
        payload: wish.payloadHash,
        order: order.number,
        target: order.id,
        lines: document.lineKeys,
        application: String(opening?.application ?? 0),
        openingInErp: target,
        openingDifference: difference,
        billsLinked: linked,
      },
    },
  ]);
  return { ok: true };
}

function detailOf({ payloadHash, order, application }: Wish) {
  return { payloadHash, order, application };
}

async function isLinked(tx: Tx, { hub, erp, source, order }: Chosen): Promise<boolean> {
  const here = { sourceConnection: hub.id, sourceObject: 'commitment', sourceId: source.commitment.id };
  const there = { targetConnection: erp.id, targetObject: 'purchase-order', targetId: order.id };
  return (await linkedTarget(tx, erp.id, here)) !== null || (await linkedSource(tx, hub.id, there)) !== null;
}

/** A difference that was accepted is said for as long as it stands. */
function acceptedDifference({ total, currency }: CommitmentRecord, order: StandingOrder): readonly Reason[] {
  const difference = subtract(parseMoney(total, currency), parseMoney(order.total, currency));
  if (difference.minor === 0n) return [];
  return [
    {
      code: 'taken-over',
      owner: 'accountant',
      message: `Order ${order.number} was taken over as it stood, with a difference of ${moneyWords(difference)}.`,
      remedy: 'Export the commitment to bring the order to what Procore says, or correct it in Procore.',
    },
  ];
}

/** Somebody says that the commitment is a new order: it goes its usual way from here. */
async function separate(engine: Engine, tx: Tx, wish: Wish): Promise<Decided> {
  await outlastPlans(tx);
  const again = mayDecide(await getReview(tx, wish.reviewId), wish);
  if ('ok' in again) return again;
  const { commitment, candidates } = again.proposal;
  const hub = await engine.systems.hubOf(wish.tenant);
  const erp = await erpFor(engine, tx, wish.tenant, commitment.projectId);
  const at = engine.clock.now();
  const by = wish.user.email;
  await decideReview(tx, wish.reviewId, { state: 'corrected', by, at, detail: detailOf(wish) });
  const key = { sourceConnection: hub.id, commitment: commitment.id, targetConnection: erp.id };
  await decideAdoption(tx, key, { state: 'separate', by });
  await releaseAdopted(engine, tx, hub, commitment.id);
  const body = { commitment: commitment.id, orders: candidates.map(({ number }) => number) };
  await appendAudit(tx, [{ kind: 'order-separate', actor: by, at, body }]);
  return { ok: true };
}

/** Rejected is not decided: the order may still be the commitment's own, so nothing is posted for it. */
export async function rejectAdoption(
  engine: Engine,
  tx: Tx,
  { tenant, user, reviewId, reason }: By & { readonly reviewId: string; readonly reason: string },
): Promise<Decided> {
  await outlastPlans(tx);
  const review = await getReview(tx, reviewId);
  if (review === null) return gone;
  if (review.state !== 'open') return decided(review);
  const { commitment } = (review.evidence as Evidence).proposal;
  const hub = await engine.systems.hubOf(tenant);
  const erp = await erpFor(engine, tx, tenant, commitment.projectId);
  const at = engine.clock.now();
  await decideReview(tx, reviewId, { state: 'rejected', by: user.email, at, detail: { reason } });
  const key = { sourceConnection: hub.id, commitment: commitment.id, targetConnection: erp.id };
  await decideAdoption(tx, key, { state: 'rejected', by: user.email });
  await wakeLane(tx, sourceLane(hub, 'commitment', commitment.id));
  const body = { reason, review: reviewId, commitment: commitment.id };
  await appendAudit(tx, [{ kind: 'rejected', actor: user.email, at, body }]);
  return { ok: true };
}
