import {
  type CostCoding,
  type CostFacts,
  type CostPart,
  costParts,
  ledgerTotal,
  orderLineKey,
  type Received,
} from '../../domain/actuals/job-cost.ts';
import { statedFigures } from '../../domain/actuals/job-cost-figures.ts';
import { type JobCostRow, jobCostRows } from '../../domain/actuals/job-cost-rows.ts';
import type { JournalRecord } from '../../domain/actuals/journal.ts';
import type { MappingRow } from '../../domain/mapping.ts';
import type { AccountRecord, ProjectRecord } from '../../domain/records.ts';
import { type Money, parseMoney, sum } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsOfProject } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { goodsReceiptsOf } from '../../store/records/goods-receipt.ts';
import {
  invoiceIdsOf,
  journalsOf,
  receiptDrawsOf,
  type ToldRow,
  toldRows,
} from '../../store/records/job-cost.ts';
import { listRecords, type StoredRecord } from '../../store/records/record.ts';
import { mappedProjects, mappingsFor } from '../../store/settings/mapping.ts';
import type { OpenConnection } from '../engine.ts';
import { costOnProject } from './keep-record.ts';
import { figureFacts, type Shown, unasked } from './summary-figures.ts';

/** The posted cost of one mapped project as we have read it: what it is for, and what Procore was told of it. */
export type Actuals = {
  readonly project: StoredRecord<ProjectRecord>;
  readonly facts: CostFacts;
  readonly currency: string;
  readonly total: Money;
  readonly journals: readonly JournalRecord[];
  readonly parts: readonly CostPart[];
  readonly wanted: readonly JobCostRow[];
  /** Figures that cannot be told, each with its reason. */
  readonly unstated: readonly string[];
  readonly told: readonly ToldRow[];
};

/** Projects of the hub that have a counterpart in the ERP. */
export async function costedProjects(tx: Tx, hub: OpenConnection): Promise<StoredRecord<ProjectRecord>[]> {
  const mapped = new Set((await mappedProjects(tx)).map(({ key }) => key));
  const projects = await listRecords<ProjectRecord>(tx, hub.id, 'project');
  return projects.filter(({ nativeId }) => mapped.has(nativeId));
}

/**
 * What a project has cost by now, and what else is known of its codings as far as the ERP shows what we carried there;
 * null where it has no counterpart, or nothing was ever posted on it.
 */
export async function actualsOf(
  tx: Tx,
  { hub, erp, now }: { readonly hub: OpenConnection; readonly erp: OpenConnection; readonly now: Date },
  project: StoredRecord<ProjectRecord>,
  shown: Shown = unasked(erp),
): Promise<Actuals | null> {
  const orders = await documentsOfProject(tx, hub.id, erp.id, project.nativeId);
  const facts = await costFacts(tx, erp, project.nativeId, orders);
  if (facts === null) return null;
  const journals = await journalsOf(tx, erp.id, costOnProject(facts.projectCode));
  const told = await toldRows(tx, hub.id, project.nativeId);
  const currency = journals[0]?.currency ?? told[0]?.currency ?? null;
  if (currency === null) return null;
  const parts = costParts(journals, facts);
  const place = { hub, erp, projectId: project.nativeId };
  const { figures, unstated } = statedFigures(
    parts,
    await figureFacts(tx, place, { now, currency, orders, journals, parts, facts, shown }),
  );
  return {
    project,
    facts,
    currency,
    total: ledgerTotal(journals, facts, currency),
    journals,
    parts,
    wanted: jobCostRows(parts, currency, figures, hub.hub!.jobCosts.grain),
    unstated,
    told,
  };
}

async function costFacts(
  tx: Tx,
  erp: OpenConnection,
  projectId: string,
  orders: readonly StoredDocument[],
): Promise<CostFacts | null> {
  const rows = await mappingsFor(tx, erp, projectId);
  const projectCode = rows.find(({ kind, key }) => kind === 'project' && key === projectId)?.value.code;
  if (projectCode === undefined) return null;
  const codings = codingsByAccount(rows);
  const retainage = new Set(rows.flatMap(({ kind, value }) => (kind === 'retainage' ? [value.code] : [])));
  const accounts = await listRecords<AccountRecord>(tx, erp.id, 'account', 100_000);
  const expenses = new Set(
    accounts.flatMap(({ nativeId, body }) => (body.expense === true ? [nativeId] : [])),
  );
  const orderLines = new Map<string, CostCoding>();
  const written = orders.flatMap(({ targetId, lineKeys, body }) =>
    targetId === null || body?.kind !== 'purchase-order' ? [] : [{ targetId, lineKeys, body }],
  );
  // An order is written by its contract and by its change orders: what was written last counts.
  for (const { targetId, lineKeys, body } of written.toSorted((a, b) => a.body.revision - b.body.revision)) {
    for (const { key, costCode, costType } of body.lines) {
      const line = lineKeys[key];
      if (line !== undefined) orderLines.set(orderLineKey(targetId, line), { costCode, costType });
    }
  }
  return {
    projectCode,
    codings,
    // What is withheld is owed and not spent, whatever kind of account holds it.
    isCost: (account) => !retainage.has(account) && (codings.has(account) || expenses.has(account)),
    orderLines,
    received: await receivedOf(tx, erp, projectId, written),
    ourInvoices: new Set(await invoiceIdsOf(tx, erp.id, projectId, 'sub-invoice')),
    ourBills: new Set(await invoiceIdsOf(tx, erp.id, projectId, 'company-direct-cost')),
  };
}

/** What came in on orders of ours, with what our invoices have billed of it. */
async function receivedOf(
  tx: Tx,
  erp: OpenConnection,
  projectId: string,
  orders: readonly { readonly targetId: string }[],
): Promise<ReadonlyMap<string, Received>> {
  const receipts = await goodsReceiptsOf(tx, erp.id, [...new Set(orders.map(({ targetId }) => targetId))]);
  if (receipts.length === 0) return new Map();
  const draws = Map.groupBy(await receiptDrawsOf(tx, erp.id, projectId), ({ receipt, line }) =>
    orderLineKey(receipt, line),
  );
  return new Map(
    receipts.flatMap(({ id, currency, lines }) =>
      lines.flatMap(({ line, orderId, orderLine }): [string, Received][] => {
        if (line === undefined) return [];
        const key = orderLineKey(id, line);
        const drawn = (draws.get(key) ?? []).map(({ amount }) => parseMoney(amount, currency));
        return [[key, { orderLine: orderLineKey(orderId, orderLine), billed: sum(drawn, currency) }]];
      }),
    ),
  );
}

/** The mapping of cost codes to accounts, read backwards; a row of the project stands before one of the company. */
function codingsByAccount(rows: readonly MappingRow[]): Map<string, CostCoding[]> {
  const byKey = new Map<string, MappingRow>();
  const cost = rows.filter(({ kind, value }) => kind === 'cost' && value.kind === 'account');
  for (const row of cost.toSorted((a, b) => a.scope.length - b.scope.length)) byKey.set(row.key, row);
  const codings = new Map<string, CostCoding[]>();
  for (const { key, value } of byKey.values()) {
    const [costCode = '', costType = ''] = key.split('|');
    codings.set(value.code, [...(codings.get(value.code) ?? []), { costCode, costType }]);
  }
  return codings;
}
