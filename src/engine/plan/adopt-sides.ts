import type { MatchSource } from '../../domain/orders/match-order.ts';
import type { StandingOrder } from '../../domain/orders/standing-order.ts';
import { Stop } from '../../domain/posting/outcomes.ts';
import type { Reason } from '../../domain/reasons.ts';
import type { CommitmentRecord, ProjectRecord, SubInvoiceRecord } from '../../domain/records.ts';
import { isStanding } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { findAdoption } from '../../store/documents/adoption.ts';
import { documentsOfProject, openLinksOf } from '../../store/documents/document-lists.ts';
import { findRecord, listRecords, type StoredRecord } from '../../store/records/record.ts';
import { mappingsFor } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpOf } from '../erp-companies.ts';
import { step } from '../step.ts';
import { isUnderWay } from './adopted.ts';
import { mappedTo } from './map-project.ts';
import { vendorIn } from './source-facts.ts';

// More than a contractor of any size has of either in one company.
const MOST_RECORDS = 100_000;

/** Both sides of a project: commitments that have no order of ours, and orders that belong to none yet. */
export type BothSides = {
  readonly hub: OpenConnection;
  readonly erp: OpenConnection;
  readonly project: { readonly id: string; readonly name: string; readonly erpCode: string };
  readonly sources: readonly MatchSource[];
  readonly orders: readonly StandingOrder[];
  /** How many orders stand for a commitment already. */
  readonly known: number;
  readonly applications: ReadonlyMap<string, readonly SubInvoiceRecord[]>;
  /** Who set the mapping rows by which a commitment is compared: they do not decide on it. */
  readonly editors: ReadonlyMap<string, readonly string[]>;
  readonly decided: readonly { readonly commitment: CommitmentRecord; readonly why: string }[];
  /** Commitments that are held back by an earlier proposal. */
  readonly held: ReadonlySet<string>;
};

type Books = Omit<BothSides, 'orders' | 'known'> & { readonly taken: ReadonlySet<string> };

export async function readBothSides(engine: Engine, tenant: string, projectId: string): Promise<BothSides> {
  const hub = await engine.systems.hubOf(tenant);
  const erp = await companyOf(engine, tenant, projectId);
  const { standingOrders } = erp.connection;
  if (standingOrders === undefined)
    throw new Stop('bug', erp.system, `the orders that stand in ${erp.name} cannot be read`, {
      remedy: 'This ERP is connected without taking over what stands there: start with new projects.',
    });
  const { taken, ...books } = await step(engine, tenant, (tx) => readBooks(tx, hub, erp, projectId));
  const orders: StandingOrder[] = [];
  let known = 0;
  for await (const order of standingOrders(books.project.erpCode))
    if (taken.has(order.id)) known += 1;
    else orders.push(order);
  return { ...books, orders, known };
}

async function companyOf(engine: Engine, tenant: string, projectId: string): Promise<OpenConnection> {
  const erp = await step(engine, tenant, (tx) => erpOf(engine, tx, tenant, projectId));
  if (erp !== null) return erp;
  throw new Stop(
    'unauthorised',
    'tiebeam',
    `nobody has said to which ERP company the project ${projectId} belongs`,
    {
      remedy: 'Answer that in Review, or name the project in the connection file: see docs/connect.md.',
    },
  );
}

async function readBooks(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  projectId: string,
): Promise<Books> {
  const { project, mapping } = await mappedProject(tx, hub, projectId);
  const rows = await mappingsFor(tx, erp, projectId);
  const documents = await documentsOfProject(tx, hub.id, erp.id, projectId);
  const bySource = Map.groupBy(documents, ({ sourceId }) => sourceId);
  const commitments = await ofProject<CommitmentRecord>(tx, hub.id, 'commitment', projectId);
  const sources: MatchSource[] = [];
  const decided: BothSides['decided'][number][] = [];
  const editors = new Map<string, readonly string[]>();
  const held = new Set<string>();
  for (const { body: commitment } of commitments) {
    const own = bySource.get(commitment.id) ?? [];
    if (commitment.deleted || own.some(isStanding)) continue;
    const last = own.at(-1);
    const key = { sourceConnection: hub.id, commitment: commitment.id, targetConnection: erp.id };
    const adoption = await findAdoption(tx, key);
    const why =
      last !== undefined && isUnderWay(last)
        ? `its order is in ${last.state}: what becomes of it decides`
        : adoption?.state === 'separate'
          ? `somebody decided that none of the orders ${adoption.orders.join(', ')} is its own`
          : null;
    if (why !== null) {
      decided.push({ commitment, why });
      continue;
    }
    if (adoption !== null) held.add(commitment.id);
    sources.push({ commitment, vendorCode: await vendorCodeOf(tx, hub, erp, commitment.vendorId) });
    const chosen = rows.filter((row) => row.kind === 'vendor' && row.key === commitment.vendorId);
    editors.set(
      commitment.id,
      [mapping, ...chosen].map(({ setBy }) => setBy),
    );
  }
  const invoices = await ofProject<SubInvoiceRecord>(tx, hub.id, 'sub-invoice', projectId);
  return {
    hub,
    erp,
    project: { id: projectId, name: project.body.name, erpCode: mapping.value.code },
    sources,
    applications: Map.groupBy(
      invoices.map(({ body }) => body),
      ({ commitmentId }) => commitmentId,
    ),
    editors,
    decided,
    held,
    taken: new Set(documents.flatMap(({ targetId }) => targetId ?? [])),
  };
}

/** The code that the vendor has, or gets as soon as the phase lets it be written: projects are taken over before that. */
async function vendorCodeOf(
  tx: Tx,
  hub: OpenConnection,
  erp: OpenConnection,
  vendorId: string | null,
): Promise<string | null> {
  const { code } = await vendorIn(tx, hub, erp, vendorId);
  if (code !== null || vendorId === null) return code;
  const links = await openLinksOf(tx, hub.id, vendorId);
  const [planned, ...others] = links.filter(({ sourceConnection }) => sourceConnection === erp.id);
  const isSure = planned !== undefined && others.length === 0 && planned.reasons.every(isPhase);
  return isSure ? planned.sourceId : null;
}

function isPhase({ code }: Reason): boolean {
  return code === 'read-only';
}

async function mappedProject(tx: Tx, hub: OpenConnection, projectId: string) {
  const key = { connection: hub.id, object: 'project', nativeId: projectId };
  const project = await findRecord<ProjectRecord>(tx, key);
  if (project === null)
    throw new Stop('unauthorised', hub.system, `${hub.name} shows no project ${projectId}`, {
      remedy: 'Check the id, and that the service account may see the project; then run `tiebeam sync`.',
    });
  const mapping = await mappedTo(tx, projectId);
  if (mapping === null)
    throw new Stop(
      'unauthorised',
      'tiebeam',
      `the project ${project.body.name} is mapped to no ERP project`,
      {
        remedy: 'Map the project first: its ERP project says which orders may be meant.',
      },
    );
  return { project, mapping };
}

async function ofProject<R extends CommitmentRecord | SubInvoiceRecord>(
  tx: Tx,
  connection: string,
  object: R['object'],
  projectId: string,
): Promise<StoredRecord<R>[]> {
  const records = await listRecords<R>(tx, connection, object, MOST_RECORDS);
  return records.filter(({ body }) => body.projectId === projectId);
}
