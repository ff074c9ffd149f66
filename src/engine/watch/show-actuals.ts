import { calendarDate } from '../../domain/calendar-date.ts';
import type { Operation } from '../../domain/documents.ts';
import { unattributedWords } from '../../domain/job-cost.ts';
import { figureTexts } from '../../domain/job-cost-figures.ts';
import { changedRows, type JobCostRow } from '../../domain/job-cost-rows.ts';
import { type CodingIds, lineName, ROWS_PER_CALL } from '../../domain/job-cost-sheets.ts';
import { formatMoney, money, moneyWords, sum } from '../../domain/money.ts';
import { Stop } from '../../domain/outcomes.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import type { CostCodings } from '../../procore/cost-codings.ts';
import { expireOvertaken, jobCostsAllowed, tellRow } from '../../store/job-cost.ts';
import { wakeLane } from '../../store/lane.ts';
import { addPostings } from '../../store/posting.ts';
import type { StoredRecord } from '../../store/record.ts';
import { expireSubject, openReview } from '../../store/review.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { postLane } from '../lanes.ts';
import { step } from '../step.ts';
import { type Actuals, actualsOf, costedProjects } from './actuals.ts';
import { shownInErp } from './summary-figures.ts';

/**
 * Shows posted cost in the budget of Procore, where a person has switched that on: nothing is written to the ERP, and
 * what is written to Procore goes out as every write does. Rows that changed, project by project.
 */
export async function showActuals(engine: Engine, hub: OpenConnection): Promise<{ afterMs: number }> {
  const later = { afterMs: engine.pace.pullEveryMs };
  const projects = await step(engine, hub.tenant, async (tx) =>
    (await jobCostsAllowed(tx, hub.id)) ? costedProjects(tx, hub) : [],
  );
  if (projects.length === 0) return later;
  let trouble: unknown = null;
  for (const project of projects) {
    try {
      const erp = await findErp(engine, hub.tenant, project.nativeId);
      await showProject(engine, hub, erp, project);
    } catch (error) {
      // One project that cannot be seen, or has an amount that no cent can hold, keeps none of the others waiting.
      if (!(error instanceof Stop) && !(error instanceof RangeError)) throw error;
      trouble ??= error;
    }
  }
  if (trouble !== null) throw trouble;
  return later;
}

async function showProject(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
  project: StoredRecord<ProjectRecord>,
): Promise<void> {
  const place = { hub, erp, now: engine.clock.now() };
  const seen = await step(engine, hub.tenant, async (tx) => {
    const actuals = await actualsOf(tx, place, project);
    if (actuals === null) return null;
    await askAboutCost(engine, tx, hub, actuals);
    await expireOvertaken(tx, hub.id, project.nativeId);
    return actuals;
  });
  if (seen === null || !isSettled(seen) || changedRows(seen.wanted, seen.told).length === 0) return;
  const shown = await shownInErp(erp, seen.facts.projectCode);
  const codings = await hub.hub!.costCodings(project.nativeId);
  await step(engine, hub.tenant, async (tx) => {
    const actuals = await actualsOf(tx, place, project, shown);
    if (actuals === null || !isSettled(actuals)) return;
    const rows = changedRows(actuals.wanted, actuals.told).flatMap((row) => placed(row, codings) ?? []);
    await tellDirectCosts(
      engine,
      tx,
      { hub, erp, actuals },
      rows.filter(({ sheet }) => sheet === 'transaction'),
    );
    await tellJobCosts(
      engine,
      tx,
      { hub, erp, actuals },
      rows.filter(({ sheet }) => sheet === 'summary'),
    );
  });
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

type PlacedRow = JobCostRow & CodingIds;
type Place = { readonly hub: OpenConnection; readonly erp: OpenConnection; readonly actuals: Actuals };

/** A coding that the project does not have in Procore has no row there: the comparison names it. */
function placed(row: JobCostRow, { costCodes, costTypes }: CostCodings): PlacedRow | null {
  const [costCodeId, costTypeId] = [costCodes.get(row.costCode), costTypes.get(row.costType)];
  return costCodeId === undefined || costTypeId === undefined ? null : { ...row, costCodeId, costTypeId };
}

async function tellDirectCosts(
  engine: Engine,
  tx: Tx,
  place: Place,
  rows: readonly PlacedRow[],
): Promise<void> {
  const { erp, actuals } = place;
  const { project, currency } = actuals;
  for (const [period, some] of Map.groupBy(rows, (row) => row.period)) {
    const originId = `${costOrigin(erp, project.nativeId)}-${period}`;
    const named = some.map((row) => ({ ...row, name: `${originId}|${row.costCode}|${row.costType}` }));
    const operation: Operation = {
      kind: 'show-direct-costs',
      sheet: {
        projectId: project.nativeId,
        originId,
        description: `Cost posted in ${erp.name} in ${period}`,
        date: lastDayOf(period),
        lines: named.map(({ costCodeId, costTypeId, costCode, costType, name, amountMinor }) => ({
          originId: name,
          costCodeId,
          costTypeId,
          description: `${costCode} ${costType}`,
          amount: formatMoney(money(amountMinor, currency)),
        })),
      },
    };
    await tell(engine, tx, place, `job-costs:${project.nativeId}:${period}`, operation, named, 1);
  }
}

async function tellJobCosts(engine: Engine, tx: Tx, place: Place, rows: readonly PlacedRow[]): Promise<void> {
  const { project, currency } = place.actuals;
  const jobOriginId = project.body.originId;
  // Only a project that Procore knows by the ERP's id has a summary; its direct costs need no such id.
  if (rows.length === 0 || jobOriginId === null) return;
  const operation: Operation = {
    kind: 'show-job-costs',
    sheet: {
      projectId: project.nativeId,
      jobOriginId,
      lines: rows.map(({ costCodeId, costTypeId, amountMinor, invoicedMinor, figures }) => ({
        costCodeId,
        costTypeId,
        jobToDate: formatMoney(money(amountMinor, currency)),
        commitmentInvoiced: formatMoney(money(invoicedMinor, currency)),
        figures: figureTexts(figures, currency),
      })),
    },
  };
  const named = rows.map((row) => ({ ...row, name: lineName(row) }));
  await tell(engine, tx, place, `job-costs:${project.nativeId}`, operation, named, 0);
}

/** Writes an operation down, and each of its rows with the write that carries it; `heads` writes carry none. */
async function tell(
  engine: Engine,
  tx: Tx,
  { hub, actuals }: Place,
  root: string,
  operation: Operation,
  rows: readonly (JobCostRow & { readonly name: string })[],
  heads: number,
): Promise<void> {
  const writes = hub.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
  await addPostings(tx, { document: null, connection: hub.id, root, operation }, writes);
  const carriers = writes.slice(heads);
  const told = { hub: hub.id, projectId: actuals.project.nativeId, currency: actuals.currency };
  for (const [index, row] of rows.entries())
    await tellRow(tx, told, { ...row, posting: carriers[Math.floor(index / ROWS_PER_CALL)]!.id });
  await wakeLane(tx, postLane(hub, root));
}

/** What the origin ids of all direct costs of a project begin with: the same whatever it is mapped to. */
export function costOrigin(erp: OpenConnection, projectId: string): string {
  return `${erp.code}-JC-${projectId}`;
}

function lastDayOf(period: string): ReturnType<typeof calendarDate> {
  const [year = 0, month = 1] = period.split('-').map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return calendarDate(`${period}-${days}`);
}
