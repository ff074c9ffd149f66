import { type BudgetRecord, openMoves } from '../../domain/budget.ts';
import { carriedMoves } from '../../domain/plan-budget.ts';
import type { Lane } from '../../store/lane.ts';
import { findRecord } from '../../store/record.ts';
import { newestItem } from '../../store/request-item.ts';
import { expireSubject } from '../../store/review.ts';
import { takeSignals } from '../../store/signal.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { budgetDocuments, planBudgetEntry, standingBudgets } from '../plan/plan-budget.ts';
import { hubOf, missingSubject, notThere } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';

/** Works the budget of one project: what its newest export carries, what is open of earlier ones, its plan. */
export async function resolveBudget(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const hub = hubOf(at);
  const key = { connection: at.id, object: 'budget', nativeId: id };
  const item = await step(engine, lane.tenant, (tx) => newestItem(tx, at.id, key.object, id));
  if (item === null || item.projectId === null) return;
  const { projectId, requestId } = item;
  const pulled = await hub.fetchBudget({ id, projectId, requestId });
  engine.failPoint('after-fetch');
  if (pulled === null || pulled.record.object !== 'budget') return notThere(engine, lane, at, key.object, id);
  const { record, raw } = pulled;
  const erp = await engine.systems.erpOf(at.tenant);
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    const earlier = (await findRecord<BudgetRecord>(tx, key))?.body.moves ?? [];
    const standing = standingBudgets(await budgetDocuments(tx, at, erp, id));
    const moves = openMoves(earlier, record.moves, carriedMoves(standing));
    await keepRecord(tx, at.id, { record: { ...record, moves }, raw });
    await expireSubject(tx, 'quarantined', missingSubject(key));
    await planBudgetEntry(engine, tx, at, id);
  });
  engine.failPoint('after-plan');
}
