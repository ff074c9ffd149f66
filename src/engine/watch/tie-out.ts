import type { PurchaseOrderBody } from '../../domain/documents.ts';
import { formatMoney, type Money, money, parseMoney } from '../../domain/money.ts';
import type { CommitmentRecord, ProjectRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import {
  type Known,
  type ProjectBridge,
  type SourceCommitted,
  type TargetCommitted,
  tieOutProject,
} from '../../domain/tie-out.ts';
import { documentsOfProject } from '../../store/document-lists.ts';
import type { StoredDocument } from '../../store/document-row.ts';
import { mappingsFor } from '../../store/mapping.ts';
import { draftsAt } from '../../store/posting.ts';
import { listRecords, type StoredRecord } from '../../store/record.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { step } from '../step.ts';

export type ProjectTieOut = {
  readonly project: {
    readonly id: string;
    readonly name: string;
    readonly number: string | null;
    readonly erpCode: string | null;
  };
  readonly currency: string;
  readonly bridge: ProjectBridge;
};

/** Reads both systems fresh and ties every project out. What we posted explains; it is never what is added up. */
export async function tieOut(engine: Engine, tenant: string): Promise<ProjectTieOut[]> {
  const hub = await engine.systems.hubOf(tenant);
  const erp = await engine.systems.erpOf(tenant);
  const { projects, codes } = await step(engine, tenant, async (tx) => {
    const rows = await mappingsFor(tx, '');
    return {
      projects: await listRecords<ProjectRecord>(tx, hub.id, 'project'),
      codes: new Map(rows.filter((row) => row.kind === 'project').map((row) => [row.key, row.value.code])),
    };
  });
  const results: ProjectTieOut[] = [];
  for (const project of projects)
    results.push(await tieOutOne(engine, hub, erp, project, codes.get(project.nativeId) ?? null));
  return results;
}

async function tieOutOne(
  engine: Engine,
  hub: OpenConnection,
  erp: OpenConnection,
  project: StoredRecord<ProjectRecord>,
  erpCode: string | null,
): Promise<ProjectTieOut> {
  const { documents, drafts, records } = await step(engine, hub.tenant, async (tx) => ({
    documents: await documentsOfProject(tx, hub.id, erp.id, project.nativeId),
    drafts: await draftsAt(tx, erp.id),
    records: await listRecords<CommitmentRecord>(tx, hub.id, 'commitment', 100_000),
  }));
  const source: (SourceCommitted & { readonly currency: string })[] = [];
  const titles = new Map(records.map((record) => [record.nativeId, record.body.title]));
  for await (const commitment of hub.hub!.committedIn(project.nativeId)) {
    const { id, number, currency } = commitment;
    source.push({
      id,
      number,
      title: titles.get(id) ?? '',
      currency,
      amount: parseMoney(commitment.amount, currency),
    });
  }
  const target: TargetCommitted[] = [];
  if (erpCode !== null && erp.connection.committed !== undefined) {
    for await (const order of erp.connection.committed(erpCode))
      target.push({ ...order, amount: parseMoney(order.amount, order.currency) });
  }
  const currency = source[0]?.currency ?? target[0]?.amount.currency ?? 'USD';
  return {
    project: { id: project.nativeId, name: project.body.name, number: project.body.number, erpCode },
    currency,
    bridge: tieOutProject(currency, source, target, knownOf(documents, drafts)),
  };
}

/** Per commitment: where its newest document stands, and what our last posted revision put into the ERP. */
function knownOf(documents: readonly StoredDocument[], drafts: ReadonlyMap<string, string>): Known[] {
  const bySource = Map.groupBy(documents, (document) => document.sourceId);
  return [...bySource].map(([commitmentId, revisions]) => {
    const newest = revisions.at(-1)!;
    const posted = revisions.findLast(isStanding) ?? null;
    const reason = newest.reasons[0] ?? null;
    const draft = posted === null ? drafts.get(newest.id) : undefined;
    return {
      commitmentId,
      documentId: newest.id,
      // What waits in the ERP as a draft has left us: from here on it is the ERP that has to move.
      state: draft === undefined ? newest.state : 'posted',
      reason: reason?.message ?? '',
      code: reason?.code ?? null,
      owner: reason?.owner ?? null,
      targetId: posted?.targetId ?? draft ?? null,
      postedAmount: posted === null ? null : postedAmount(posted),
    };
  });
}

function postedAmount(document: StoredDocument): Money {
  const body = document.body as PurchaseOrderBody;
  return parseMoney(body.total, body.currency);
}

/** The bridge in the shape of the API: decimal strings, one currency per project. */
export function tieOutAnswer(projects: readonly ProjectTieOut[], asOf: Date) {
  return {
    asOf: asOf.toISOString(),
    problem: null,
    projects: projects.map(({ project, currency, bridge }) => ({
      project,
      currency,
      source: formatMoney(bridge.source),
      target: formatMoney(bridge.target),
      difference: formatMoney(bridge.difference),
      explained: formatMoney(bridge.explained),
      residual: formatMoney(bridge.residual),
      asOf: asOf.toISOString(),
      items: bridge.items.map((item) => ({
        ...item,
        amount: formatMoney(money(item.amount.minor, item.amount.currency)),
      })),
    })),
  };
}
