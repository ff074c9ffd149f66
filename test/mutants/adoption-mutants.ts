import type { Mutant } from './mutant.ts';

const story = { by: 'tests', file: 'test/scenarios/adoption.test.ts' } as const;

/** Faults that would post what stands in the ERP already, or give an order to the wrong commitment. */
export const adoptionMutants: readonly Mutant[] = [
  {
    id: 'posted-while-proposed',
    says: 'a commitment is posted while an order in the ERP may be its own',
    file: 'src/domain/orders/plan-order.ts',
    find: 'if (base === null && mayStand != null) found.wait(',
    replace: 'if (base !== null && mayStand != null) found.wait(',
    killedBy: story,
  },
  {
    id: 'rejected-means-new',
    says: 'a proposal that was rejected lets the commitment be posted',
    file: 'src/engine/decisions/adopt.ts',
    find: `decideAdoption(tx, key, { state: 'rejected', by: user.email });`,
    replace: `decideAdoption(tx, key, { state: 'separate', by: user.email });`,
    killedBy: story,
  },
  {
    id: 'held-back-later',
    says: 'what waited for an approval can still be approved after an order of it was found',
    file: 'src/engine/plan/adopt.ts',
    find: 'await planCommitment(engine, tx, hub, commitment.id);',
    replace: 'void planCommitment;',
    killedBy: story,
  },
  {
    id: 'adopted-unseen',
    says: 'an order is taken over with other figures than were shown',
    file: 'src/engine/decisions/adopt.ts',
    find: 'if (now.hash !== proposal.hash) {',
    replace: `if (proposal.hash === '') {`,
    killedBy: story,
  },
  {
    id: 'accepted-difference-sent',
    says: 'an order that was taken over is changed although nothing changed in the source',
    file: 'src/domain/orders/plan-order.ts',
    find: 'if (standsAsAccepted(input)) return',
    replace: 'if (input.record.deleted && standsAsAccepted(input)) return',
    killedBy: { by: 'tests', file: 'src/domain/orders/adopted-order.test.ts' },
  },
  {
    id: 'foreign-origin-overwritten',
    says: "another integration's origin id is written over after an order was taken over",
    file: 'src/engine/plan/adopted.ts',
    find: 'return originId !== null && originId !== `',
    replace: 'return originId !== null && originId === `',
    killedBy: story,
  },
  {
    id: 'order-guessed',
    says: 'one of several commitments that are as good gets the order',
    file: 'src/domain/orders/match-order.ts',
    find: '&& byOrder.get(edge.order.id)!.length === 1;',
    replace: '&& byOrder.get(edge.order.id)!.length >= 1;',
    killedBy: { by: 'tests', file: 'src/domain/orders/match-order.test.ts' },
  },
  {
    id: 'opening-without-retainage',
    says: 'the retainage that is held at go-live is forgotten',
    file: 'src/domain/billing/opening.ts',
    find: 'workRetainage: formatMoney(work),',
    replace: 'workRetainage: formatMoney(subtract(work, work)),',
    killedBy: { by: 'tests', file: 'src/domain/billing/opening.test.ts' },
  },
  {
    id: 'earlier-beside-later',
    says: 'an application that a later one bills already is linked to an invoice beside it',
    file: 'src/domain/billing/billing-question.ts',
    find: `return codes.has(code) || isWaitedFor ? ['next'] : [];`,
    replace: `return codes.has(code) || isWaitedFor ? ['next', 'standing'] : [];`,
    killedBy: { by: 'tests', file: 'src/domain/billing/billing-question.test.ts' },
  },
  {
    id: 'opening-after-billing',
    says: 'billing begins anew on a contract of which invoices were posted',
    file: 'src/domain/billing/billing-question.ts',
    find: 'isWaitedFor && isUntouched && record.approved',
    replace: 'isWaitedFor && record.approved',
    killedBy: { by: 'tests', file: 'src/domain/billing/billing-question.test.ts' },
  },
];
