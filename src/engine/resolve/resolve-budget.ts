import { type BudgetRecord, openMoves } from '../../domain/budget/budget.ts';
import {
  type BudgetChange,
  changeMoves,
  isChangeMove,
  type ReadChanges,
  withoutRead,
} from '../../domain/budget/budget-changes.ts';
import { carriedMoves } from '../../domain/budget/plan-budget.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { takeSignals } from '../../store/intake/signal.ts';
import { findRecord } from '../../store/records/record.ts';
import { newestItem, type StoredRequestItem } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
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
  const { item, before } = await step(engine, lane.tenant, async (tx) => ({
    item: await newestItem(tx, at.id, key.object, id),
    before: (await findRecord<BudgetRecord>(tx, key))?.body ?? null,
  }));
  if (item === null || item.projectId === null) return;
  const { projectId, requestId } = item;
  const pulled = await hub.fetchBudget({ id, projectId, requestId });
  if (pulled === null || pulled.record.object !== 'budget') return notThere(engine, lane, at, key.object, id);
  const { record, raw } = pulled;
  const changes = asksForChanges(item, before) ? await hub.budgetChangesIn(projectId) : null;
  engine.failPoint('after-fetch');
  const erp = await findErp(engine, at.tenant, projectId);
  await step(engine, lane.tenant, async (tx) => {
    await takeSignals(tx, at.id, key.object, id);
    const standing = standingBudgets(await budgetDocuments(tx, at, erp, id));
    const earlier = (await findRecord<BudgetRecord>(tx, key))?.body ?? null;
    await keepRecord(tx, at.id, { record: wholeOf({ record, earlier, changes, standing, requestId }), raw });
    await expireSubject(tx, 'quarantined', missingSubject(key));
    await planBudgetEntry(engine, tx, at, { id, requestId });
  });
  engine.failPoint('after-plan');
}

/** Once for each export, while somebody waits for it: what is approved afterwards waits for the next one. */
function asksForChanges({ state, requestId }: StoredRequestItem, before: BudgetRecord | null): boolean {
  return (state === 'received' || state === 'working') && before?.changesOf !== requestId;
}

/** What the export carries, what is open of earlier ones, and what the approved changes of the budget move. */
function wholeOf({
  record,
  earlier,
  changes,
  standing,
  requestId,
}: {
  readonly record: BudgetRecord;
  readonly earlier: BudgetRecord | null;
  /** Null where they were not asked for, or Procore does not show them. */
  readonly changes: readonly BudgetChange[] | null;
  readonly standing: ReturnType<typeof standingBudgets>;
  readonly requestId: string;
}): BudgetRecord {
  const carried = carriedMoves(standing);
  const kept = earlier?.moves ?? [];
  const told = kept.filter(({ id }) => !isChangeMove(id));
  const exported = withoutRead(openMoves(told, record.moves, carried), standing);
  const { moves, problems } =
    changes === null ? keptChanges(earlier, carried) : freshChanges(record, changes, exported, standing);
  const changesOf = changes === null ? (earlier?.changesOf ?? null) : requestId;
  return { ...record, moves: [...exported, ...moves], problems, changesOf };
}

function keptChanges(earlier: BudgetRecord | null, carried: ReadonlySet<string>): ReadChanges {
  const moves = (earlier?.moves ?? []).filter(({ id }) => isChangeMove(id) && !carried.has(id));
  return { moves, problems: earlier?.problems ?? [] };
}

/** The original estimate is entered as it is: changes follow with the next export. */
function freshChanges(
  { hidesChanges }: BudgetRecord,
  changes: readonly BudgetChange[],
  exported: BudgetRecord['moves'],
  standing: ReturnType<typeof standingBudgets>,
): ReadChanges {
  if (standing.length === 0 || hidesChanges) return { moves: [], problems: [] };
  return changeMoves(changes, exported, standing);
}
