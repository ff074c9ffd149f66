import type { Figure } from '../../domain/actuals/job-cost-figures.ts';
import type { JobCostRow, KnownRow, RowFate } from '../../domain/actuals/job-cost-rows.ts';
import type { JournalRecord } from '../../domain/actuals/journal.ts';
import type { ReceiptDraw } from '../../domain/documents.ts';
import { type FieldError, ROW_REFUSED } from '../../domain/posting/outcomes.ts';
import { type PostingState, postingDone } from '../../domain/states.ts';
import type { Tx } from '../database/transaction.ts';

/** A row that Procore was told, what became of it, and why not where it was refused. */
export type ToldRow = KnownRow & {
  readonly name: string;
  readonly currency: string;
  readonly why: string | null;
};

type Row = {
  sheet: JobCostRow['sheet'];
  period: string;
  entry: string;
  costCode: string;
  costType: string;
  amount: string;
  invoiced: string;
  figures: Readonly<Partial<Record<Figure, string>>>;
  currency: string;
  name: string;
  state: PostingState;
  reason: string | null;
  errors: readonly FieldError[] | null;
};

export async function toldRows(tx: Tx, hub: string, projectId: string): Promise<ToldRow[]> {
  const { rows } = await tx.query<Row>(
    `select j.sheet, j.period, j.entry, j.cost_code as "costCode", j.cost_type as "costType", j.amount_minor as amount,
       j.invoiced_minor as invoiced, j.figures, j.currency, j.name, p.state, p.reason,
       (select o.outcome -> 'errors' from attempt_posting o where (o.tenant, o.posting) = (p.tenant, p.id)
         order by o.number desc limit 1) as errors
     from job_cost j join posting p on (p.tenant, p.id) = (j.tenant, j.posting)
     where j.tenant = current_tenant() and j.connection = $1 and j.project_id = $2
     order by j.sheet, j.period, j.entry, j.cost_code, j.cost_type limit 100000`,
    [hub, projectId],
  );
  return rows.map((row) => {
    const { sheet, period, entry, costCode, costType, currency, name } = row;
    const [amountMinor, invoicedMinor] = [BigInt(row.amount), BigInt(row.invoiced)];
    const figures = Object.fromEntries(
      Object.entries(row.figures).map(([figure, told]) => [figure, BigInt(told)]),
    );
    return {
      ...{ sheet, period, entry, costCode, costType, amountMinor, invoicedMinor, figures, currency, name },
      ...fateOf(row),
    };
  });
}

/** A refusal that names rows is one of these rows only; any other is one of all that went with it. */
function fateOf({ state, reason, errors, name }: Row): {
  readonly fate: RowFate;
  readonly why: string | null;
} {
  if (postingDone.has(state)) return { fate: 'stands', why: null };
  if (state === 'cancelled') return { fate: 'taken-back', why: null };
  if (state !== 'refused') return { fate: 'under-way', why: reason };
  const byRow = (errors ?? []).filter(({ code }) => code === ROW_REFUSED);
  if (byRow.length === 0) return { fate: 'refused', why: reason };
  const own = byRow.find(({ field }) => field === name);
  return own === undefined ? { fate: 'stands', why: null } : { fate: 'refused', why: own.message };
}

