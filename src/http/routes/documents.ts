import { z } from 'zod';
import { inTenant } from '../../store/database/transaction.ts';
import { readPayload } from '../../store/records/payload.ts';
import { listApprovals, listPostings, listTrail } from '../../store/views/document-trail-view.ts';
import { countDocuments, findDocument, listDocuments } from '../../store/views/document-view.ts';
import { erpFactsOf } from '../../store/views/erp-facts-view.ts';
import { listEvidence } from '../../store/views/evidence-view.ts';
import { listReviewOf } from '../../store/views/review-view.ts';
import { callerOf } from '../access.ts';
import { type Api, answers, ById } from '../api.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { granted, notFound } from '../problems.ts';
import { PROBERS, REPLANNERS, WITHDRAWERS } from '../roles.ts';
import { Done } from '../schemas/answers.ts';
import { DocumentDetail, DocumentPage, Evidence, Withdraw } from '../schemas/documents.ts';
import { documentStates } from '../schemas/values.ts';
import { toDocumentDetail } from '../views/document-detail.ts';
import { toDocumentRow } from '../views/document-row.ts';
import { EVIDENCE_OBJECTS, namesOf, toEvidence } from '../views/evidence.ts';

// As much as somebody reads beside one document.
const MAX_EVIDENCE = 60;

const DocumentQuery = z.object({
  /** One state or several, separated by commas. */
  state: z
    .string()
    .max(300)
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(z.enum(documentStates)))
    .default([]),
  project: z.string().max(40).optional(),
  kind: z.string().max(40).optional(),
  owner: z.string().max(100).optional(),
  /** `all` also lists posted revisions that a later posted one replaced. */
  revisions: z.enum(['standing', 'all']).default('standing'),
  q: z.string().max(200).optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

export async function documentRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/documents',
    {
      config: { access: 'signed-in' },
      schema: { querystring: DocumentQuery, response: answers(DocumentPage) },
    },
    async (request) => {
      const { tenant } = callerOf(request);
      const { state, cursor, limit, revisions, ...rest } = request.query;
      const filter = { states: state, everyRevision: revisions === 'all', ...dropEmpty(rest) };
      const before = decodeCursor(cursor);
      return inTenant(deps.pools.app, tenant, async (tx) => {
        // One more than asked tells whether there is a next page.
        const found = await listDocuments(tx, filter, { before, limit: limit + 1 });
        const rows = found.slice(0, limit);
        const last = rows.at(-1);
        return {
          rows: rows.map((row) => toDocumentRow(row, tenant, deps)),
          next: found.length > limit && last ? encodeCursor(last.seq) : null,
          total: await countDocuments(tx, filter),
        };
      });
    },
  );

  app.get(
    '/documents/:id',
    { config: { access: 'signed-in' }, schema: { params: ById, response: answers(DocumentDetail) } },
    async (request) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const parts = await inTenant(deps.pools.app, caller.tenant, async (tx) => {
        const document = await findDocument(tx, id);
        if (!document) throw notFound('document');
        return {
          document,
          approvals: await listApprovals(tx, id),
          postings: await listPostings(tx, id),
          review: await listReviewOf(tx, id),
          trail: await listTrail(tx, id),
          erp: await erpFactsOf(tx, document),
          sourcePayload: document.raw_hash === null ? null : await readPayload(tx, document.raw_hash),
        };
      });
      return toDocumentDetail(parts, caller, deps);
    },
  );

  await documentEvidence(app, deps);
  await documentActions(app, deps);
}

async function documentEvidence(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/documents/:id/evidence',
    { config: { access: 'signed-in' }, schema: { params: ById, response: answers(Evidence) } },
    async (request) => {
      const { tenant } = callerOf(request);
      return inTenant(deps.pools.app, tenant, async (tx) => {
        const document = await findDocument(tx, request.params.id);
        if (!document) throw notFound('document');
        const { project_id: projectId, source_connection: connection } = document;
        if (projectId === null) return { rows: [], more: false };
        const about = { connection, projectId, objects: EVIDENCE_OBJECTS, names: namesOf(document) };
        const found = await listEvidence(tx, about, MAX_EVIDENCE + 1);
        return { rows: found.slice(0, MAX_EVIDENCE).map(toEvidence), more: found.length > MAX_EVIDENCE };
      });
    },
  );
}

async function documentActions(app: Api, deps: HttpDeps): Promise<void> {
  app.post(
    '/documents/:id/withdraw',
    { config: { access: WITHDRAWERS }, schema: { params: ById, body: Withdraw, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      const { reason } = request.body;
      granted(await deps.withdraw({ tenant, user, documentId: request.params.id, reason }));
      return { ok: true as const };
    },
  );

  app.post(
    '/documents/:id/replan',
    { config: { access: REPLANNERS }, schema: { params: ById, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.replan({ tenant, user, documentId: request.params.id }));
      return { ok: true as const };
    },
  );

  app.post(
    '/documents/:id/probe-again',
    { config: { access: PROBERS }, schema: { params: ById, response: answers(Done) } },
    async (request) => {
      const { tenant, person: user } = callerOf(request);
      granted(await deps.probeAgain({ tenant, user, documentId: request.params.id }));
      return { ok: true as const };
    },
  );
}

// A form sends an empty field as "": no filter.
function dropEmpty<Query extends Record<string, string | undefined>>(query: Query): Partial<Query> {
  const kept: Partial<Query> = { ...query };
  for (const key of Object.keys(kept) as (keyof Query)[]) if (kept[key] === '') delete kept[key];
  return kept;
}
