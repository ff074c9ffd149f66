import { projectsOfRecord } from '../../domain/projects-of-record.ts';
import type { ProjectRecord } from '../../domain/records.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { openReview } from '../../store/documents/review.ts';
import { findRecord, type StoredRecord } from '../../store/records/record.ts';
import { moveItem } from '../../store/requests/request-item.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { projectWithoutCompany } from '../erp-companies.ts';
import { openExport } from './plan-new-vendor.ts';

/**
 * Whether nobody has said yet to which of several ERP companies a record goes. A document is an effect in one target,
 * so none is planned before: the export stays open, and whoever answers has its record planned.
 */
export async function waitsForCompany(
  engine: Engine,
  tx: Tx,
  at: OpenConnection,
  { object, nativeId, body }: Pick<StoredRecord, 'object' | 'nativeId' | 'body'>,
): Promise<boolean> {
  const projectId = await projectWithoutCompany(engine, tx, at.tenant, projectsOfRecord(body));
  if (projectId === null) return false;
  const item = await openExport(tx, at, object, nativeId);
  if (item === null) return true;
  await moveItem(tx, item, 'working');
  await ask(engine, tx, at, projectId);
  return true;
}

async function ask(engine: Engine, tx: Tx, at: OpenConnection, projectId: string): Promise<void> {
  const key = { connection: at.id, object: 'project', nativeId: projectId };
  const project = await findRecord<ProjectRecord>(tx, key);
  const label = project?.body.name ?? `Procore project ${projectId}`;
  const erps = await engine.systems.erpsOf(at.tenant);
  await openReview(tx, {
    id: engine.newId(),
    kind: 'unmapped',
    subject: `mapping:company:${projectId}`,
    document: null,
    title: label,
    question:
      'Which ERP company does this project belong to? What was sent to accounting from it waits for the answer, and nothing of it goes anywhere before.',
    evidence: {
      asks: [{ kind: 'company', key: projectId, label, scopeId: '' }],
      suggestions: erps.map(({ id, name, system }) => ({ code: id, name, why: system })),
    },
    role: 'accountant',
  });
}
