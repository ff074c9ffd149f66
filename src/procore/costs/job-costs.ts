import type { Figure } from '../../domain/actuals/job-cost-figures.ts';
import {
  type DirectCostSheet,
  type JobCostSheet,
  ROWS_PER_CALL,
} from '../../domain/masters/job-cost-sheets.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { ProbeResult, Read, Write } from '../../domain/posting/writes.ts';
import { contentHash } from '../../domain/values/canonical.ts';
import { jsonNumber } from '../../lib/decimal-json.ts';
import { amountText, dateOrNull } from '../commitments/commitments.ts';
import type { ProcoreConfig, UnsureColumn } from '../config.ts';
import { PROCORE } from '../http/errors.ts';
import { readList } from '../http/paging.ts';
import { classifyRows } from '../outcomes.ts';
import { directCostLineRow, directCostRow, parsed } from '../wire.ts';

// An operation has at most ten writes.
export const MAX_WRITES = 10;

/**
 * One month of cost as an approved expense with a line for each coding. What we wrote before is overwritten, as the
 * ERP owns what was posted: nothing that a person types here can become cost in the books.
 */
export function directCostWrites(sheet: DirectCostSheet, config: ProcoreConfig): readonly Write[] {
  const lines = inCalls(sheet.lines, MAX_WRITES - 1);
  return [headWrite(sheet, config), ...lines.map((part, place) => linesWrite(sheet, part, place, config))];
}

export const directCostRoute = ({ projectId }: { readonly projectId: string }) =>
  `/rest/v1.0/projects/${projectId}/direct_costs`;

function headWrite(sheet: DirectCostSheet, config: ProcoreConfig): Write {
  const { originId, description, date } = sheet;
  const wanted = { description, date, type: 'expense', status: statusOf(sheet) };
  return {
    name: 'direct-cost',
    kind: 'set',
    answerProves: true,
    object: 'direct-cost',
    reference: originId,
    targetHash: contentHash({ ...wanted, originId }),
    encode: () => ({
      method: 'PATCH',
      path: `${directCostRoute(sheet)}/sync`,
      body: JSON.stringify({
        updates: [
          {
            origin_id: originId,
            description,
            direct_cost_date: date,
            direct_cost_type: wanted.type,
            status: wanted.status,
          },
        ],
      }),
    }),
    async probe(read) {
      const there = await readHead(read, sheet, config);
      const seen =
        there === null
          ? null
          : {
              description: there.description ?? '',
              date: dateOrNull(there.direct_cost_date) ?? '',
              type: there.direct_cost_type ?? '',
              status: there.status ?? '',
            };
      const reached = seen !== null && contentHash(seen) === contentHash(wanted);
      return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id: there?.id ?? originId };
    },
    classify: (response) => classifyRows(response, 1, originId),
  };
}

/** A draft is in no budget: what other direct costs show instead must not count beside them. */
export function statusOf({ retired }: { readonly retired?: true }): 'approved' | 'draft' {
  return retired ? 'draft' : 'approved';
}

type Lines = DirectCostSheet['lines'];

/** The id of the head is read right before: its lines go under what stands there at that moment, or nowhere. */
function linesWrite(sheet: DirectCostSheet, lines: Lines, place: number, config: ProcoreConfig): Write {
  const targetHash = contentHash(lines);
  return {
    name: `direct-cost-lines-${place + 1}`,
    kind: 'set',
    answerProves: true,
    object: 'direct-cost',
    reference: `${sheet.originId}/${targetHash.slice(-12)}`,
    targetHash,
    encode({ guard }) {
      if (guard === undefined) throw new Stop('bug', PROCORE, 'a line of cost needs its direct cost');
      const updates = lines.map((line) => lineBody(line, guard));
      return {
        method: 'PATCH',
        path: `${directCostRoute(sheet)}/line_items/sync`,
        body: JSON.stringify({ updates }),
      };
    },
    probe: (read) => standingOfLines(read, sheet, lines, config),
    classify: (response) => classifyRows(response, lines.length, sheet.originId),
  };
}

/** Without its direct cost only a line that stands already is taken; any other is refused by its name. */
export function lineBody(line: Lines[number], directCostId: string | undefined): object {
  return {
    origin_id: line.originId,
    ...(directCostId ? { direct_cost_id: jsonNumber(directCostId) } : {}),
    cost_code_id: jsonNumber(line.costCodeId),
    line_item_type_id: jsonNumber(line.costTypeId),
    description: line.description,
    extended_type: 'manual',
    amount: jsonNumber(line.amount),
  };
}

