import type { Pulled } from '../../connectors/connector.ts';
import type { CostCodeRecord, StandardCostCodeRecord } from '../../domain/masters/job-cost-masters.ts';
import { planNewCostCode } from '../../domain/masters/new-job-cost.ts';
import { waitKeys } from '../../domain/reasons.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { linkedTarget } from '../../store/documents/link.ts';
import { expireSubject } from '../../store/documents/review.ts';
import { findRecord, type StoredRecord } from '../../store/records/record.ts';
import { openExports } from '../../store/requests/request-item.ts';
import type { Lane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { linkJobCost } from '../plan/link-job-cost.ts';
import { type JobCostCase, type JobCostFinding, planJobCost } from '../plan/plan-job-cost.ts';
import { hubOf, missingSubject, notThere } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { keepRecord } from '../watch/keep-record.ts';
import { pullToEnd } from '../watch/pull.ts';

const OBJECT = 'standard-cost-code';

/**
 * Works the codes of one list that were sent to the ERP, as many as there are: both lists are read once, and each code
 * is planned in a step of its own, those above before those below.
 */
export async function resolveCostCodeList(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  listId: string,
): Promise<void> {
  const exported = await step(engine, lane.tenant, (tx) => openExports(tx, at.id, OBJECT, listId));
  if (exported.length === 0) return;
  const shown = new Map(
    (await hubOf(at).standardCostCodes(listId)).map((pulled) => [pulled.record.id, pulled]),
  );
  const erp = await engine.systems.homeOf(at.tenant);
  if (erp.connection.pull['cost-code'] !== undefined) await pullToEnd(engine, erp, 'cost-code');
  engine.failPoint('after-fetch');
  const wanted = [...new Set(exported.map(({ nativeId }) => nativeId))];
  const paths = wanted.flatMap((id) => (shown.has(id) ? [pathOf(id, shown)] : []));
  for (const pulled of new Set(paths.flat())) await keep(engine, lane, at, pulled);
  for (const path of paths.toSorted((a, b) => a.length - b.length))
    await resolveCostCode(engine, lane, at, path.at(-1)!.record.id);
  for (const id of wanted) if (!shown.has(id)) await notThere(engine, lane, at, OBJECT, id);
}

// Deeper than any list of codes: a circle ends here.
const MAX_DEPTH = 20;

/** A code with all that it stands below, from the top. */
function pathOf(id: string, shown: ReadonlyMap<string, Pulled>): readonly Pulled[] {
  const path: Pulled[] = [];
  let next: string | null = id;
  while (next !== null && path.length < MAX_DEPTH) {
    const pulled = shown.get(next);
    if (pulled === undefined) break;
    path.unshift(pulled);
    next = (pulled.record as StandardCostCodeRecord).parentId;
  }
  return path;
}

function keep(engine: Engine, lane: Lane, at: OpenConnection, pulled: Pulled): Promise<void> {
  return step(engine, lane.tenant, async (tx) => {
    await keepRecord(tx, at.id, pulled);
    const key = { connection: at.id, object: OBJECT, nativeId: pulled.record.id };
    await expireSubject(tx, 'quarantined', missingSubject(key));
  });
}

/** Plans one code from what was read of it last: what it waited for was released, or its list was read just now. */
export async function resolveCostCode(
  engine: Engine,
  lane: Lane,
  at: OpenConnection,
  id: string,
): Promise<void> {
  const key = { connection: at.id, object: OBJECT, nativeId: id };
  const read = (tx: Tx) => findRecord<StandardCostCodeRecord>(tx, key);
  await step(engine, lane.tenant, async (tx) => {
    const record = await read(tx);
    if (record !== null) await linkSame(engine, tx, at, record);
  });
  await step(engine, lane.tenant, async (tx) => {
    const record = await read(tx);
    if (record !== null) await planJobCost(engine, tx, at, record, (facts) => finding(tx, facts));
  });
  engine.failPoint('after-plan');
}

/** The ERP has it under its code and name, or Procore shows the ERP's own id of it: it is that one. */
async function linkSame(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  record: StoredRecord<StandardCostCodeRecord>,
): Promise<void> {
  const erp = await engine.systems.homeOf(at.tenant);
  const standing = await standingOf(tx, erp, record.body);
  const plan = planNewCostCode({
    record: record.body,
    parent: null,
    standing,
    reference: '',
    revision: 0,
    preflight: () => [],
  });
  if (plan.kind === 'same') await linkJobCost(engine, tx, at, record, { object: 'cost-code', id: plan.id });
}

async function finding(
  tx: Tx,
  { at, erp, record, identity }: JobCostCase<StandardCostCodeRecord>,
): Promise<JobCostFinding> {
  const { parentId } = record.body;
  const parent = parentId === null ? null : await codeInErp(tx, at, erp, parentId);
  if (parentId !== null && parent === null) return waitFor(tx, at, erp, parentId);
  return planNewCostCode({
    record: record.body,
    parent,
    standing: await standingOf(tx, erp, record.body),
    ...identity,
    preflight: erp.connection.preflight,
  });
}

async function standingOf(
  tx: Tx,
  erp: OpenConnection,
  { originId, fullCode }: StandardCostCodeRecord,
): Promise<CostCodeRecord | null> {
  const key = { connection: erp.id, object: 'cost-code', nativeId: originId ?? fullCode };
  const found = await findRecord<CostCodeRecord>(tx, key);
  return found === null || found.gone ? null : found.body;
}

/** What a code of Procore is called in the ERP, where that is certain. */
async function codeInErp(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  id: string,
): Promise<string | null> {
  const source = { sourceConnection: at.id, sourceObject: OBJECT, sourceId: id };
  const linked = await linkedTarget(tx, erp.id, source);
  if (linked !== null) return linked.targetId;
  const record = await findRecord<StandardCostCodeRecord>(tx, {
    connection: at.id,
    object: OBJECT,
    nativeId: id,
  });
  if (record === null) return null;
  const plan = planNewCostCode({
    record: record.body,
    parent: null,
    standing: await standingOf(tx, erp, record.body),
    reference: '',
    revision: 0,
    preflight: () => [],
  });
  return plan.kind === 'same' ? plan.id : null;
}

async function waitFor(
  tx: Tx,
  at: OpenConnection,
  erp: OpenConnection,
  parentId: string,
): Promise<JobCostFinding> {
  const key = { connection: at.id, object: OBJECT, nativeId: parentId };
  const parent = (await findRecord<StandardCostCodeRecord>(tx, key))?.body ?? null;
  const name = parent === null ? 'the code above it' : `${parent.fullCode} ${parent.name}`;
  const codes = [
    waitKeys.record(OBJECT, parentId),
    ...(parent === null ? [] : [waitKeys.record('cost-code', parent.fullCode)]),
  ];
  return {
    kind: 'wait',
    reason: {
      code: 'parent-missing',
      owner: 'accountant',
      message: `It stands below ${name}, which ${erp.name} does not have yet.`,
      remedy: 'Send that one to the ERP too, or decide what is asked about it: this follows by itself.',
    },
    waits: codes.map((code) => ({ kind: 'record', key: code })),
  };
}
