import { evidenceFor, matchOrders } from '../../domain/orders/match-order.ts';
import { type AdoptionProposal, proposalOf } from '../../domain/orders/match-order-proposal.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import type { CommitmentRecord } from '../../domain/records.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findAdoption, proposeAdoption, reopenAdoption } from '../../store/documents/adoption.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import { openReview } from '../../store/documents/review.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';
import { type BothSides, readBothSides } from './adopt-sides.ts';
import { isUnderWay, orderKey } from './adopted.ts';
import { planCommitment } from './plan-commitment.ts';
import { takeWritesBack } from './save-plan.ts';

type Alone = {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly total: string;
  readonly currency: string;
  readonly why: string;
};

/** What could be taken over in a project that ran before: nothing of it is done yet. */
export type AdoptionReport = {
  readonly project: { readonly id: string; readonly name: string; readonly erpCode: string };
  readonly proposals: readonly AdoptionProposal[];
  readonly unmatchedCommitments: readonly Alone[];
  readonly unmatchedOrders: readonly Alone[];
};

/** Reads the standing orders of a project and finds the commitments they were written for. Writes nothing. */
export async function findAdoptions(
  engine: Engine,
  tenant: string,
  projectId: string,
): Promise<AdoptionReport> {
  return reportOf(await readBothSides(engine, tenant, projectId));
}

/** Brings each proposal to Review. What is on its way to the ERP already is told and left alone. */
export async function proposeAdoptions(
  engine: Engine,
  tenant: string,
  projectId: string,
): Promise<{ readonly report: AdoptionReport; readonly left: readonly string[] }> {
  const sides = await readBothSides(engine, tenant, projectId);
  const report = reportOf(sides);
  const left: string[] = [];
  for (const proposal of report.proposals) {
    const why = await step(engine, tenant, (tx) => open(engine, tx, sides, proposal));
    if (why !== null) left.push(`${proposal.commitment.number}: ${why}`);
  }
  return { report, left };
}

/** Orders draw on the requisition of a commitment, and not one of them surely is its order: a person says which is. */
export async function askWhichWasBought(
  engine: Engine,
  erp: OpenConnection,
  { sourceId, projectId, sourceConnection, targetConnection }: StoredDocument,
  orders: readonly StandingOrder[],
  why: string | null,
): Promise<void> {
  const key = { sourceConnection, commitment: sourceId, targetConnection };
  const numbers = orders.map(({ number }) => number);
  const before = await step(engine, erp.tenant, (tx) => findAdoption(tx, key));
  // Asked already, or decided, about these.
  if (
    before !== null &&
    before.state !== 'adopted' &&
    numbers.every((number) => before.orders.includes(number))
  )
    return;
  const sides = await readBothSides(engine, erp.tenant, projectId ?? '');
  const source = sides.sources.find(({ commitment }) => commitment.id === sourceId);
  if (source === undefined) return;
  const candidates = orders.map((order) => ({ order, evidence: evidenceFor(source, order, erp.code) }));
  const proposal = proposalOf(source, candidates, sides.applications.get(sourceId) ?? [], false);
  await step(engine, erp.tenant, async (tx) => {
    // Its order of before was given up: which it is now has to be said again.
    if (before?.state === 'adopted') await reopenAdoption(tx, key, numbers);
    await open(engine, tx, sides, proposal, why);
  });
}

