import { isStanding } from '../../domain/states.ts';
import type { Tx } from '../../store/database/transaction.ts';
import { moveDocument } from '../../store/documents/document.ts';
import { documentsElsewhere, hasLeft } from '../../store/documents/document-lists.ts';
import type { StoredDocument } from '../../store/documents/document-row.ts';
import { outlastPlans } from '../../store/documents/plan-lock.ts';
import { expireReviews } from '../../store/documents/review.ts';
import { companiesOf, retireMappingsOf } from '../../store/settings/mapping.ts';
import type { Engine, OpenConnection } from '../engine.ts';
import { takeWritesBack } from '../plan/save-plan.ts';
import { wakePlanner } from '../plan/wake.ts';
import { type Declined, declined } from './person.ts';

/**
 * Has a project leave the ERP company that it was planned in: what waits there is taken back and planned in the new one,
 * and codes that were chosen among those of the former are chosen again. What stands or is on its way stays, and the
 * project with it. Null where it may move, else why it cannot.
 */
export async function leaveCompany(
  engine: Engine,
  tx: Tx,
  tenant: string,
  projectId: string,
  company: string,
): Promise<Declined | null> {
  const erps = await engine.systems.erpsOf(tenant);
  const to = erps.find(({ id }) => id === company);
  if (to === undefined)
    return declined(
      422,
      'No such ERP company',
      `Choose one of the ERP connections: ${erps.map(({ id }) => id).join(', ')}.`,
    );
  // From here on no plan runs that read another company.
  await outlastPlans(tx);
  if ((await companiesOf(tx, [projectId])).get(projectId) === company) return null;
  const elsewhere = erps.filter((erp) => erp !== to);
  const documents = await documentsElsewhere(
    tx,
    projectId,
    elsewhere.map(({ id }) => id),
  );
  const bound: StoredDocument[] = [];
  for (const document of documents)
    if (isBound(document) || (await hasLeft(tx, document.id))) bound.push(document);
  if (bound.length > 0) return stays(bound, elsewhere);
  for (const document of documents) await takeBack(engine, tx, to, document);
  await retireMappingsOf(tx, projectId);
  return null;
}

function isBound(document: StoredDocument): boolean {
  return isStanding(document) || document.state === 'posting' || document.state === 'conflict';
}

function stays(bound: readonly StoredDocument[], erps: readonly OpenConnection[]): Declined {
  const [first] = bound;
  const erp = erps.find(({ id }) => id === first?.targetConnection);
  const named = bound.slice(0, 3).map(({ targetNumber, number }) => targetNumber ?? number);
  return declined(
    409,
    'The project has documents in its ERP company',
    `${bound.length} of its documents stand in ${erp?.name ?? 'another company'} or are on their way there (${named.join(', ')}${bound.length > 3 ? ', ...' : ''}): a project cannot change its company any more.`,
  );
}

async function takeBack(engine: Engine, tx: Tx, to: OpenConnection, document: StoredDocument): Promise<void> {
  const from = await engine.systems.get(to.tenant, document.targetConnection);
  if (!(await takeWritesBack(tx, from, document)))
    throw new Error(`a write of document ${document.id} left while its project moved`);
  await moveDocument(tx, document, {
    state: 'withdrawn',
    reasons: [
      { code: 'company-changed', owner: 'tiebeam', message: `Its project belongs to ${to.name} now.` },
    ],
  });
  await expireReviews(tx, document.id, []);
  await wakePlanner(engine, tx, to.tenant, document);
}