/** Whether cost of the ERP is shown on a cost code of a project, and on a cost type of it where one is asked for. */
export async function costShown(
  tx: Tx,
  hub: string,
  projectId: string,
  { costCode, costType }: { readonly costCode: string; readonly costType: string | null },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select 1 from job_cost where tenant = current_tenant() and connection = $1 and project_id = $2 and cost_code = $3
       and ($4::text is null or cost_type = $4) and (amount_minor <> 0 or invoiced_minor <> 0) limit 1`,
    [hub, projectId, costCode, costType],
  );
  return rowCount !== 0;
}

/** Writes down what a row is told as, and by which write. */
export async function tellRow(
  tx: Tx,
  place: { readonly hub: string; readonly projectId: string; readonly currency: string },
  row: JobCostRow & { readonly name: string; readonly posting: string },
): Promise<void> {
  await tx.query(
    `insert into job_cost (tenant, connection, project_id, sheet, period, cost_code, cost_type, amount_minor, invoiced_minor,
       currency, name, posting, figures, entry)
     values (current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (tenant, connection, project_id, sheet, period, entry, cost_code, cost_type) do update set
       amount_minor = excluded.amount_minor, invoiced_minor = excluded.invoiced_minor, currency = excluded.currency,
       figures = job_cost.figures || excluded.figures, name = excluded.name, posting = excluded.posting, updated_at = now()`,
    [
      place.hub,
      place.projectId,
      row.sheet,
      row.period,
      row.costCode,
      row.costType,
      row.amountMinor.toString(),
      row.invoicedMinor.toString(),
      place.currency,
      row.name,
      row.posting,
      JSON.stringify(
        Object.fromEntries(Object.entries(row.figures).map(([name, told]) => [name, told.toString()])),
      ),
      row.entry,
    ],
  );
}

/** A refusal whose rows were all told anew is no question any more. */
export async function expireOvertaken(tx: Tx, hub: string, projectId: string): Promise<void> {
  await tx.query(
    `update review_item r set state = 'expired', decided_at = now() from posting p
     where r.tenant = current_tenant() and r.kind = 'exception' and r.state = 'open' and r.subject = 'exception:' || p.id
       and p.tenant = r.tenant and p.connection = $1 and p.state = 'refused' and p.write_name not in ('direct-cost', 'cost-documents')
       and p.operation -> 'sheet' ->> 'projectId' = $2
       and not exists (select from job_cost j where (j.tenant, j.posting) = (p.tenant, p.id))`,
    [hub, projectId],
  );
}

// A project with more entries than this is added up elsewhere than in the memory of one process.
const MAX_JOURNALS = 500_000;

/** Every entry of an ERP that names a project. */
export async function journalsOf(tx: Tx, erp: string, key: string): Promise<JournalRecord[]> {
  const { rows } = await tx.query<{ body: JournalRecord }>(
    `select body from record where tenant = current_tenant() and connection = $1 and object = 'journal' and not gone
       and match_keys @> array[$2::text] order by native_id limit $3`,
    [erp, key, MAX_JOURNALS],
  );
  if (rows.length === MAX_JOURNALS) throw new RangeError(`more than ${MAX_JOURNALS} entries under ${key}`);
  return rows.map(({ body }) => body);
}

/** Ids under which A/P invoices that we posted for records of a kind stand in a target, by the project of their cost. */
export async function invoiceIdsOf(
  tx: Tx,
  target: string,
  projectId: string,
  sourceObject: 'sub-invoice' | 'company-direct-cost',
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select target_id as id from document where tenant = current_tenant() and target_connection = $1
       and (project_id = $2 or body -> 'lines' @> jsonb_build_array(jsonb_build_object('projectId', $2::text)))
       and kind = 'ap-invoice' and source_object = $3 and target_id is not null limit 100000`,
    [target, projectId, sourceObject],
  );
  return rows.map(({ id }) => id);
}

/** What pay applications of a project that stand in a target have drawn on goods receipts there. */
export async function receiptDrawsOf(
  tx: Tx,
  target: string,
  projectId: string,
): Promise<(ReceiptDraw & { readonly currency: string })[]> {
  const { rows } = await tx.query<ReceiptDraw & { readonly currency: string }>(
    `select draw.receipt, draw.number, draw.line, draw.amount, d.currency
     from document d, jsonb_array_elements(d.body -> 'lines') as billed (line),
       jsonb_to_recordset(billed.line -> 'received') as draw (receipt text, number text, line text, amount text)
     where d.tenant = current_tenant() and d.target_connection = $1 and d.project_id = $2
       and d.kind = 'ap-invoice' and d.source_object = 'sub-invoice' and d.state in ('posted', 'confirmed')
     limit 100000`,
    [target, projectId],
  );
  return rows;
}

export async function jobCostsAllowed(tx: Tx, hub: string): Promise<boolean> {
  const { rows } = await tx.query<{ allowed: boolean }>(
    'select job_costs as allowed from connection where tenant = current_tenant() and id = $1',
    [hub],
  );
  return rows[0]?.allowed ?? false;
}

export async function allowJobCosts(tx: Tx, hub: string, allowed: boolean): Promise<void> {
  await tx.query('update connection set job_costs = $2 where tenant = current_tenant() and id = $1', [
    hub,
    allowed,
  ]);
}