function reportOf({ project, erp, sources, orders, applications, decided, held }: BothSides): AdoptionReport {
  const found = matchOrders(sources, orders, erp.code);
  const alone = new Set(found.unmatchedCommitments.map(({ commitment }) => commitment.id));
  const isLost = ({ commitment: { id } }: (typeof sources)[number]) => alone.has(id) && held.has(id);
  const proposal = (
    source: (typeof sources)[number],
    candidates: Parameters<typeof proposalOf>[1],
    certain: boolean,
  ) => proposalOf(source, candidates, applications.get(source.commitment.id) ?? [], certain);
  return {
    project,
    proposals: [
      ...found.matched.map(({ candidate, ...source }) => proposal(source, [candidate], true)),
      ...found.ambiguous.map(({ candidates, ...source }) => proposal(source, candidates, false)),
      // Held back by what was found before and is gone: only a person lets it go.
      ...sources.filter(isLost).map((source) => proposal(source, [], false)),
    ],
    unmatchedCommitments: [
      ...found.unmatchedCommitments.filter(({ commitment }) => !held.has(commitment.id)),
      ...decided,
    ].map(({ commitment, why }) => aloneOf(commitment, why)),
    unmatchedOrders: found.unmatchedOrders.map(
      ({ order: { id, number, vendorCode, total, currency }, why }) => ({
        id,
        number,
        title: vendorCode,
        total,
        currency,
        why,
      }),
    ),
  };
}

function aloneOf({ id, number, title, total, currency }: CommitmentRecord, why: string): Alone {
  return { id, number, title, total, currency, why };
}

/** Asks about one commitment and holds it back meanwhile; or says why it cannot be held back any more. */
async function open(
  engine: Engine,
  tx: Tx,
  { hub, erp, editors }: BothSides,
  proposal: AdoptionProposal,
  why: string | null = null,
): Promise<string | null> {
  const { commitment, candidates } = proposal;
  // Before anything is locked: a plan that runs now would not see the proposal.
  await outlastPlans(tx);
  const last = (await documentsOf(tx, orderKey(hub, erp, commitment.id))).at(-1) ?? null;
  const isHeld = last === null || (!isUnderWay(last) && (await takeWritesBack(tx, erp, last)));
  if (!isHeld) return `its order is ${last?.state ?? 'posted'} already`;
  const key = { sourceConnection: hub.id, commitment: commitment.id, targetConnection: erp.id };
  const orders = candidates.map(({ number }) => number);
  if (!(await proposeAdoption(tx, key, orders))) return 'its order was taken over already';
  await askAdoption(engine, tx, erp, proposal, editors.get(commitment.id) ?? [], why);
  // At once, and not when its lane is looked at: until then somebody could still approve what was planned before.
  await planCommitment(engine, tx, hub, commitment.id);
  const body = { commitment: commitment.id, orders, hash: proposal.hash };
  await appendAudit(tx, [{ kind: 'adoption-proposed', actor: 'tiebeam', at: engine.clock.now(), body }]);
  return null;
}

/** The one question about a commitment; what is shown and what is decided on are bound by its hash. */
export async function askAdoption(
  engine: Engine,
  tx: Tx,
  erp: OpenConnection,
  proposal: AdoptionProposal,
  editors: readonly string[],
  /** What is other than it was asked for, where people made the orders of a requisition. */
  why: string | null = null,
): Promise<void> {
  const { commitment, candidates } = proposal;
  const [first] = candidates;
  const total = `${commitment.total} ${commitment.currency}`;
  const question =
    candidates.length === 0
      ? `None of the orders in ${erp.name} matches this commitment of ${total} any more. Is it a new order?`
      : candidates.length === 1
        ? `Is order ${first?.number} in ${erp.name} the order of this commitment of ${total}? Nothing is sent to ${erp.name} by the answer.`
        : `Which of these ${candidates.length} orders in ${erp.name} is the order of this commitment of ${total}, if one is? Nothing is sent to ${erp.name} by the answer.`;
  await openReview(tx, {
    id: engine.newId(),
    kind: 'adoption',
    subject: adoptionSubject(commitment.id),
    document: null,
    title: `${commitment.number} ${commitment.title}`,
    question: why === null ? question : `It was asked for by a requisition, and ${why}. ${question}`,
    evidence: { proposal, editors },
    role: 'controller',
  });
}

export function adoptionSubject(commitmentId: string): string {
  return `adoption:${commitmentId}`;
}
