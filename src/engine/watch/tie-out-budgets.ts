import type { BudgetRecord } from '../../domain/budget/budget.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import {
  type KnownBudget,
  type KnownMove,
  type TargetBudget,
  tieOutBudget,
} from '../../domain/tie-out/budget-bridge.ts';
import { type Money, parseMoney } from '../../domain/values/money.ts';
import { budgetsOfProject } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { findRecord, type StoredRecord } from '../../store/records/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { hubOf } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { type ProjectTieOut, projectsAndCodes } from './tie-out.ts';

/** Reads the budgets of both systems fresh and ties every project out; nothing where the ERP keeps none by project. */
export async function tieOutBudgets(engine: Engine, tenant: string): Promise<ProjectTieOut[]> {
  const hub = await engine.systems.hubOf(tenant);
  const erps = await engine.systems.erpsOf(tenant);
  if (erps.every(({ connection }) => connection.budgetOf === undefined)) return [];
  const { projects, codes } = await projectsAndCodes(engine, hub);
  const results: ProjectTieOut[] = [];
  for (const project of projects) {
    const erp = await findErp(engine, tenant, project.nativeId);
    if (erp.connection.budgetOf !== undefined)
      results.push(await tieOutOne(engine, { hub, erp }, project, codes.get(project.nativeId) ?? null));
  }
  return results;
}

async function tieOutOne(
  engine: Engine,
  { hub, erp }: { readonly hub: OpenConnection; readonly erp: OpenConnection },
  { nativeId: id, body: { name, number } }: StoredRecord<ProjectRecord>,
  erpCode: string | null,
): Promise<ProjectTieOut> {
  const known = await step(engine, hub.tenant, async (tx) => {
    const documents = await budgetsOfProject(tx, hub.id, erp.id, id);
    const [first] = documents;
    const key = { connection: hub.id, object: 'budget', nativeId: first?.sourceId ?? '' };
    const record = first === undefined ? null : await findRecord<BudgetRecord>(tx, key);
    return knownOf(documents, record?.body ?? null);
  });
  const { currency, lines, changes } = await hubOf(hub).budgetIn(id);
  const priced = <Row extends { readonly amount: string }>(
    row: Row,
  ): Omit<Row, 'amount'> & { amount: Money } => {
    return { ...row, amount: parseMoney(row.amount, currency) };
  };
  const target: TargetBudget[] = [];
  if (erpCode !== null)
    for await (const entry of erp.connection.budgetOf!(erpCode))
      target.push({ ...entry, amount: parseMoney(entry.amount, entry.currency) });
  return {
    project: { id, name, number, erpCode },
    currency,
    bridge: tieOutBudget(currency, { lines: lines.map(priced), changes: changes.map(priced) }, target, known),
  };
}

/** What stands by our books, and what of the last export does not stand yet. */
function knownOf(documents: readonly StoredDocument[], record: BudgetRecord | null): KnownBudget[] {
  const carried = new Set<string>();
  return documents.flatMap((document): KnownBudget[] => {
    const { id: documentId, number, title, state, reasons, body, targetId, currency } = document;
    const [reason] = reasons;
    const shared = {
      ...{ documentId, number, title, state, reason: reason?.message ?? '' },
      ...{ code: reason?.code ?? null, owner: reason?.owner ?? null },
    };
    if (isStanding(document) && body?.kind === 'budget') {
      for (const { key } of body.lines) carried.add(key);
      const moves = body.lines.map(({ costCode, costType, changeId, amount }): KnownMove => {
        return { label: `${costCode} ${costType}`, changeId, amount: parseMoney(amount, body.currency) };
      });
      return [{ ...shared, targetId, moves }];
    }
    const open = (record?.moves ?? []).filter(({ id }) => !carried.has(id));
    const moves = open.flatMap(({ label, changeId, amount }): KnownMove[] => {
      const read = readable(amount, currency ?? record!.currency);
      return read === null ? [] : [{ label, changeId, amount: read }];
    });
    return [{ ...shared, targetId: null, moves }];
  });
}

/** An amount that cannot be read holds its entry up; what is left of its line is named by the line. */
function readable(amount: string, currency: string): Money | null {
  try {
    return parseMoney(amount, currency);
  } catch {
    return null;
  }
}
