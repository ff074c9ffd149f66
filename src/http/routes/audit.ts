import { Readable } from 'node:stream';
import { z } from 'zod';
import { exportAudit } from '../../store/audit/audit-export.ts';
import { inTenant } from '../../store/database/transaction.ts';
import { listAudit } from '../../store/views/audit-view.ts';
import { callerOf } from '../access.ts';
import { type Api, answers, Uuid } from '../api.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { HttpDeps } from '../deps.ts';
import { granted } from '../problems.ts';
import { AUDIT_READERS } from '../roles.ts';
import { AuditExport, AuditPage, AuditVerdict } from '../schemas/audit.ts';
import { instant } from '../views/amounts.ts';

const AuditQuery = z.object({
  document: Uuid.optional(),
  cursor: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

export async function auditRoutes(app: Api, deps: HttpDeps): Promise<void> {
  app.get(
    '/audit',
    { config: { access: AUDIT_READERS }, schema: { querystring: AuditQuery, response: answers(AuditPage) } },
    async (request) => {
      const { document = null, cursor, limit } = request.query;
      const before = decodeCursor(cursor);
      const found = await inTenant(deps.pools.app, callerOf(request).tenant, (tx) =>
        listAudit(tx, { document, before, limit: limit + 1 }),
      );
      const rows = found.slice(0, limit);
      const last = rows.at(-1);
      return {
        rows: rows.map((row) => ({
          seq: Number(row.seq),
          at: instant(row.at),
          kind: row.kind,
          actor: row.actor,
          documentId: row.document,
          entry: row.entry,
          hash: row.hash,
        })),
        next: found.length > limit && last ? encodeCursor(last.seq) : null,
      };
    },
  );

  app.get(
    '/audit/verify',
    { config: { access: AUDIT_READERS }, schema: { response: answers(AuditVerdict) } },
    async (request) => granted(await deps.verifyAudit(callerOf(request).tenant)).verdict,
  );

  app.get(
    '/audit/export',
    {
      config: { access: AUDIT_READERS },
      schema: { produces: ['application/x-ndjson'], response: answers(AuditExport) },
    },
    async (request, reply) => {
      const { tenant } = callerOf(request);
      reply.type('application/x-ndjson; charset=utf-8');
      reply.header('content-disposition', 'attachment; filename="audit.ndjson"');
      // What is described as text leaves as a stream, so that a long chain never stands in memory.
      return Readable.from(exportAudit(deps.pools.app, tenant)) as unknown as string;
    },
  );
}