async function standingOfLines(
  read: Read,
  sheet: DirectCostSheet,
  lines: Lines,
  config: ProcoreConfig,
): Promise<ProbeResult> {
  const head = await readHead(read, sheet, config);
  if (head === null) {
    const difference = `the direct cost ${sheet.originId} that its lines belong to is not in Procore`;
    return { kind: 'standing', standing: 'elsewhere', id: sheet.originId, difference };
  }
  const there = new Map(
    (await readLines(read, sheet.projectId, { 'filters[direct_cost_id]': head.id }, config)).map((line) => [
      line.originId,
      line.amount,
    ]),
  );
  const reached = lines.every(({ originId, amount }) => there.get(originId) === amount);
  return { kind: 'standing', standing: reached ? 'at-target' : 'at-base', id: head.id, guard: head.id };
}

async function readHead(read: Read, { projectId, originId }: DirectCostSheet, config: ProcoreConfig) {
  const rows = await readList(read, {
    path: `/rest/v1.1/projects/${projectId}/direct_costs`,
    query: { 'filters[origin_id]': originId },
    pageSize: config.pageSize,
  });
  const heads = rows.map((row) => parsed(directCostRow, row, 'a direct cost'));
  return heads.find(({ origin_id }) => origin_id === originId) ?? null;
}

export type ShownCost = { readonly originId: string; readonly amount: string };

/** Lines of direct costs that carry an origin id, with their amounts as they stand. */
export async function readLines(
  read: Read,
  projectId: string,
  query: Readonly<Record<string, string>>,
  config: ProcoreConfig,
): Promise<ShownCost[]> {
  const path = `${directCostRoute({ projectId })}/line_items`;
  const rows = await readList(read, { path, query, pageSize: config.pageSize });
  return rows.flatMap((row) => {
    const { origin_id: originId, amount } = parsed(directCostLineRow, row, 'a line of a direct cost');
    return originId === null
      ? []
      : [{ originId, amount: amountText(amount, config.currency, `amount of ${originId}`) }];
  });
}

/**
 * Cost to date, which feeds the budget's column of ERP costs. Procore offers no read of it: the figures are absolute
 * and nobody else writes them, so that a second call changes nothing, and the answer names every row.
 */
export function jobCostWrites(sheet: JobCostSheet, config: ProcoreConfig): readonly Write[] {
  return inCalls(sheet.lines, MAX_WRITES).map((lines, place): Write => {
    const targetHash = contentHash(lines);
    return {
      name: `job-costs-${place + 1}`,
      kind: 'set',
      answerProves: true,
      object: 'job-cost',
      reference: `job-costs/${sheet.projectId}/${targetHash.slice(-12)}`,
      targetHash,
      encode: () => ({
        method: 'PATCH',
        path: '/rest/v1.0/erp_job_costs/sync',
        body: JSON.stringify({
          company_id: jsonNumber(config.companyId),
          job_origin_id: sheet.jobOriginId,
          updates: lines.map((line) => ({
            cost_code_id: jsonNumber(line.costCodeId),
            line_item_type_id: jsonNumber(line.costTypeId),
            job_to_date_cost: jsonNumber(line.jobToDate),
            commitment_invoiced: jsonNumber(line.commitmentInvoiced),
            ...columnsOf(line.figures ?? {}, config),
          })),
        }),
      }),
      probe: async () => ({ kind: 'standing', standing: 'at-base', id: sheet.projectId }),
      classify: (response) => classifyRows(response, lines.length, sheet.projectId),
    };
  });
}

/** The columns of a job cost by their published names. No page says what they mean: only those whose name says it. */
const COLUMNS: Readonly<Partial<Record<Figure, string>>> = {
  originalEstimate: 'original_estimate',
  estimateChanges: 'approved_estimate_changes',
  estimate: 'estimate',
  originalCommitment: 'original_commitment',
  commitmentChanges: 'approved_commitment_changes',
  commitment: 'revised_commitment',
  monthToDate: 'month_to_date_cost',
  paid: 'job_to_date_dollars_paid',
  paidInMonth: 'month_to_date_dollars_paid',
};

/** Columns whose name leaves open what they hold, and the figure that a company may say that they do. */
const UNSURE_COLUMNS: Readonly<Record<UnsureColumn, Figure>> = {
  committed_costs: 'commitment',
  open_balance: 'openCommitment',
  paid_amount: 'paid',
};

function columnsOf(figures: Readonly<Partial<Record<Figure, string>>>, config: ProcoreConfig): object {
  const sure = Object.entries(COLUMNS) as [Figure, string][];
  const unsure = (config.jobCostColumns ?? []).map((column) => [UNSURE_COLUMNS[column], column] as const);
  return Object.fromEntries(
    [...sure, ...unsure].flatMap(([figure, column]) => {
      const amount = figures[figure];
      return amount === undefined ? [] : [[column, jsonNumber(amount)]];
    }),
  );
}

export function inCalls<Row>(rows: readonly Row[], calls: number): readonly (readonly Row[])[] {
  if (rows.length > ROWS_PER_CALL * calls)
    throw new RangeError(`${rows.length} rows of cost are more than ${calls} calls can carry`);
  const parts: (readonly Row[])[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_CALL)
    parts.push(rows.slice(start, start + ROWS_PER_CALL));
  return parts;
}
