import { unattributedWords } from '../../domain/actuals/job-cost.ts';
import { changedRows, type JobCostRow, sendableRows } from '../../domain/actuals/job-cost-rows.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { moneyWords, sum } from '../../domain/values/money.ts';
import type { CostCodings } from '../../procore/costs/cost-codings.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { expireSubject, openReview } from '../../store/documents/review.ts';
import { expireOvertaken, jobCostsAllowed } from '../../store/records/job-cost.ts';
import type { StoredRecord } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { step } from '../step.ts';
import { type Actuals, actualsOf, costedProjects } from './actuals.ts';
import { shownInErp } from './summary-figures.ts';
import { type PlacedRow, tellMonths, tellSummary } from './tell-cost.ts';
import { tellDocuments } from './tell-cost-documents.ts';

/**
 * Shows posted cost in the budget of Procore, where a person has switched that on: nothing is written to the ERP, and
 * what is written to Procore goes out as every write does. Rows that changed, project by project.
 */
export async function showActuals(engine: Engine, hub: OpenConnection): Promise<Left> {
  const projects = await step(engine, hub.tenant, async (tx) =>
    (await jobCostsAllowed(tx, hub.id)) ? costedProjects(tx, hub) : [],
  );
  let trouble: unknown = null;
  const left = new Set<Left>();
  for (const project of projects) {
    try {
      const erp = await findErp(engine, hub.tenant, project.nativeId);
      left.add(await showProject(engine, hub, erp, project));
    } catch (error) {
      // One project that cannot be seen, or has an amount that no cent can hold, keeps none of the others waiting.
      if (!(error instanceof Stop) && !(error instanceof RangeError)) throw error;
      trouble ??= error;
    }
  }
  if (trouble !== null) throw trouble;
  return left.has('between') ? 'between' : left.has('under-way') ? 'under-way' : 'nothing';
}

/** What a look leaves to do: nothing, what waits for writes that are on their way, or for what was just taken back. */
export type Left = 'nothing' | 'under-way' | 'between';

async function showProject(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
  project: StoredRecord<ProjectRecord>,
): Promise<Left> {
  const place = { hub, erp, now: engine.clock.now() };
  const seen = await step(engine, hub.tenant, async (tx) => {
    const actuals = await actualsOf(tx, place, project);
    if (actuals === null) return null;
    await askAboutCost(engine, tx, hub, actuals);
    await expireOvertaken(tx, hub.id, project.nativeId);
    return actuals;
  });
  if (seen === null || changedRows(seen.wanted, seen.told).length === 0) return 'nothing';
  if (!isSettled(seen)) return isBetweenGrains(seen) ? 'between' : 'under-way';
  const shown = await shownInErp(erp, seen.facts.projectCode);
  const codings = await hub.hub!.costCodings(project.nativeId);
  return step(engine, hub.tenant, async (tx) => {
    const actuals = await actualsOf(tx, place, project, shown);
    if (actuals === null || !isSettled(actuals)) return 'under-way';
    const changed = changedRows(actuals.wanted, actuals.told);
    const sendable = sendableRows(changed, actuals.told);
    const rows = sendable.flatMap((row) => placed(row, codings) ?? []);
    const transactions = rows.filter(({ sheet }) => sheet === 'transaction');
    await tellMonths(
      engine,
      tx,
      { hub, erp, actuals },
      transactions.filter(({ entry }) => entry === ''),
    );
    await tellDocuments(
      engine,
      tx,
      { hub, erp, actuals },
      transactions.filter(({ entry }) => entry !== ''),
    );
    await tellSummary(
      engine,
      tx,
      { hub, erp, actuals },
      rows.filter(({ sheet }) => sheet === 'summary'),
    );
    // Where nothing could be taken back either, the comparison names it, and no hurry helps.
    return sendable.length < changed.length && rows.length > 0 ? 'between' : 'nothing';
  });
}

/** What is taken back in one grain is shown in the other as soon as that stands, and not at the next regular look. */
function isBetweenGrains({ wanted, told }: Actuals): boolean {
  const changed = changedRows(wanted, told);
  return sendableRows(changed, told).length < changed.length;
}

/** Figures of one project go out one after the other: an older one must not arrive after a newer. */
function isSettled({ told }: Actuals): boolean {
  return !told.some(({ fate }) => fate === 'under-way');
}

// As many entries as a person reads; the comparison lists all of them.
const MAX_TOLD = 50;

/** Cost that nobody can attribute stands in front of an accountant, with its amount, until it can be. */
async function askAboutCost(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  { project, parts, currency }: Actuals,
): Promise<void> {
  const subject = `unattributed:${hub.id}:${project.nativeId}`;
  const lost = parts.filter(({ coding }) => coding === null);
  if (lost.length === 0) return expireSubject(tx, 'exception', subject);
  const amount = moneyWords(
    sum(
      lost.map((part) => part.amount),
      currency,
    ),
  );
  await openReview(tx, {
    id: engine.newId(),
    kind: 'exception',
    subject,
    document: null,
    title: `Posted cost of ${project.body.name}`,
    question: `${amount} of cost is posted on the project, and nobody can say for which cost code: it is in no budget line of ${hub.name}. Map the account, name the cost code as a cost centre, or re-code the entries in the ERP.`,
    evidence: { amount, entries: lost.slice(0, MAX_TOLD).map(unattributedWords), count: String(lost.length) },
    role: 'accountant',
  });
}

/** A coding that the project does not have in Procore has no row there: the comparison names it. */
function placed(row: JobCostRow, { costCodes, costTypes }: CostCodings): PlacedRow | null {
  const [costCodeId, costTypeId] = [costCodes.get(row.costCode), costTypes.get(row.costType)];
  return costCodeId === undefined || costTypeId === undefined ? null : { ...row, costCodeId, costTypeId };
}
