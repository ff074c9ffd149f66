import { figureTexts } from '../../domain/actuals/job-cost-figures.ts';
import type { JobCostRow } from '../../domain/actuals/job-cost-rows.ts';
import type { Operation } from '../../domain/documents.ts';
import { type CodingIds, lineName, ROWS_PER_CALL } from '../../domain/masters/job-cost-sheets.ts';
import { calendarDate } from '../../domain/values/calendar-date.ts';
import { formatMoney, money } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { addPostings } from '../../store/documents/posting.ts';
import { tellRow } from '../../store/records/job-cost.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { postLane } from '../lanes.ts';
import type { Actuals } from './actuals.ts';

export type PlacedRow = JobCostRow & CodingIds;
export type Place = { readonly hub: OpenConnection; readonly erp: OpenConnection; readonly actuals: Actuals };

/** Cost of a month, added up by coding. Where entries are shown one by one, what stands of a sum is taken back. */
export async function tellMonths(
  engine: Engine,
  tx: Tx,
  place: Place,
  rows: readonly PlacedRow[],
): Promise<void> {
  const { hub, erp, actuals } = place;
  const { project, currency } = actuals;
  for (const [period, some] of Map.groupBy(rows, (row) => row.period)) {
    const originId = `${costOrigin(erp, project.nativeId)}-${period}`;
    const named = some.map((row) => ({ ...row, name: `${originId}|${row.costCode}|${row.costType}` }));
    const operation: Operation = {
      kind: 'show-direct-costs',
      sheet: {
        projectId: project.nativeId,
        originId,
        ...(hub.hub!.jobCosts.grain === 'month'
          ? { description: `Cost posted in ${erp.name} in ${period}` }
          : {
              description: `Cost posted in ${erp.name} in ${period}: shown by document`,
              retired: true,
            }),
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

/** Cost to date by coding, with what else is known of each. */
export async function tellSummary(
  engine: Engine,
  tx: Tx,
  place: Place,
  rows: readonly PlacedRow[],
): Promise<void> {
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
export async function tell(
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
