import type { JournalRecord } from '../../domain/actuals/journal.ts';
import type { ContextRecord } from '../../domain/context-record.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import {
  type BookedBill,
  type EnteredBill,
  tieOutDirectCosts as tie,
} from '../../domain/tie-out/direct-cost-bridge.ts';
import { parseMoney } from '../../domain/values/money.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { linkedSource } from '../../store/documents/link.ts';
import { journalsOf } from '../../store/records/job-cost.ts';
import { listRecords, type StoredRecord } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { step } from '../step.ts';
import { costOnProject } from './keep-record.ts';
import { type ProjectTieOut, projectsAndCodes } from './tie-out.ts';

const MOST_BILLS = 100_000;

/**
 * Compares bills that people entered on projects with the ERP's ledger, from what was read of both: no call is made. Only
 * projects on which somebody entered any are told, and none where direct costs are not read.
 */
export async function tieOutDirectCosts(engine: Engine, tenant: string): Promise<ProjectTieOut[]> {
  const hub = await engine.systems.hubOf(tenant);
  const { projects, codes } = await projectsAndCodes(engine, hub);
  const entered = await step(engine, tenant, (tx) =>
    listRecords<ContextRecord>(tx, hub.id, 'direct-cost', MOST_BILLS),
  );
  const bills = Map.groupBy(entered.filter(isBill), ({ body }) => body.projectId ?? '');
  const results: ProjectTieOut[] = [];
  for (const project of projects) {
    const [mine, erpCode] = [bills.get(project.nativeId) ?? [], codes.get(project.nativeId) ?? null];
    if (mine.length === 0 || erpCode === null) continue;
    const erp = await findErp(engine, tenant, project.nativeId);
    results.push(await step(engine, tenant, (tx) => tieOutOne(tx, { hub, erp, project, erpCode }, mine)));
  }
  return results;
}

/** An approved one that no ledger is named for: an expense or a payroll is in books of its own. */
function isBill({ body: { status, facts } }: StoredRecord<ContextRecord>): boolean {
  return facts.type === 'invoice' && status === 'approved' && facts['in the ERP as'] === undefined;
}

type Place = {
  readonly hub: OpenConnection;
  readonly erp: OpenConnection;
  readonly project: StoredRecord<ProjectRecord>;
  readonly erpCode: string;
};

async function tieOutOne(
  tx: Tx,
  { hub, erp, project, erpCode }: Place,
  bills: readonly StoredRecord<ContextRecord>[],
): Promise<ProjectTieOut> {
  const journals = await journalsOf(tx, erp.id, costOnProject(erpCode));
  const currency = journals[0]?.currency ?? 'USD';
  const entered: EnteredBill[] = [];
  for (const { nativeId, body } of bills) {
    const vendor = body.about.find(({ object }) => object === 'vendor')?.id ?? null;
    const target = { targetConnection: hub.id, targetObject: 'vendor', targetId: vendor ?? '' };
    const link = vendor === null ? null : await linkedSource(tx, erp.id, target);
    entered.push({
      id: nativeId,
      number: body.number,
      title: body.title,
      vendorName: body.facts.vendor ?? '',
      vendorCode: link?.sourceId ?? null,
      amount: parseMoney(body.facts.total ?? '0', currency),
    });
  }
  const { name, number } = project.body;
  return {
    project: { id: project.nativeId, name, number, erpCode },
    currency,
    bridge: tie(currency, entered, bookedOn(journals, erpCode)),
  };
}

/** What bills cost a project by the lines of the documents that made the entries, before tax. */
function bookedOn(journals: readonly JournalRecord[], projectCode: string): BookedBill[] {
  return journals.flatMap(({ currency, document }) => {
    const bill = document?.bill;
    if (document === null || bill === undefined) return [];
    const lines = document.lines.filter(({ project }) => project === projectCode);
    return lines.map(({ amount }) => ({ ...bill, amount: parseMoney(amount, currency) }));
  });
}
