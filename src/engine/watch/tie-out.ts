import { linesOfChange, sumOf } from '../../domain/orders/change-order.ts';
import { unbilledLines } from '../../domain/orders/goods-receipt.ts';
import type { ChangeOrderRecord, CommitmentRecord, ProjectRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import {
  type BridgeLine,
  type Known,
  type KnownChange,
  type ProjectBridge,
  type SourceCommitted,
  type TargetCommitted,
  tieOutProject,
} from '../../domain/tie-out/tie-out.ts';
import { formatMoney, type Money, money, parseMoney, subtract, sum } from '../../domain/values/money.ts';
import { documentsOfProject } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { draftsAt } from '../../store/documents/posting.ts';
import { goodsReceiptsOf } from '../../store/records/goods-receipt.ts';
import { listRecords, type StoredRecord } from '../../store/records/record.ts';
import { mappedProjects } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { findErp } from '../erp-companies.ts';
import { commitmentOfRoot } from '../lanes.ts';
import { type StandingOrder, standingOrder } from '../plan/order-in-erp.ts';
import { step } from '../step.ts';

export type ProjectTieOut = {
  readonly project: {
    readonly id: string;
    readonly name: string;
    readonly number: string | null;
    readonly erpCode: string | null;
  };
  readonly currency: string;
  /** What orders of the project took in and nobody billed yet: in both totals; absent where receipts are not read. */
  readonly received?: Money;
  /** Orders in another currency: in no total, because nothing says at which rate the source would count them. */
  readonly foreign?: readonly ForeignOrder[];
  readonly bridge: ProjectBridge;
};

export type ForeignOrder = {
  readonly number: string;
  readonly amount: Money;
  /** By the ERP's books; null where it does not say. */
  readonly rate: string | null;
};

/** Reads both systems fresh and ties every project out. What we posted explains; it is never what is added up. */
export async function tieOut(engine: Engine, tenant: string): Promise<ProjectTieOut[]> {
  const hub = await engine.systems.hubOf(tenant);
  const { projects, codes } = await projectsAndCodes(engine, hub);
  const results: ProjectTieOut[] = [];
  for (const project of projects) {
    const erp = await findErp(engine, tenant, project.nativeId);
    results.push(await tieOutOne(engine, hub, erp, project, codes.get(project.nativeId) ?? null));
  }
  return results;
}

/** All projects of the source, and what they are in the ERP. */
export function projectsAndCodes(engine: Engine, hub: OpenConnection) {
  return step(engine, hub.tenant, async (tx) => {
    const rows = await mappedProjects(tx);
    return {
      projects: await listRecords<ProjectRecord>(tx, hub.id, 'project'),
      codes: new Map(rows.map(({ key, value }) => [key, value.code])),
    };
  });
}

async function tieOutOne(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
  project: StoredRecord<ProjectRecord>,
  erpCode: string | null,
): Promise<ProjectTieOut> {
  const { documents, requisitions, drafts, records, numbers } = await step(
    engine,
    hub.tenant,
    async (tx) => ({
      documents: await documentsOfProject(tx, hub.id, erp.id, project.nativeId),
      requisitions: await documentsOfProject(tx, hub.id, erp.id, project.nativeId, 'purchase-requisition'),
      drafts: await draftsAt(tx, erp.id),
      records: await listRecords<CommitmentRecord>(tx, hub.id, 'commitment', 100_000),
      numbers: new Map(
        (await listRecords<ChangeOrderRecord>(tx, hub.id, 'change-order', 100_000)).map(
          ({ nativeId, body }) => [nativeId, body.number] as const,
        ),
      ),
    }),
  );
  const source: (SourceCommitted & { readonly currency: string })[] = [];
  const changes = Map.groupBy(
    await hub.hub!.approvedChangesIn(project.nativeId),
    ({ commitmentId }) => commitmentId,
  );
  const titles = new Map(records.map((record) => [record.nativeId, record.body.title]));
  for await (const commitment of hub.hub!.committedIn(project.nativeId)) {
    const { id, number, currency } = commitment;
    source.push({
      id,
      number,
      changes: (changes.get(id) ?? []).map((change) => ({
        ...{ id: change.id, number: change.number, title: change.title },
        amount: parseMoney(change.amount, currency),
      })),
      title: titles.get(id) ?? '',
      currency,
      amount: parseMoney(commitment.amount, currency),
    });
  }
  const orders: (TargetCommitted & { readonly rate?: string })[] = [];
  if (erpCode !== null && erp.connection.committed !== undefined) {
    for await (const order of erp.connection.committed(erpCode))
      orders.push({ ...order, amount: parseMoney(order.amount, order.currency) });
  }
  const ownCurrency = orders.find(({ rate }) => rate === undefined)?.amount.currency;
  const currency = source[0]?.currency ?? ownCurrency ?? 'USD';
  const target = orders.filter(({ amount }) => amount.currency === currency);
  const foreign = orders
    .filter(({ amount, state }) => amount.currency !== currency && state === 'posted')
    .map(({ number, amount, rate }): ForeignOrder => ({ number, amount, rate: rate ?? null }));
  const received = await unbilledOn(engine, erp, target, currency);
  return {
    project: { id: project.nativeId, name: project.body.name, number: project.body.number, erpCode },
    currency,
    ...(received === null ? {} : { received }),
    ...(foreign.length === 0 ? {} : { foreign }),
    bridge: tieOutProject(
      currency,
      source,
      target,
      knownOf([...requisitions, ...documents], drafts, numbers),
    ),
  };
}

async function unbilledOn(
  engine: Engine,
  erp: OpenConnection,
  orders: readonly TargetCommitted[],
  currency: string,
): Promise<Money | null> {
  if (erp.connection.pull['goods-receipt'] === undefined) return null;
  const ids = orders.filter(({ state }) => state === 'posted').map(({ id }) => id);
  const receipts = await step(engine, erp.tenant, (tx) => goodsReceiptsOf(tx, erp.id, ids));
  const unbilled = ids.flatMap((id) => [...unbilledLines(receipts, id, currency).values()]);
  return sum(unbilled, currency);
}

/** Per commitment: where its newest document stands, what was put into the ERP for it, and the same of its change orders. */
function knownOf(
  documents: readonly StoredDocument[],
  drafts: ReadonlyMap<string, string>,
  numbers: ReadonlyMap<string, string>,
): Known[] {
  const byRoot = Map.groupBy(documents, ({ root }) => root);
  return [...byRoot].flatMap(([root, written]): Known[] => {
    const revisions = written.filter(ofCommitment);
    const last = revisions.at(-1);
    // Its order was never planned: that the commitment was not sent explains all of it.
    if (last === undefined) return [];
    const ordered = written.filter(isOrder);
    const order = standingOrder(ordered, last.sourceConnection);
    const wanted = order === null ? revisions.findLast((one) => !isOrder(one) && isStanding(one)) : undefined;
    const newest = wanted ?? (order === null ? last : ordered.findLast(ofCommitment)!);
    const draft = order === null ? drafts.get(newest.id) : undefined;
    return [
      {
        commitmentId: commitmentOfRoot(root),
        documentId: newest.id,
        // What waits in the ERP as a draft has left us: from here on it is the ERP that has to move.
        state: draft === undefined ? newest.state : 'posted',
        ...whyOf(newest),
        targetId: order?.base.id ?? draft ?? null,
        ...(wanted === undefined ? {} : { requisition: wanted.targetNumber ?? wanted.targetId ?? '' }),
        postedAmount: order === null ? null : parseMoney(order.base.body.total, order.base.body.currency),
        changes: changesOf(ordered, order, numbers),
      },
    ];
  });
}

function ofCommitment({ sourceObject }: StoredDocument): boolean {
  return sourceObject === 'commitment';
}

function isOrder({ kind }: StoredDocument): boolean {
  return kind === 'purchase-order';
}

function changesOf(
  written: readonly StoredDocument[],
  order: StandingOrder | null,
  numbers: ReadonlyMap<string, string>,
): KnownChange[] {
  const { lines, currency } = order?.base.body ?? { lines: [], currency: written[0]?.currency ?? 'USD' };
  const changes = written.filter(({ sourceObject }) => sourceObject === 'change-order');
  return [...Map.groupBy(changes, ({ sourceId }) => sourceId)].map(([id, revisions]) => {
    const newest = revisions.at(-1)!;
    return {
      ...{ id, documentId: newest.id, state: newest.state, title: newest.title },
      number: numbers.get(id) ?? '',
      ...whyOf(newest),
      postedAmount: sumOf(linesOfChange(lines, id), currency),
    };
  });
}

function whyOf({ reasons: [reason] }: StoredDocument): Pick<Known, 'reason' | 'code' | 'owner'> {
  return { reason: reason?.message ?? '', code: reason?.code ?? null, owner: reason?.owner ?? null };
}

/** The bridge in the shape of the API: decimal strings, one currency per project. */
export function tieOutAnswer(projects: readonly ProjectTieOut[], asOf: Date) {
  return {
    asOf: asOf.toISOString(),
    problem: null,
    projects: projects.map(({ project, currency, bridge, received, foreign }) => ({
      project,
      currency,
      source: formatMoney(bridge.source),
      target: formatMoney(bridge.target),
      difference: formatMoney(bridge.difference),
      explained: formatMoney(bridge.explained),
      residual: formatMoney(bridge.residual),
      asOf: asOf.toISOString(),
      ...(received === undefined ? {} : { received: formatMoney(received) }),
      ...(foreign === undefined ? {} : { foreign: foreign.map(foreignAnswer) }),
      items: bridge.items.map((item) => ({
        ...item,
        amount: formatMoney(money(item.amount.minor, item.amount.currency)),
      })),
      ...(bridge.lines === undefined ? {} : { lines: bridge.lines.map(lineAnswer) }),
    })),
  };
}

function foreignAnswer({ number, amount, rate }: ForeignOrder) {
  return { number, currency: amount.currency, amount: formatMoney(amount), rate };
}

function lineAnswer({ name, source, carried }: BridgeLine) {
  return {
    name,
    source: formatMoney(source),
    carried: formatMoney(carried),
    difference: formatMoney(subtract(source, carried)),
  };
}
