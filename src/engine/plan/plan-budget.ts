import type { BudgetRecord, StandingBudget } from '../../domain/budget/budget.ts';
import {
  type BudgetPlan,
  type BudgetPlanInput,
  namesOf,
  planBudget,
} from '../../domain/budget/plan-budget.ts';
import type { Operation } from '../../domain/documents.ts';
import type { CostCodeRecord, CostTypeRecord } from '../../domain/masters/job-cost-masters.ts';
import { postingReference } from '../../domain/posting/reference.ts';
import type { AccountRecord, ProjectRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import { utcDate } from '../../domain/values/calendar-date.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { documentsOf } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { findRecord, findRecords } from '../../store/records/record.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { confirmUnchanged, failRequest } from '../post/confirm.ts';
import { type Exported, exportedRecord } from './exported.ts';
import {
  isRefusedAlready,
  type Origin,
  saveAndGate,
  staysWithdrawn,
  takeWritesBack,
  withdraw,
} from './save-plan.ts';
import { frozenDateOf, originMayBeOurs } from './source-facts.ts';

const OBJECT = 'budget';

type Case = Exported<BudgetRecord> & { readonly standing: readonly StandingBudget[] };

/** Turns what of a budget is not in the ERP yet into the entry that it should become there, and brings it to the gate. */
export async function planBudgetEntry(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  read: { readonly id: string; readonly requestId: string },
): Promise<void> {
  const wanted = { object: OBJECT, ...read, kind: 'budget' } as const;
  const found = await exportedRecord<BudgetRecord>(engine, tx, at, wanted);
  if (found === null) return;
  const { erp, open, documents } = found;
  // One entry may stand when its sender is told that the next will not be made.
  const item = open === null && found.item?.state === 'failed' ? null : found.item;
  const facts: Case = { ...found, item, standing: standingBudgets(documents) };
  if (!erp.connection.supports.has('create-budget')) return answer(engine, tx, facts, 'not-taken');
  const plan = planBudget(await planInput(engine, tx, facts));
  if (plan.kind === 'nothing') {
    await withdraw(engine, tx, erp, open, plan.why);
    return answer(engine, tx, facts, plan.why);
  }
  await save(engine, tx, facts, plan);
}

/** All entries that were ever planned for a budget, oldest first. */
export function budgetDocuments(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  id: string,
): Promise<StoredDocument[]> {
  return documentsOf(tx, {
    sourceConnection: at.id,
    sourceObject: OBJECT,
    sourceId: id,
    targetConnection: erp.id,
    kind: 'budget',
    part: '',
  });
}

export function standingBudgets(documents: readonly StoredDocument[]): readonly StandingBudget[] {
  return documents
    .filter(isStanding)
    .flatMap(({ body, targetId }) =>
      body?.kind === 'budget' && targetId !== null ? [{ id: targetId, body }] : [],
    );
}

async function save(
  engine: Engine,
  tx: Tx,
  facts: Case,
  { document }: Extract<BudgetPlan, { kind: 'document' }>,
): Promise<void> {
  const { at, erp, record, item, posted, open } = facts;
  if (staysWithdrawn(open, item, { recordVersion: record.version, isPosted: posted !== null })) return;
  const { body } = document;
  const operation: Operation | null = body === null ? null : { kind: 'create-budget', body };
  if (isRefusedAlready(open, item, operation)) return;
  if (open !== null && !(await takeWritesBack(tx, erp, open))) return;
  const origin = await originOf(tx, facts);
  await saveAndGate(engine, tx, { at, erp, open, item }, origin, { ...document, operation });
}

async function planInput(
  engine: Engine,
  tx: Tx,
  { at, erp, record, item, open, standing, revision }: Case,
): Promise<BudgetPlanInput> {
  const { body, nativeId } = record;
  const rows = await mappingsFor(tx, erp, body.projectId);
  const codesOf = (kind: 'account' | 'project') =>
    rows.filter(({ value }) => value.kind === kind).map(({ value }) => value.code);
  const accounts = await findRecords<AccountRecord>(tx, erp.id, 'account', codesOf('account'));
  const projects = await findRecords<ProjectRecord>(tx, erp.id, 'project', codesOf('project'));
  const isKept = await keptCodings(tx, erp, body);
  return {
    record: body,
    exported: item === null ? null : { erpCode: item.erpCode, accountingDate: item.accountingDate },
    standing,
    mapping: (kind, scope, key) =>
      rows.find((row) => row.kind === kind && row.scope === scope && row.key === key) ?? null,
    targetProject: (code) => projects.find(({ nativeId }) => nativeId === code)?.body ?? null,
    targetAccount: (code) => accounts.find(({ nativeId }) => nativeId === code)?.body ?? null,
    isKept,
    originMayBeOurs: await originMayBeOurs(tx, erp, body.originId, open),
    identity: {
      revision,
      reference: postingReference(erp.code, {
        tenant: at.tenant,
        connection: erp.id,
        sourceObject: OBJECT,
        sourceId: nativeId,
        kind: 'budget',
        part: '',
        revision,
      }),
    },
    preflight: (planned) => erp.connection.preflight({ kind: 'create-budget', body: planned }),
    frozenDate: frozenDateOf(open, item),
    today: utcDate(engine.clock.now()),
  };
}

/** Which of the ERP's own codes that a budget names it has, and has open. */
async function keptCodings(
  tx: Tx,
  erp: OpenConnection,
  { moves }: BudgetRecord,
): Promise<BudgetPlanInput['isKept']> {
  const open = async (object: 'cost-code' | 'cost-type', codes: readonly string[]) => {
    const records = await findRecords<CostCodeRecord | CostTypeRecord>(tx, erp.id, object, [
      ...new Set(codes),
    ]);
    return new Set(records.flatMap(({ nativeId, body }) => (body.active ? [nativeId] : [])));
  };
  const named = moves.flatMap(({ own }) => (own === null ? [] : [own]));
  const codes = await open(
    'cost-code',
    named.map(({ code }) => code),
  );
  const types = await open(
    'cost-type',
    named.map(({ costType }) => costType),
  );
  return ({ code, costType }) => codes.has(code) && types.has(costType);
}

async function originOf(tx: Tx, { at, record, standing }: Case): Promise<Origin> {
  const { nativeId, body, version, hash } = record;
  const of = { connection: at.id, object: 'project', nativeId: body.projectId };
  const project = (await findRecord<ProjectRecord>(tx, of))?.body ?? null;
  const { number, title } = namesOf(standing);
  return {
    sourceObject: OBJECT,
    sourceId: nativeId,
    kind: 'budget',
    part: '',
    root: `${OBJECT}:${nativeId}`,
    projectId: body.projectId,
    vendorId: null,
    vendorName: null,
    number: `${project?.number ?? body.projectId} ${number}`,
    title: `${title}, ${project?.name ?? body.projectId}`,
    recordVersion: version,
    recordHash: hash,
  };
}

type Why = Extract<BudgetPlan, { kind: 'nothing' }>['why'] | 'not-taken';

/** Nothing is to be posted: a request that asked for it gets its answer all the same. */
async function answer(engine: Engine, tx: Tx, { at, erp, item, posted }: Case, why: Why): Promise<void> {
  if (item === null || (item.state !== 'received' && item.state !== 'working')) return;
  // What stands already came from it and is being told: that answers it.
  if (posted?.state === 'posted' && posted.requestKey === item.key) return;
  if (posted !== null && why === 'unchanged') return confirmUnchanged(engine, tx, at, posted, item);
  const messages: Readonly<Record<Why, string>> = {
    'not-taken': `${erp.name} keeps no budget by project that this integration could write: its budgets are by G/L account. Enter it there by hand, or keep the budget in Procore alone and have posted cost shown beside it.`,
    'not-exported': 'It was not exported.',
    unchanged: 'Nothing of it is to be posted.',
  };
  await failRequest(engine, tx, at, item, [messages[why]]);
}
