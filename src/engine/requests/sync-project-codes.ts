import type { Operation } from '../../domain/documents.ts';
import type { StandingCode, SyncedList } from '../../domain/masters/code-sync.ts';
import type { CostCodeRecord } from '../../domain/masters/job-cost-masters.ts';
import { codesAbove, lackingTypes, type ProjectCodes } from '../../domain/masters/project-codes.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import { MAX_ASSIGNED_TYPES } from '../../procore/costs/cost-assignments.ts';
import { appendAudit } from '../../store/audit/audit.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { addPostings } from '../../store/documents/posting.ts';
import { findRecord, listRecords } from '../../store/records/record.ts';
import { wakeLane } from '../../store/work/lane.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { erpFor, projectWithoutCompany } from '../erp-companies.ts';
import { postLane } from '../lanes.ts';
import { mappedTo } from '../plan/map-project.ts';
import { effectivePhase } from '../plan/pass-gate.ts';
import { hubOf } from '../plan/visibility.ts';
import { step } from '../step.ts';
import { nextSlice } from './sync-codes.ts';

const PREFIX = 'project/';
const MAX_CODES = 100_000;

/** Names the cost codes of one project among the lists that are compared, and the state of the ERP that they are of. */
export function ofProject(projectId: string): string {
  return `${PREFIX}${projectId}`;
}

export function projectOf(key: string): string | null {
  return key.startsWith(PREFIX) ? (key.slice(PREFIX.length).split('@')[0] ?? null) : null;
}

type Case = {
  readonly list: SyncedList & { readonly projectId: string; readonly projectCode: string };
  readonly codes: ProjectCodes;
  readonly erp: readonly CostCodeRecord[];
  /** Each state of the project in the ERP is written once: what was refused of it is not sent again. */
  readonly run: string;
};

/** Brings the cost codes of a project in Procore in line with those of its project in the ERP, then the types of each. */
export async function syncProjectCodes(engine: Engine, hub: OpenConnection, key: string): Promise<void> {
  const projectId = projectOf(key);
  if (projectId === null || hubOf(hub).projectCodeRule !== 'from-erp') return;
  const found = await step(engine, hub.tenant, (tx) => caseOf(engine, tx, hub, projectId));
  if (found === null) return;
  const standing = await hubOf(hub).shownCodes(found.list);
  const { costTypes } = await hubOf(hub).costCodings(projectId);
  engine.failPoint('after-fetch');
  await step(engine, hub.tenant, async (tx) => {
    const { list, erp, run } = found;
    const slice = await nextSlice(engine, tx, hub, { list, asked: [run], erp, standing });
    if (slice === null || slice.isWritten) return;
    await assignTypes(engine, tx, hub, found, { standing, costTypes });
    const { doubtful, hanging, unwritten } = slice.left;
    if (doubtful + hanging + unwritten === 0) return;
    const body = {
      project: projectId,
      doubtful: `${doubtful}`,
      hanging: `${hanging}`,
      unwritten: `${unwritten}`,
    };
    await appendAudit(tx, [{ kind: 'project-codes-left', actor: 'tiebeam', at: engine.clock.now(), body }]);
  });
  engine.failPoint('after-plan');
}

async function caseOf(engine: Engine, tx: Tx, hub: OpenConnection, projectId: string): Promise<Case | null> {
  if ((await projectWithoutCompany(engine, tx, hub.tenant, [projectId])) !== null) return null;
  const erp = await erpFor(engine, tx, hub.tenant, projectId);
  const projectCode = (await mappedTo(tx, projectId))?.value.code ?? null;
  if (projectCode === null || (await effectivePhase(tx, erp, hub, [projectId])) === 'read-only') return null;
  const key = { connection: erp.id, object: 'project', nativeId: projectCode };
  const project = await findRecord<ProjectRecord>(tx, key);
  const codes = project?.body.costCodes;
  if (project === null || codes === undefined) return null;
  const all = await listRecords<CostCodeRecord>(tx, erp.id, 'cost-code', MAX_CODES);
  return {
    list: { object: 'project-cost-code', listId: null, projectId, projectCode },
    codes,
    erp: codesAbove(
      codes,
      all.map(({ body }) => body),
    ),
    run: `${ofProject(projectId)}@${encodeURIComponent(projectCode)}/${project.version}`,
  };
}

/** What types each code lacks; Procore is never told to take one off. */
async function assignTypes(
  engine: Engine,
  tx: Tx,
  hub: OpenConnection,
  { list, codes }: Case,
  there: { readonly standing: readonly StandingCode[]; readonly costTypes: ReadonlyMap<string, string> },
): Promise<void> {
  const lacking = lackingTypes(codes, there);
  if (lacking.length === 0) return;
  const { projectId } = list;
  const root = `code-sync:cost-types:${projectId}`;
  // However many there are, all of them go: each operation carries as many as its calls take.
  for (let start = 0; start < lacking.length; start += MAX_ASSIGNED_TYPES) {
    const rows = lacking.slice(start, start + MAX_ASSIGNED_TYPES);
    const operation: Operation = { kind: 'assign-cost-types', projectId, rows };
    const writes = hub.connection.writes(operation).map((write) => ({ ...write, id: engine.newId() }));
    await addPostings(tx, { document: null, connection: hub.id, root, operation }, writes);
  }
  await wakeLane(tx, postLane(hub, root));
}
